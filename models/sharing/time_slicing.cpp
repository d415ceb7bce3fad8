#include "models/sharing/time_slicing.hpp"

#include <algorithm>

#include "models/sharing/admission.hpp"

namespace windtunnel {

std::vector<Param> SliceCosts::params() {
  return {{.name = "slice",
           .type = ParamType::duration,
           .doc = "time slice tau",
           .fallback = "2ms",
           .min = 0,
           .min_exclusive = true,
           .source = "[A] waits of up to 2.3 ms seen at the default policy [M]; vendor states no figure"},
          {.name = "switch_cost",
           .type = ParamType::duration,
           .doc = "context switch c, once a slice when two or more are busy",
           .fallback = "50us",
           .min = 0,
           .source = "[A] range 10-200 us; tens to hundreds of us in the literature [R]"},
          {.name = "efficiency",
           .type = ParamType::share,
           .doc = "what cold caches and lost overlap of copies and kernels leave when two or more are busy (eta)",
           .fallback = "0.9",
           .source = "[A] 0.6-1 by workload: near no loss for bursty work, tens of per cent back to back [R]"}};
}

SliceCosts::SliceCosts(const ParamSet& params)
    : slice_s(params.number("slice")),
      switch_s(params.number("switch_cost")),
      efficiency(params.number("efficiency")),
      shared_efficiency(slice_s / (slice_s + switch_s) * efficiency) {}

std::vector<Param> TimeSlicingMode::params() {
  std::vector<Param> params = SliceCosts::params();
  params.push_back({.name = "form",
                    .type = ParamType::choice,
                    .doc = "fluid: all busy replicas at once, each at its share of the turns; quantum: turn by turn, "
                           "where a batch holds the GPU for few slices or tails of short queries are the question",
                    .fallback = "fluid",
                    .choices = {"fluid", "quantum"},
                    .source = "[A] fluid is exact enough from ten slices a batch on"});
  return params;
}

TimeSlicingMode::TimeSlicingMode(const SharingSpec& spec)
    : costs_(spec.params), quantum_(spec.params.text("form") == "quantum") {}

double TimeSlicingMode::equal_rate(int k) const {
  return k == 1 ? 1.0 : costs_.shared_efficiency / k;
}

void TimeSlicingMode::rates(std::span<const Sharer> busy, std::span<double> out) const {
  const std::size_t k = busy.size();
  const bool equal = std::all_of(busy.begin(), busy.end(), [](const Sharer& s) { return s.weight == 1; });
  if (k <= 1 || equal) {
    std::fill_n(out.begin(), k, k == 0 ? 0.0 : equal_rate(static_cast<int>(k)));
    return;
  }
  double round_s = static_cast<double>(k) * costs_.switch_s;
  for (const Sharer& sharer : busy) round_s += sharer.weight * costs_.slice_s;
  for (std::size_t i = 0; i < k; ++i) out[i] = busy[i].weight * costs_.slice_s / round_s * costs_.efficiency;
}

std::optional<SliceRules> TimeSlicingMode::slices() const {
  if (!quantum_) return std::nullopt;
  return SliceRules{.slice = std::max(to_duration(costs_.slice_s), Duration{1}),
                    .switch_cost = to_duration(costs_.switch_s),
                    .shared_speed = costs_.efficiency};
}

MemoryVerdict TimeSlicingMode::admit(const MemoryRequest& request) const {
  return device_verdict(request);
}

}  // namespace windtunnel
