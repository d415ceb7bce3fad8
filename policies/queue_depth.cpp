#include "policies/queue_depth.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {

std::vector<Param> QueueDepthPolicy::params() {
  return with_smoothing(
      {{.name = "target_per_replica",
        .type = ParamType::number,
        .doc = "queries one replica shall have before it; 1 is one instance per message",
        .fallback = "5",
        .min = 0,
        .min_exclusive = true,
        .source = "[S] queueLength of KEDA's SQS scaler",
        .unit = "queries"},
       {.name = "metric",
        .type = ParamType::choice,
        .doc = "backlog counts queries in service too, so the count is steady while they run; queued does not",
        .fallback = "backlog",
        .choices = {"backlog", "queued"},
        .source = "[S] most of KEDA's queue scalers count messages in flight"}},
      "0.1", "[S] the horizontal autoscaler's default");
}

QueueDepthPolicy::QueueDepthPolicy(const ParamSet& params)
    : target_(params.number("target_per_replica")),
      queued_only_(params.text("metric") == "queued"),
      smoothing_(params) {}

ScalingDecision QueueDepthPolicy::decide(const Observation& seen) {
  const double depth = queued_only_ ? seen.queued : seen.backlog;
  if (std::isnan(depth)) return Smoothing::keep(seen, "no sample of the queue");
  return smoothing_.settle(
      seen, {.value = depth / std::max(1, seen.current_replicas), .target = target_, .wanted = depth / target_});
}

}  // namespace windtunnel
