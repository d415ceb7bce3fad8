#include "policies/aws/step_scaling_policy.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace windtunnel {
namespace {

std::vector<double> list_or(const ParamSet& params, std::string_view name, double fallback) {
  return params.has(name) ? params.numbers(name) : std::vector<double>{fallback};
}

/// Steps that begin at each bound and end at the next one, the last one without end. `sign` -1: they lie below.
std::vector<ScalingStep> steps_of(const std::vector<double>& bounds, const std::vector<double>& adjustments, int sign) {
  std::vector<ScalingStep> steps;
  for (std::size_t i = 0; i < bounds.size() && i < adjustments.size(); ++i) {
    const auto end = i + 1 < bounds.size() ? std::optional(bounds[i + 1]) : std::nullopt;
    ScalingStep step;
    step.lower = sign > 0 ? std::optional(bounds[i]) : end;
    step.upper = sign > 0 ? end : std::optional(bounds[i]);
    step.adjustment = adjustments[i];
    steps.push_back(step);
  }
  return steps;
}

std::string check_side(const ParamSet& params, std::string_view side, int sign) {
  const auto bounds = list_or(params, fmt::format("{}_bounds", side), 0);
  const auto adjustments = list_or(params, fmt::format("{}_adjustments", side), sign);
  if (bounds.size() != adjustments.size())
    return fmt::format("{0}_bounds has {1} entries and {0}_adjustments {2}; write an adjustment for each bound", side,
                       bounds.size(), adjustments.size());
  const std::string wrong = check_steps(steps_of(bounds, adjustments, sign));
  if (!wrong.empty()) return fmt::format("{}_bounds: {}", side, wrong);
  if (sign * bounds.front() < 0)
    return fmt::format("{}_bounds begin at {}; they are distances from the threshold: {}", side, bounds.front(),
                       sign > 0 ? "0, 10, 20" : "0, -10, -20");
  return {};
}

}  // namespace

std::vector<Param> StepScalingPolicy::params() {
  const auto numbers = [](std::string_view name, std::string_view doc) {
    return Param{.name = name, .type = ParamType::numbers, .doc = doc, .optional = true};
  };
  return {InstanceMetric::param(),
          {.name = "out_threshold", .type = ParamType::number, .doc = "alarm: the metric is at it or above"},
          numbers("out_bounds", "where each step begins, from the threshold on, rising; left out: [0]"),
          numbers("out_adjustments", "what each step changes; left out: [1]"),
          {.name = "in_threshold",
           .type = ParamType::number,
           .doc = "alarm: the metric is at it or below; left out: never in",
           .optional = true},
          numbers("in_bounds", "where each step begins, from the threshold on, falling: [0, -10]; left out: [0]"),
          numbers("in_adjustments", "what each step changes; left out: [-1]"),
          {.name = "adjustment_type",
           .type = ParamType::choice,
           .doc = "what an adjustment is: instances, percent of the capacity, or the capacity itself",
           .fallback = "change_in_capacity",
           .choices = {"change_in_capacity", "percent_change_in_capacity", "exact_capacity"},
           .source = "[S] AdjustmentType"},
          {.name = "min_adjustment_magnitude",
           .type = ParamType::integer,
           .doc = "a change by percent is at least so many instances; 0: no minimum",
           .fallback = "0",
           .min = 0,
           .max = 1000000,
           .source = "[S] MinAdjustmentMagnitude"},
          {.name = "points",
           .type = ParamType::integer,
           .doc = "data points in a row that turn an alarm on",
           .fallback = "2",
           .min = 1,
           .max = 1000,
           .source = "[A] as the guide's examples"},
          {.name = "cooldown",
           .type = ParamType::duration,
           .doc = "after a change",
           .fallback = "5m",
           .min = 0,
           .source = "[S] Application Auto Scaling"}};
}

std::string StepScalingPolicy::check(const ParamSet& params) {
  std::string wrong = check_side(params, "out", 1);
  if (wrong.empty()) wrong = check_side(params, "in", -1);
  if (wrong.empty() && params.has("in_threshold") && params.number("in_threshold") >= params.number("out_threshold"))
    return "in_threshold is not below out_threshold; the alarms would fight";
  return wrong;
}

StepScalingPolicy::StepScalingPolicy(const ParamSet& params)
    : metric_(params),
      kind_(StepAdjustment::change_in_capacity),
      min_magnitude_(params.integer("min_adjustment_magnitude")),
      out_threshold_(params.number("out_threshold")),
      out_(steps_of(list_or(params, "out_bounds", 0), list_or(params, "out_adjustments", 1), 1)),
      in_(steps_of(list_or(params, "in_bounds", 0), list_or(params, "in_adjustments", -1), -1)),
      points_(params.integer("points")),
      cooldown_(params.duration("cooldown")) {
  if (params.has("in_threshold")) in_threshold_ = params.number("in_threshold");
  const std::string& kind = params.text("adjustment_type");
  if (kind == "percent_change_in_capacity") kind_ = StepAdjustment::percent_change_in_capacity;
  if (kind == "exact_capacity") kind_ = StepAdjustment::exact_capacity;
}

SignalNeeds StepScalingPolicy::needs() const {
  SignalNeeds needs;
  metric_.ask_for(needs);
  return needs;
}

std::int32_t StepScalingPolicy::stepped(std::int32_t capacity, const ScalingStep& step) const {
  return stepped_capacity(capacity, kind_, step, min_magnitude_);
}

void StepScalingPolicy::scale_out(std::int32_t wanted, std::int32_t capacity, SimTime now, ScalingDecision& out) {
  const bool cooling = scaled_out_ && now < *scaled_out_ + cooldown_;
  const std::int32_t change = wanted - capacity, more = cooling ? change - added_ : change;
  if (cooling) out.limits = "ScaleOutCooldown";
  if (more <= 0) return;
  out.desired_replicas = capacity + more;
  added_ = change;
  scaled_out_ = now;
  scaled_in_.reset();
}

void StepScalingPolicy::scale_in(std::int32_t wanted, std::int32_t capacity, SimTime now, ScalingDecision& out) {
  if (scaled_in_ && now < *scaled_in_ + cooldown_) {
    out.limits = "ScaleInCooldown";
  } else if (wanted < capacity) {
    out.desired_replicas = wanted;
    scaled_in_ = now;
  }
}

ScalingDecision StepScalingPolicy::decide(const Observation& seen) {
  const double value = metric_.of(seen);
  const SimTime now{to_duration(seen.now_s)};
  ScalingDecision out;
  out.desired_replicas = seen.current_replicas;
  out.value = value;
  out.inputs = fmt::format("metric {}, capacity {}, in service {}", value, seen.current_replicas, seen.ready_replicas);
  if (!std::isfinite(value)) {
    above_ = below_ = 0;
    out.reason = "InsufficientData";
    return out;
  }
  above_ = value >= out_threshold_ ? above_ + 1 : 0;
  below_ = in_threshold_ && value <= *in_threshold_ ? below_ + 1 : 0;
  out.reason = above_ >= points_ ? "AlarmHigh" : below_ >= points_ ? "AlarmLow" : "AlarmOK";
  const bool high = above_ >= points_;
  if (!high && below_ < points_) return out;
  const auto* step = high ? find_step(out_, value - out_threshold_) : find_step(in_, value - *in_threshold_);
  if (step == nullptr) return out;
  const std::int32_t wanted = stepped(seen.current_replicas, *step);
  out.proposed = wanted;
  if (high)
    scale_out(wanted, seen.current_replicas, now, out);
  else
    scale_in(wanted, seen.current_replicas, now, out);
  return out;
}

}  // namespace windtunnel
