#include "sim/report/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/metric_unit.hpp"
#include "sim/report/number_text.hpp"

namespace windtunnel {
namespace {

constexpr double kLargestShare = 10;  // ten times the bound; beyond that a percentage says less than the figures do

/// " (2.1 %)" of the bound, where that means something.
std::string relative_text(const Judgement& judgement) {
  const double share = judgement.missing_by / std::abs(judgement.asked.value);
  if (!std::isfinite(share) || share == 0 || share > kLargestShare) return "";
  const double percent = 100 * share;
  if (percent < 0.1) return " (< 0.1 %)";
  return fmt::format(" ({} %)", fixed_text(percent, percent < 9.95 ? 1 : 0));
}

std::string count_of(std::size_t count, std::size_t all, std::string_view what) {
  return fmt::format("{} of {} {}{}", count, all, all == 1 ? "expectation" : "expectations", what);
}

}  // namespace

std::string asked_text(const Judgement& judgement) {
  const ExpectSpec& asked = judgement.asked;
  std::string bound = asked.bound;
  std::replace(bound.begin(), bound.end(), '_', ' ');
  return fmt::format("{} {}", bound, exact_text(asked.value, metric_unit(asked.metric)));
}

std::string measured_text(const Judgement& judgement) {
  return measured_text(judgement.measured, judgement.asked.value, metric_unit(judgement.asked.metric));
}

std::string missing_text(const Judgement& judgement) {
  if (judgement.outcome == Outcome::met || !std::isfinite(judgement.missing_by)) return "-";
  return amount_text(judgement.missing_by, metric_unit(judgement.asked.metric)) + relative_text(judgement);
}

std::string reason_text(const Judgement& judgement) {
  const std::string& metric = judgement.asked.metric;
  const std::string asked = asked_text(judgement), missing = missing_text(judgement);
  if (judgement.outcome == Outcome::unmeasured)
    return fmt::format("{} was not measured: asked {}, but the summary says nothing", metric, asked);
  const std::string seen = fmt::format("{} is {}, asked {}", metric, measured_text(judgement), asked);
  if (judgement.outcome == Outcome::met) return seen + ": met";
  if (judgement.outcome == Outcome::missed)
    return judgement.missing_by == 0 ? seen + ": the bound itself is not allowed"
                                     : fmt::format("{}: missed by {}", seen, missing);
  if (!std::isfinite(judgement.missing_by))
    return seen + ": inside, but only one replication measured it, so it has no interval";
  return fmt::format("{}: inside, but not shown, its 95 % interval ends {} beyond; more replications may show it", seen,
                     missing);
}

std::string zero_text(const Judgement& judgement, std::uint64_t replications) {
  if (judgement.measured.value != 0 || !is_count(judgement.asked.metric)) return "";
  return fmt::format("0 in {} run{}: up to {:.2g} a run cannot be excluded (95 %)", replications,
                     replications == 1 ? "" : "s", 3.0 / static_cast<double>(replications));
}

std::string title_text(const Verdict& verdict) {
  return verdict.variant.empty() ? verdict.scenario : fmt::format("{} (variant {})", verdict.scenario, verdict.variant);
}

std::string origin_text(const Verdict& verdict) {
  return fmt::format("seed {}, {} replication{}, digest {}", verdict.seed, verdict.replications,
                     verdict.replications == 1 ? "" : "s", verdict.digest);
}

std::string verdict_text(const Verdict& verdict) {
  const std::size_t all = verdict.judgements.size();
  if (verdict.is_met()) return fmt::format("met, {}", count_of(all, all, ""));
  std::string out = "not met";
  for (const Outcome outcome : {Outcome::missed, Outcome::unsure, Outcome::unmeasured}) {
    const std::size_t count = verdict.count(outcome);
    if (count == 0) continue;
    out += ", ";
    out += out.size() > std::string_view("not met, ").size()
               ? fmt::format("{} {}", count, to_string(outcome))
               : count_of(count, all, fmt::format(" {}", to_string(outcome)));
  }
  return out;
}

std::vector<std::string> remarks(const Verdict& verdict) {
  std::vector<std::string> out;
  if (verdict.replications == 1)
    out.emplace_back("One replication has no interval: the values alone were judged.");
  else
    out.emplace_back("\xc2\xb1 is half the width of a 95 % interval over replications; met means all of it is inside.");
  if (verdict.count(Outcome::unsure) > 0)
    out.emplace_back(
        "unsure: the value is inside, its interval crosses the bound: not shown. More replications may "
        "show it.");
  if (verdict.count(Outcome::unmeasured) > 0)
    out.emplace_back("unmeasured: the summary says nothing there, which counts as not met.");
  for (const Judgement& judgement : verdict.judgements) {
    const std::string zero = zero_text(judgement, verdict.replications);
    if (!zero.empty()) out.push_back(fmt::format("{}: {}", judgement.asked.metric, zero));
  }
  for (const std::string& note : verdict.notes) out.push_back("Note: " + note);
  return out;
}

}  // namespace windtunnel
