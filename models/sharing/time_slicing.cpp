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

SliceCosts::SliceCosts(const ParamSet& params) {
  const double slice_s = params.number("slice");
  shared_efficiency = slice_s / (slice_s + params.number("switch_cost")) * params.number("efficiency");
}

double TimeSlicingMode::equal_rate(int k) const {
  return k == 1 ? 1.0 : costs_.shared_efficiency / k;
}

void TimeSlicingMode::rates(std::span<const Sharer> busy, std::span<double> out) const {
  std::fill_n(out.begin(), busy.size(), busy.empty() ? 0.0 : equal_rate(static_cast<int>(busy.size())));
}

MemoryVerdict TimeSlicingMode::admit(const MemoryRequest& request) const {
  return device_verdict(request);
}

}  // namespace windtunnel
