// AWS target tracking: hold a per-instance metric near its target, fast out and slowly in.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/core/time.hpp"

namespace windtunnel {

/// ceil(capacity * metric / target).
[[nodiscard]] std::int32_t proportional_capacity(std::int32_t capacity, double metric, double target);

/// Messages an instance, with one instance at least, so that none is no division by zero.
[[nodiscard]] double backlog_per_instance(double visible_messages, std::int32_t running);

/// How many messages one instance works off within the acceptable latency.
[[nodiscard]] double acceptable_backlog_per_instance(double acceptable_latency_s, double processing_s);

/// Alarms and cooldowns of one target-tracking policy. The guide says that scale-in waits until the metric is well
/// below the target; the counts and the 90 % are what is widely observed, not documented.
struct TargetTrackingSpec {
  double target = 1;
  int points_out = 3;  ///< consecutive points above the target
  int points_in = 15;  ///< consecutive points below `in_share` of it
  double in_share = 0.9;
  Duration cooldown_out = std::chrono::seconds(300), cooldown_in = std::chrono::seconds(300);
  bool disable_scale_in = false;
};

struct TargetTrackingOutcome {
  std::int32_t capacity = 0;
  const char* reason = "";
  const char* limit = "";  ///< what kept the proposal from being carried out, where something did
  std::optional<std::int32_t> proposed;
};

class TargetTracking {
 public:
  explicit TargetTracking(const TargetTrackingSpec& spec) : spec_(spec) {}

  /// One data point. @param metric  none: missing data, which changes nothing and breaks both series
  [[nodiscard]] TargetTrackingOutcome point(std::optional<double> metric, std::int32_t capacity, SimTime now);

 private:
  [[nodiscard]] TargetTrackingOutcome scale_out(double metric, std::int32_t capacity, SimTime now);
  [[nodiscard]] TargetTrackingOutcome scale_in(double metric, std::int32_t capacity, SimTime now);

  TargetTrackingSpec spec_;
  int above_ = 0, below_ = 0;
  std::optional<SimTime> scaled_out_, scaled_in_;
  std::int32_t added_ = 0;  ///< by the scale-out whose cooldown runs
};

}  // namespace windtunnel
