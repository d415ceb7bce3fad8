// rate_limit: so many replicas more, or fewer, within a period.
#pragma once

#include <deque>
#include <vector>

#include "policies/composition/parts.hpp"

namespace windtunnel {

/// As a policy of a horizontal autoscaler's behaviour: the count is at most `up` above what it was when the period
/// began, and at most `down` below.
class RateLimitPolicy final : public WrappedPolicy {
 public:
  static constexpr std::string_view kName = "rate_limit";
  static constexpr std::string_view kDoc = "a policy's wish, but so many replicas more or fewer within a period";
  static std::vector<Param> params();

  explicit RateLimitPolicy(const ParamSet& params);
  ScalingDecision decide(const Observation& seen) override;

 private:
  struct Change {
    double at_s;
    int by;
  };
  /// The sum of changes in that direction within the period.
  [[nodiscard]] int changed_within(double now_s, double period_s, bool up) const;

  int up_, down_;
  double up_period_s_, down_period_s_;
  std::deque<Change> changes_;
};

}  // namespace windtunnel
