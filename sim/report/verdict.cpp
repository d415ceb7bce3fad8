#include "sim/report/verdict.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/report/metric_path.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

/// Means of equal values differ from them in the last digits: 0.1 three times has the mean 0.10000000000000002.
constexpr double kVerdictRounding = 1e-12;

/// How far `value` lies beyond the bound, in the metric's unit; negative inside it.
double beyond(const ExpectSpec& asked, double value) {
  const bool is_upper = asked.bound == "below" || asked.bound == "at_most";
  const double distance = is_upper ? value - asked.value : asked.value - value;
  return std::abs(distance) <= kVerdictRounding * std::max(std::abs(value), std::abs(asked.value)) ? 0 : distance;
}

/// "below" and "above" leave the bound itself out.
bool is_inside(const ExpectSpec& asked, double distance) {
  const bool is_strict = asked.bound == "below" || asked.bound == "above";
  return distance < 0 || (distance == 0 && !is_strict);
}

/// The end of the interval that is nearer to the bound.
double worst(const ExpectSpec& asked, const Figure& measured) {
  const bool is_upper = asked.bound == "below" || asked.bound == "at_most";
  return is_upper ? measured.value + measured.ci95 : measured.value - measured.ci95;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::met: return "met";
    case Outcome::missed: return "missed";
    case Outcome::unsure: return "unsure";
    case Outcome::unmeasured: return "unmeasured";
  }
  return "unknown";
}

std::size_t Verdict::count(Outcome outcome) const {
  return static_cast<std::size_t>(std::count_if(judgements.begin(), judgements.end(),
                                                [&](const Judgement& one) { return one.outcome == outcome; }));
}

bool Verdict::is_met() const {
  return count(Outcome::met) == judgements.size();
}

Judgement judge(const ExpectSpec& asked, const Figure& measured, bool value_alone) {
  Judgement out{.asked = asked, .measured = measured};
  if (!measured.is_known()) {
    out.missing_by = measured.value;
    return out;
  }
  const double distance = beyond(asked, measured.value);
  const double end = value_alone ? distance : beyond(asked, worst(asked, measured));  // NaN: no interval, not inside
  out.outcome = !is_inside(asked, distance) ? Outcome::missed : is_inside(asked, end) ? Outcome::met : Outcome::unsure;
  if (out.outcome != Outcome::met) out.missing_by = out.outcome == Outcome::missed ? distance : end;
  return out;
}

Verdict judge(const Scenario& scenario, const Json& summary, std::string_view variant) {
  Verdict out{.scenario = scenario.name,
              .variant = std::string(variant),
              .file = scenario.file,
              .digest = scenario.digest,
              .seed = summary.value("seed", scenario.seed),
              .replications = summary.value("replications", std::uint64_t{1}),
              .judgements = {},
              .notes = summary.value("notes", std::vector<std::string>{})};
  for (const ExpectSpec& asked : scenario.expect) {
    Figure measured = metric_at(summary, asked.metric);
    if (out.replications == 1) measured.ci95 = std::numeric_limits<double>::quiet_NaN();
    out.judgements.push_back(judge(asked, measured, out.replications == 1));
  }
  return out;
}

}  // namespace windtunnel
