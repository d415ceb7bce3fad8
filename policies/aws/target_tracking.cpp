#include "policies/aws/target_tracking.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {

std::int32_t proportional_capacity(std::int32_t capacity, double metric, double target) {
  const double wanted = std::ceil(capacity * metric / target);
  return static_cast<std::int32_t>(std::clamp(wanted, 0.0, 1e9));
}

double backlog_per_instance(double visible_messages, std::int32_t running) {
  return visible_messages / std::max(1, running);
}

double acceptable_backlog_per_instance(double acceptable_latency_s, double processing_s) {
  return acceptable_latency_s / processing_s;
}

TargetTrackingOutcome TargetTracking::point(std::optional<double> metric, std::int32_t capacity, SimTime now) {
  if (!metric) {
    above_ = below_ = 0;
    return {.capacity = capacity, .reason = "InsufficientData", .proposed = std::nullopt};
  }
  above_ = *metric > spec_.target ? above_ + 1 : 0;
  below_ = *metric < spec_.target * spec_.in_share ? below_ + 1 : 0;
  if (above_ >= spec_.points_out) return scale_out(*metric, capacity, now);
  if (below_ >= spec_.points_in && !spec_.disable_scale_in) return scale_in(*metric, capacity, now);
  return {.capacity = capacity, .reason = "AlarmOK", .proposed = std::nullopt};
}

// While its cooldown runs only a larger scale-out acts, and what was added counts: after +2, a result of +3 adds 1.
TargetTrackingOutcome TargetTracking::scale_out(double metric, std::int32_t capacity, SimTime now) {
  const std::int32_t wanted = proportional_capacity(std::max(1, capacity), metric, spec_.target);
  TargetTrackingOutcome out{.capacity = capacity, .reason = "AlarmHigh", .proposed = wanted};
  const bool cooling = scaled_out_ && now < *scaled_out_ + spec_.cooldown_out;
  const std::int32_t change = wanted - capacity, more = cooling ? change - added_ : change;
  if (more <= 0) {
    out.limit = cooling ? "ScaleOutCooldown" : "";
    return out;
  }
  out.capacity = capacity + more;
  out.limit = cooling ? "ScaleOutCooldown: what was added counts" : "";
  added_ = change;
  scaled_out_ = now;
  scaled_in_.reset();  // a scale-out cancels the scale-in cooldown
  return out;
}

TargetTrackingOutcome TargetTracking::scale_in(double metric, std::int32_t capacity, SimTime now) {
  const std::int32_t wanted = std::min(capacity, proportional_capacity(capacity, metric, spec_.target));
  TargetTrackingOutcome out{.capacity = wanted, .reason = "AlarmLow", .proposed = wanted};
  if (scaled_in_ && now < *scaled_in_ + spec_.cooldown_in) {
    out.capacity = capacity;
    out.limit = "ScaleInCooldown";
  } else if (wanted < capacity) {
    scaled_in_ = now;
  }
  return out;
}

}  // namespace windtunnel
