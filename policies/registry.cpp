// The one table of policies, in the order `list` shows them.
#include <array>

#include "policies/aws/step_scaling_policy.hpp"
#include "policies/aws/target_tracking_policy.hpp"
#include "policies/backlog_time.hpp"
#include "policies/composition/extreme.hpp"
#include "policies/composition/hysteresis.hpp"
#include "policies/composition/rate_limit.hpp"
#include "policies/composition/warm_pool.hpp"
#include "policies/fixed.hpp"
#include "policies/forecast/predictive.hpp"
#include "policies/formula_policy.hpp"
#include "policies/gpu_utilization.hpp"
#include "policies/knative/kpa_policy.hpp"
#include "policies/kubernetes/hpa_policy.hpp"
#include "policies/kubernetes/keda_job_policy.hpp"
#include "policies/kubernetes/keda_policy.hpp"
#include "policies/memory.hpp"
#include "policies/policy.hpp"
#include "policies/queue_depth.hpp"
#include "policies/response_time.hpp"
#include "policies/schedule/scheduled.hpp"
#include "policies/threshold.hpp"

namespace windtunnel {
namespace {

template <class Policy>
PolicyEntry row() {
  return {.name = Policy::kName, .doc = Policy::kDoc, .params = Policy::params(), .make = [](const ParamSet& params) {
            return std::unique_ptr<ScalingPolicy>(std::make_unique<Policy>(params));
          }};
}

/// Policies whose parameters are checked against each other.
template <class... Policies>
std::string check_one_of(std::string_view policy, const ParamSet& params) {
  std::string complaint;
  (void)((policy == Policies::kName && (complaint = Policies::check(params), true)) || ...);
  return complaint;
}

}  // namespace

std::span<const PolicyEntry> policy_registry() {
  static const std::array rows{
      row<FixedPolicy>(),
      row<BacklogTimePolicy>(),
      row<QueueDepthPolicy>(),
      row<ResponseTimePolicy>(),
      row<GpuUtilizationPolicy>(),
      row<MemoryPolicy>(),
      row<FormulaPolicy>(),
      row<ThresholdPolicy>(),
      row<ScheduledPolicy>(),
      row<PredictivePolicy>(),
      row<MaxPolicy>(),
      row<MinPolicy>(),
      row<HysteresisPolicy>(),
      row<RateLimitPolicy>(),
      row<WarmPoolPolicy>(),
      row<HpaPolicy>(),
      row<KedaPolicy>(),
      row<KedaJobPolicy>(),
      row<KpaPolicy>(),
      row<TargetTrackingPolicy>(),
      row<BacklogPerInstancePolicy>(),
      row<StepScalingPolicy>(),
  };
  return rows;
}

std::string check_policy(std::string_view policy, const ParamSet& params) {
  return check_one_of<BacklogTimePolicy, FormulaPolicy, ThresholdPolicy, ScheduledPolicy, PredictivePolicy, HpaPolicy,
                      StepScalingPolicy, KpaPolicy>(policy, params);
}

}  // namespace windtunnel
