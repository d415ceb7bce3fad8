// response_time: keep a mean or a percentile of the response time at its target.
#pragma once

#include <vector>

#include "policies/policy.hpp"
#include "policies/smoothing.hpp"

namespace windtunnel {

/// "p95" as 0.95; the mean as -1, as SignalNeeds has it.
double quantile_of(std::string_view statistic);
/// `statistic` and `window`, of every policy that goes by response times.
Param statistic_param();
Param response_window_param();

/// desired = ceil(ready * response time / target), over the queries completed in the window. With none completed the
/// count stays: the rule is blind to a queue that does not move, and never scales an idle model down.
class ResponseTimePolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "response_time";
  static constexpr std::string_view kDoc = "keep a mean or a percentile of the response time at `target`";
  static std::vector<Param> params();

  explicit ResponseTimePolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  ScalingDecision decide(const Observation& seen) override;

 private:
  double target_s_;
  double quantile_;  // -1: the mean
  Duration window_;
  Smoothing smoothing_;
};

}  // namespace windtunnel
