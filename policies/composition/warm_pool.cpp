#include "policies/composition/warm_pool.hpp"

#include <algorithm>
#include <cmath>

#include "policies/smoothing.hpp"

namespace windtunnel {

std::vector<Param> WarmPoolPolicy::params() {
  return {of_param(),
          {.name = "spare",
           .type = ParamType::integer,
           .doc = "replicas beyond those with work, at least",
           .fallback = "1",
           .min = 0,
           .max = kMostReplicas,
           .source = "[A]",
           .unit = "replicas"},
          {.name = "spare_share",
           .type = ParamType::number,
           .doc = "or this share of those with work, whichever is more",
           .fallback = "0",
           .min = 0,
           .max = 100,
           .source = "[A] none"}};
}

WarmPoolPolicy::WarmPoolPolicy(const ParamSet& params)
    : WrappedPolicy(params), spare_(params.integer("spare")), share_(params.number("spare_share")) {}

ScalingDecision WarmPoolPolicy::decide(const Observation& seen) {
  ScalingDecision decision = ask(seen);
  if (std::isnan(seen.in_service)) return decision;
  const int with_work = whole_replicas(seen.in_service / std::max(1, seen.concurrency));
  const int spare = std::max(spare_, whole_replicas(share_ * with_work));
  const int least = std::min(kMostReplicas, with_work + spare);
  return changed(std::move(decision), std::max(decision.desired_replicas, least), "spare");
}

}  // namespace windtunnel
