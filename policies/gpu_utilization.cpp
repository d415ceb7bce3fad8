#include "policies/gpu_utilization.hpp"

namespace windtunnel {

std::vector<Param> GpuUtilizationPolicy::params() {
  return with_smoothing({{.name = "target",
                          .type = ParamType::share,
                          .doc = "GPU utilization to keep: share of time with work on the device, neighbours' included",
                          .fallback = "0.7",
                          .min = 0,
                          .max = 1,
                          .min_exclusive = true,
                          .source = "[A]"}},
                        "0.1", "[S] the horizontal autoscaler's default");
}

SignalNeeds GpuUtilizationPolicy::needs() const {
  SignalNeeds needs;
  needs.gpu = true;
  return needs;
}

ScalingDecision GpuUtilizationPolicy::decide(const Observation& seen) {
  return smoothing_.settle_ratio(seen, seen.gpu_utilization, target_);
}

}  // namespace windtunnel
