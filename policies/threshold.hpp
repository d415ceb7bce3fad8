// threshold: the plain home-made scaler. Add some above a bound, take some away below another.
#pragma once

#include <vector>

#include "policies/policy.hpp"

namespace windtunnel {

/// Every interval: signal above `upper` for `up_checks` checks running adds `up_step`; below `lower` for `down_checks`
/// removes `down_step`. All that such scalers leave unsaid is a parameter here: strict or inclusive, whether checks in
/// a cool-down count, whether the counter starts anew after acting, whether pending replicas count. (autoscalers 8.2)
class ThresholdPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "threshold";
  static constexpr std::string_view kDoc =
      "the plain home-made scaler: so many more above `upper`, so many fewer below `lower`";
  static std::vector<Param> params();
  /// lower below upper, and within what the signal can be.
  static std::string check(const ParamSet& params);

  explicit ThresholdPolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  ScalingDecision decide(const Observation& seen) override;

 private:
  enum class Of { backlog, queued, response_time, gpu_utilization };
  /// One direction: how often in a row it was called for, and until when it rests.
  struct Direction {
    double bound = 0;
    int checks = 1, step = 1;
    double cooldown_s = 0;
    int seen = 0;
    double rests_until_s = 0;
  };

  [[nodiscard]] double signal(const Observation& seen) const;
  [[nodiscard]] int replicas(const Observation& seen) const;
  bool act(Direction& way, bool called, double now_s) const;

  Of of_;
  bool per_replica_, inclusive_, count_in_cooldown_, reset_after_acting_, count_pending_;
  double quantile_;
  Duration window_;
  Direction up_, down_;
};

}  // namespace windtunnel
