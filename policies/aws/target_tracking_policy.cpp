#include "policies/aws/target_tracking_policy.hpp"

#include <cmath>

#include <fmt/format.h>

namespace windtunnel {
namespace {

TargetTrackingSpec tracking_spec(const ParamSet& params, double target) {
  return {.target = target,
          .points_out = params.integer("points_out"),
          .points_in = params.integer("points_in"),
          .in_share = params.number("scale_in_share"),
          .cooldown_out = params.duration("cooldown_out"),
          .cooldown_in = params.duration("cooldown_in"),
          .disable_scale_in = params.boolean("disable_scale_in")};
}

std::vector<Param> with_tracking(std::vector<Param> own) {
  for (auto& param : AwsTracking::params()) own.push_back(std::move(param));
  return own;
}

}  // namespace

std::vector<Param> AwsTracking::params() {
  return {{.name = "points_out",
           .type = ParamType::integer,
           .doc = "data points above the target, in a row, that scale out",
           .fallback = "3",
           .min = 1,
           .max = 1000,
           .source = "widely observed, not documented"},
          {.name = "points_in",
           .type = ParamType::integer,
           .doc = "data points below scale_in_share of the target, in a row, that scale in",
           .fallback = "15",
           .min = 1,
           .max = 1000,
           .source = "widely observed, not documented"},
          {.name = "scale_in_share",
           .type = ParamType::share,
           .doc = "of the target, below which the metric must be to scale in",
           .fallback = "0.9",
           .source = "[S] the guide: usually more than 10 percent lower"},
          {.name = "cooldown_out",
           .type = ParamType::duration,
           .doc = "after a scale-out only a larger one acts, and what was added counts",
           .fallback = "5m",
           .min = 0,
           .source = "[S] Application Auto Scaling"},
          {.name = "cooldown_in",
           .type = ParamType::duration,
           .doc = "after a scale-in none acts; a scale-out ends it",
           .fallback = "5m",
           .min = 0,
           .source = "[S] Application Auto Scaling"},
          {.name = "disable_scale_in",
           .type = ParamType::boolean,
           .doc = "only out",
           .fallback = "false",
           .source = "[S] DisableScaleIn"}};
}

AwsTracking::AwsTracking(const ParamSet& params, double target)
    : target_(target), tracking_(tracking_spec(params, target)) {}

ScalingDecision AwsTracking::point(const Observation& seen, double value) {
  const auto metric = std::isfinite(value) ? std::optional(value) : std::nullopt;
  const auto outcome = tracking_.point(metric, seen.current_replicas, SimTime{to_duration(seen.now_s)});
  ScalingDecision out;
  out.desired_replicas = outcome.capacity;
  out.reason = outcome.reason;
  out.value = value;
  out.proposed = outcome.proposed;
  out.limits = outcome.limit;
  out.inputs = fmt::format("metric {}, target {}, capacity {}, in service {}", value, target_, seen.current_replicas,
                           seen.ready_replicas);
  return out;
}

std::vector<Param> TargetTrackingPolicy::params() {
  return with_tracking({InstanceMetric::param(),
                        {.name = "target",
                         .type = ParamType::number,
                         .doc = "the metric's value to hold, in its own unit",
                         .min = 0,
                         .min_exclusive = true}});
}

TargetTrackingPolicy::TargetTrackingPolicy(const ParamSet& params)
    : metric_(params), tracking_(params, params.number("target")) {}

SignalNeeds TargetTrackingPolicy::needs() const {
  SignalNeeds needs;
  metric_.ask_for(needs);
  return needs;
}

ScalingDecision TargetTrackingPolicy::decide(const Observation& seen) {
  return tracking_.point(seen, metric_.of(seen));
}

std::vector<Param> BacklogPerInstancePolicy::params() {
  return with_tracking({{.name = "acceptable_latency",
                         .type = ParamType::duration,
                         .doc = "how long a message may wait",
                         .min = 0,
                         .min_exclusive = true},
                        {.name = "processing_time",
                         .type = ParamType::duration,
                         .doc = "average seconds of one message on one instance",
                         .min = 0,
                         .min_exclusive = true,
                         .wrong_unit_hint = "processing_time is seconds per message, e.g. 330ms"}});
}

BacklogPerInstancePolicy::BacklogPerInstancePolicy(const ParamSet& params)
    : tracking_(params, acceptable_backlog_per_instance(params.number("acceptable_latency"),
                                                        params.number("processing_time"))) {}

ScalingDecision BacklogPerInstancePolicy::decide(const Observation& seen) {
  return tracking_.point(seen, backlog_per_instance(seen.queued, seen.ready_replicas));
}

}  // namespace windtunnel
