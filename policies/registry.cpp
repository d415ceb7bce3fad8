// The one table of policies, in the order `list` shows them.
#include <array>

#include "policies/backlog_time.hpp"
#include "policies/fixed.hpp"
#include "policies/gpu_utilization.hpp"
#include "policies/kubernetes/hpa_policy.hpp"
#include "policies/memory.hpp"
#include "policies/policy.hpp"
#include "policies/queue_depth.hpp"
#include "policies/response_time.hpp"

namespace windtunnel {
namespace {

template <class Policy>
PolicyEntry row() {
  return {.name = Policy::kName, .doc = Policy::kDoc, .params = Policy::params(), .make = [](const ParamSet& params) {
            return std::unique_ptr<ScalingPolicy>(std::make_unique<Policy>(params));
          }};
}

}  // namespace

std::span<const PolicyEntry> policy_registry() {
  static const std::array rows{
      row<FixedPolicy>(),          row<BacklogTimePolicy>(), row<QueueDepthPolicy>(), row<ResponseTimePolicy>(),
      row<GpuUtilizationPolicy>(), row<MemoryPolicy>(),      row<HpaPolicy>(),
  };
  return rows;
}

std::string check_policy(std::string_view policy, const ParamSet& params) {
  if (policy == BacklogTimePolicy::kName) return BacklogTimePolicy::check(params);
  if (policy == HpaPolicy::kName) return HpaPolicy::check(params);
  return {};
}

}  // namespace windtunnel
