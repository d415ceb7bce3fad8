#include "policies/fixed.hpp"

#include "policies/smoothing.hpp"

namespace windtunnel {

std::vector<Param> FixedPolicy::params() {
  return {{.name = "replicas",
           .type = ParamType::integer,
           .doc = "replicas from start to end",
           .fallback = "1",
           .min = 0,
           .max = kMostReplicas,
           .source = "[A]",
           .unit = "replicas"}};
}

ScalingDecision FixedPolicy::decide(const Observation& seen) {
  return {.desired_replicas = replicas_, .reason = "fixed", .value = static_cast<double>(seen.current_replicas)};
}

}  // namespace windtunnel
