#include "policies/threshold.hpp"

#include <algorithm>
#include <cmath>

#include "policies/response_time.hpp"
#include "policies/smoothing.hpp"

namespace windtunnel {
namespace {

Param checks_param(std::string_view name, std::string_view doc) {
  return {
      .name = name, .type = ParamType::integer, .doc = doc, .fallback = "1", .min = 1, .max = 1000, .source = "[A]"};
}
Param step_param(std::string_view name, std::string_view doc) {
  return {.name = name,
          .type = ParamType::integer,
          .doc = doc,
          .fallback = "1",
          .min = 1,
          .max = kMostReplicas,
          .source = "[A]",
          .unit = "replicas"};
}
Param cooldown_param(std::string_view name, std::string_view doc) {
  return {.name = name, .type = ParamType::duration, .doc = doc, .fallback = "0s", .min = 0, .source = "[A] none"};
}
Param yes_no(std::string_view name, std::string_view doc, std::string_view fallback) {
  return {.name = name, .type = ParamType::boolean, .doc = doc, .fallback = fallback, .source = "[A]"};
}

}  // namespace

std::vector<Param> ThresholdPolicy::params() {
  return {
      {.name = "signal",
       .type = ParamType::choice,
       .doc = "what is compared: queries (backlog, queued), seconds (response_time) or a share (gpu_utilization)",
       .fallback = "backlog",
       .choices = {"backlog", "queued", "response_time", "gpu_utilization"},
       .source = "[A]"},
      {.name = "upper",
       .type = ParamType::number,
       .doc = "above it: more replicas; in queries, seconds, or a share from 0 to 1",
       .min = 0},
      {.name = "lower", .type = ParamType::number, .doc = "below it: fewer", .min = 0},
      yes_no("per_replica", "queries are divided by the replicas before they are compared", "true"),
      yes_no("inclusive", "a signal equal to a bound counts as beyond it", "false"),
      checks_param("up_checks", "checks in a row above upper before it acts"),
      checks_param("down_checks", "checks in a row below lower before it acts"),
      step_param("up_step", "replicas added at once"),
      step_param("down_step", "replicas removed at once"),
      cooldown_param("up_cooldown", "rest after adding before more are added"),
      cooldown_param("down_cooldown", "rest after acting either way before any are removed"),
      yes_no("count_in_cooldown", "checks during a rest count towards the next act", "false"),
      yes_no("reset_after_acting", "the count of checks starts anew after acting", "true"),
      yes_no("count_pending", "replicas not ready yet count; if not, it adds again while the last ones start", "true"),
      statistic_param(),
      response_window_param()};
}

std::string ThresholdPolicy::check(const ParamSet& params) {
  if (!(params.number("lower") < params.number("upper")))
    return "lower must be below upper, or it adds and removes at the same figure; move them apart";
  if (params.text("signal") == "gpu_utilization" && params.number("upper") >= 1)
    return "upper: a utilization never gets above 1, so nothing would ever be added; 70 % is written 0.7";
  return {};
}

ThresholdPolicy::ThresholdPolicy(const ParamSet& params)
    : of_(),
      per_replica_(params.boolean("per_replica")),
      inclusive_(params.boolean("inclusive")),
      count_in_cooldown_(params.boolean("count_in_cooldown")),
      reset_after_acting_(params.boolean("reset_after_acting")),
      count_pending_(params.boolean("count_pending")),
      quantile_(quantile_of(params.text("statistic"))),
      window_(params.duration("window")),
      up_{.bound = params.number("upper"),
          .checks = params.integer("up_checks"),
          .step = params.integer("up_step"),
          .cooldown_s = params.number("up_cooldown")},
      down_{.bound = params.number("lower"),
            .checks = params.integer("down_checks"),
            .step = params.integer("down_step"),
            .cooldown_s = params.number("down_cooldown")} {
  const std::string& signal = params.text("signal");
  of_ = signal == "backlog"         ? Of::backlog
        : signal == "queued"        ? Of::queued
        : signal == "response_time" ? Of::response_time
                                    : Of::gpu_utilization;
}

SignalNeeds ThresholdPolicy::needs() const {
  SignalNeeds needs;
  needs.response_time = of_ == Of::response_time;
  needs.response_quantile = quantile_;
  needs.gpu = of_ == Of::gpu_utilization;
  needs.window = window_;
  return needs;
}

double ThresholdPolicy::signal(const Observation& seen) const {
  switch (of_) {
    case Of::backlog: return seen.backlog;
    case Of::queued: return seen.queued;
    case Of::response_time: return seen.response_time_s;
    case Of::gpu_utilization: return seen.gpu_utilization;
  }
  return kNoSample;
}

int ThresholdPolicy::replicas(const Observation& seen) const {
  return count_pending_ ? seen.current_replicas : seen.ready_replicas;
}

/// Counts a check. @return whether it acts now
bool ThresholdPolicy::act(Direction& way, bool called, double now_s) const {
  const bool rests = now_s < way.rests_until_s;
  if (!called) {
    way.seen = 0;
    return false;
  }
  if (!rests || count_in_cooldown_) ++way.seen;
  if (rests || way.seen < way.checks) return false;
  if (reset_after_acting_) way.seen = 0;
  return true;
}

ScalingDecision ThresholdPolicy::decide(const Observation& seen) {
  const double value = signal(seen);
  if (std::isnan(value)) return Smoothing::keep(seen, "no sample");
  const bool queries = of_ == Of::backlog || of_ == Of::queued;
  // Against so many times the count, not divided by it: a bound of 1.5 a replica is met exactly.
  const double times = queries && per_replica_ ? replicas(seen) : 1;
  const double over = up_.bound * times, under = down_.bound * times;
  const bool above = value > over || (inclusive_ && value == over);
  const bool below = value < under || (inclusive_ && value == under);
  const bool adds = act(up_, above, seen.now_s);
  const bool removes = act(down_, below, seen.now_s);
  ScalingDecision decision{.desired_replicas = seen.current_replicas, .reason = "between the bounds", .value = value};
  if (above) decision.reason = "above upper, not for long enough yet or at rest";
  if (below) decision.reason = "below lower, not for long enough yet or at rest";
  if (adds) {
    decision.desired_replicas = seen.current_replicas + up_.step;
    decision.reason = "above upper";
    up_.rests_until_s = seen.now_s + up_.cooldown_s;
  } else if (removes) {
    decision.desired_replicas = std::max(0, seen.current_replicas - down_.step);
    decision.reason = "below lower";
  }
  if (adds || removes) down_.rests_until_s = seen.now_s + down_.cooldown_s;
  return decision;
}

}  // namespace windtunnel
