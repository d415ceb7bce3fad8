// gpu_utilization: keep the GPUs of a model's replicas at a target utilization.
#pragma once

#include <vector>

#include "policies/policy.hpp"
#include "policies/smoothing.hpp"

namespace windtunnel {

/// desired = ceil(ready * utilization / target). The figure is the device's: on a shared GPU the neighbours' work is in
/// it, and it cannot pass 1 however long the queue.
class GpuUtilizationPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "gpu_utilization";
  static constexpr std::string_view kDoc = "keep the GPUs under a model's replicas at `target` utilization";
  static std::vector<Param> params();

  explicit GpuUtilizationPolicy(const ParamSet& params) : target_(params.number("target")), smoothing_(params) {}
  [[nodiscard]] SignalNeeds needs() const override;
  ScalingDecision decide(const Observation& seen) override;

 private:
  double target_;
  Smoothing smoothing_;
};

}  // namespace windtunnel
