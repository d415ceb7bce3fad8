// aws_step_scaling: two alarms, and how far past its threshold the metric is says how much to change.
#pragma once

#include <optional>
#include <vector>

#include "policies/aws/instance_metric.hpp"
#include "policies/aws/step_scaling.hpp"
#include "policies/policy.hpp"

namespace windtunnel {

/// One data point at each decision. An alarm acts at every point while it is on; after it acted, the same cooldown as
/// in target tracking: out, only a larger change acts and what was added counts; in, none does.
class StepScalingPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "aws_step_scaling";
  static constexpr std::string_view kDoc =
      "AWS step scaling: alarms on a per-instance metric, a step for each distance";
  static std::vector<Param> params();
  /// @return the problem and the way out, or empty
  static std::string check(const ParamSet& params);

  explicit StepScalingPolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  [[nodiscard]] std::optional<Duration> default_interval() const override { return kCloudWatchPeriod; }
  ScalingDecision decide(const Observation& seen) override;
  [[nodiscard]] std::string_view loop_name(bool) const override { return "aws"; }

 private:
  [[nodiscard]] std::int32_t stepped(std::int32_t capacity, const ScalingStep& step) const;
  void scale_out(std::int32_t wanted, std::int32_t capacity, SimTime now, ScalingDecision& out);
  void scale_in(std::int32_t wanted, std::int32_t capacity, SimTime now, ScalingDecision& out);

  InstanceMetric metric_;
  StepAdjustment kind_;
  std::int32_t min_magnitude_;
  double out_threshold_;
  std::optional<double> in_threshold_;
  std::vector<ScalingStep> out_, in_;
  int points_, above_ = 0, below_ = 0;
  Duration cooldown_;
  std::optional<SimTime> scaled_out_, scaled_in_;
  std::int32_t added_ = 0;
};

}  // namespace windtunnel
