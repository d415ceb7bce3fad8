// aws_target_tracking and aws_backlog_per_instance: a metric of one instance held near its target by CloudWatch alarms.
#pragma once

#include <vector>

#include "policies/aws/instance_metric.hpp"
#include "policies/aws/target_tracking.hpp"
#include "policies/policy.hpp"

namespace windtunnel {

/// What both policies are: alarms over data points, one at each decision.
class AwsTracking {
 public:
  explicit AwsTracking(const ParamSet& params, double target);
  /// @param value  NaN: missing
  [[nodiscard]] ScalingDecision point(const Observation& seen, double value);
  static std::vector<Param> params();

 private:
  double target_;
  TargetTracking tracking_;
};

class TargetTrackingPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "aws_target_tracking";
  static constexpr std::string_view kDoc = "AWS target tracking: a per-instance metric near `target`, slowly in";
  static std::vector<Param> params();

  explicit TargetTrackingPolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  [[nodiscard]] std::optional<Duration> default_interval() const override { return kCloudWatchPeriod; }
  ScalingDecision decide(const Observation& seen) override;
  [[nodiscard]] std::string_view loop_name(bool) const override { return "aws"; }

 private:
  InstanceMetric metric_;
  AwsTracking tracking_;
};

/// Target tracking on messages per running instance; the target is how many one works off in the acceptable latency.
class BacklogPerInstancePolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "aws_backlog_per_instance";
  static constexpr std::string_view kDoc =
      "AWS target tracking on messages per instance: acceptable latency over processing time";
  static std::vector<Param> params();

  explicit BacklogPerInstancePolicy(const ParamSet& params);
  [[nodiscard]] std::optional<Duration> default_interval() const override { return kCloudWatchPeriod; }
  ScalingDecision decide(const Observation& seen) override;
  [[nodiscard]] std::string_view loop_name(bool) const override { return "aws"; }

 private:
  AwsTracking tracking_;
};

}  // namespace windtunnel
