#include "policies/memory.hpp"

namespace windtunnel {

std::vector<Param> MemoryPolicy::params() {
  return with_smoothing({{.name = "target",
                          .type = ParamType::share,
                          .doc = "share of device memory in use to keep, neighbours' included",
                          .fallback = "0.8",
                          .min = 0,
                          .max = 1,
                          .min_exclusive = true,
                          .source = "[A]"}},
                        "0.1", "[S] the horizontal autoscaler's default");
}

SignalNeeds MemoryPolicy::needs() const {
  SignalNeeds needs;
  needs.gpu = true;
  return needs;
}

ScalingDecision MemoryPolicy::decide(const Observation& seen) {
  return smoothing_.settle_ratio(seen, seen.gpu_memory_used, target_);
}

}  // namespace windtunnel
