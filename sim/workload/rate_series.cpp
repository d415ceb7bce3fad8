#include "sim/workload/rate_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/core/error.hpp"
#include "sim/workload/gauge_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostSamples = 5'000'000;

struct LabelledRate {
  std::uint32_t label;
  std::int64_t at_ns;
  double value;
};

std::string_view label_of(const GaugeSample& sample, std::string_view name) {
  for (const auto& [label, value] : *sample.labels)
    if (label == name) return value;
  return {};
}

/// The usual distance of the instants: their smallest one.
std::int64_t smallest_gap(const std::vector<std::int64_t>& instants) {
  std::int64_t smallest = 0;
  for (std::size_t i = 1; i < instants.size(); ++i)
    smallest = smallest == 0 ? instants[i] - instants[i - 1] : std::min(smallest, instants[i] - instants[i - 1]);
  return smallest;
}

}  // namespace

RateSeries::RateSeries(TextBuffer text, const TraceSpec& spec) : where_(text.path()), labels_(spec) {
  if (spec.values != "per_second" && spec.values != "per_step")
    throw InputError({where_, "holds measured values, and nothing says what they count",
                      "say values: per_second (a rate in queries/s) or values: per_step (queries since the sample "
                      "before)"});
  std::map<std::int64_t, std::vector<double>> sums;  // by instant, then by row of the map
  std::vector<LabelledRate> labelled;  // each sample with a window, which may cut some off; else a sum of each label
  const bool whole = !spec.from && !spec.to;
  std::uint64_t unmapped = 0, negative = 0;
  const GaugeFacts facts = read_prometheus_json(std::move(text), [&](const GaugeSample& sample) {
    const std::uint32_t label = labels_.number(label_of(sample, spec.label_column));
    const std::int64_t target = label == LabelTable::kFull ? -1 : labels_.target(label);
    if (sample.value >= 0 && label != LabelTable::kFull) {
      if (!whole) labelled.push_back({label, *sample.at_ns, 0});
      while (whole && labelled.size() <= label) labelled.push_back({static_cast<std::uint32_t>(labelled.size()), 0, 0});
      (whole ? labelled[label] : labelled.back()).value += sample.value;
    }
    if (target < 0 || sample.value < 0) {
      ++(target < 0 ? unmapped : negative);
      return;
    }
    auto& row = sums.try_emplace(*sample.at_ns, labels_.targets(), 0.0).first->second;
    row[static_cast<std::size_t>(target)] += sample.value;
    if (sums.size() * labels_.targets() > kMostSamples || labelled.size() > kMostSamples)
      throw InputError({where_, "holds over five million samples", "export a shorter time or a wider step"});
  });
  rows_ = facts.rows;
  dropped_ = facts.dropped.by_reason();
  if (unmapped > 0) dropped_.emplace_back("not in map", unmapped);
  if (negative > 0) dropped_.emplace_back("negative", negative);
  for (const auto& [at_ns, row] : sums) steps_ns_.push_back(at_ns);
  step_ns_ = smallest_gap(steps_ns_);
  if (step_ns_ <= 0)
    throw InputError({where_, "holds no two instants, so no rate over time", "export the answer of query_range"});
  const double factor = spec.values == "per_second" ? static_cast<double>(step_ns_) * 1e-9 : 1;
  expected_.assign(labels_.targets(), {});
  for (const auto& [at_ns, row] : sums)
    for (std::size_t target = 0; target < row.size(); ++target) {
      if (row[target] * factor > static_cast<double>(kMaxBinCount))
        throw InputError({where_, fmt::format("{:g} queries in one step are over 10 000 000", row[target] * factor),
                          "check the unit, or export a narrower step"});
      expected_[target].push_back(row[target] * factor);
    }
  for (const LabelledRate& rate : labelled)
    labels_.add(rate.label, rate.value * factor, whole ? 0 : rate.at_ns - steps_ns_.front(), step_ns_);
  carried_.assign(labels_.targets(), 0);
}

bool RateSeries::next(CountBin& bin) {
  if (step_ == steps_ns_.size()) return false;
  double& carried = carried_[target_];
  carried += expected_[target_][step_];
  const double whole = std::floor(carried + 1e-9);  // 0.1 + ... ten times is one
  carried -= whole;
  bin = {.begin_ns = steps_ns_[step_],
         .width_ns = step_ns_,
         .count = static_cast<std::uint64_t>(std::max(0.0, whole)),
         .target = static_cast<std::uint32_t>(target_)};
  if (++target_ == carried_.size()) {
    target_ = 0;
    ++step_;
  }
  return true;
}

}  // namespace windtunnel
