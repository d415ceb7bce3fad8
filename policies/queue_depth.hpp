// queue_depth: so many queries per replica, as KEDA's queue scalers do.
#pragma once

#include <vector>

#include "policies/policy.hpp"
#include "policies/smoothing.hpp"

namespace windtunnel {

/// desired = ceil(depth / target_per_replica). The tolerance compares with the current count, ready or not, as an
/// AverageValue metric does.
class QueueDepthPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "queue_depth";
  static constexpr std::string_view kDoc = "so many queries per replica: ceil(depth / target_per_replica)";
  static std::vector<Param> params();

  explicit QueueDepthPolicy(const ParamSet& params);
  ScalingDecision decide(const Observation& seen) override;

 private:
  double target_;
  bool queued_only_;
  Smoothing smoothing_;
};

}  // namespace windtunnel
