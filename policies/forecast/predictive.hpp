// predictive: replicas for the arrivals that are forecast for when a replica started now would serve.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "policies/forecast/forecaster.hpp"
#include "policies/policy.hpp"
#include "policies/smoothing.hpp"

namespace windtunnel {

/// desired = ceil(max(arrival rate now, forecast in `horizon`) / (rate of one replica * utilization)). What was
/// forecast is compared with what came; the error stands in each decision and, at the end of the run, in its notes.
class PredictivePolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "predictive";
  static constexpr std::string_view kDoc =
      "replicas for the arrivals forecast for when one started now would serve (autoregression or Holt-Winters)";
  static std::vector<Param> params();
  static std::string check(const ParamSet& params);

  explicit PredictivePolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  ScalingDecision decide(const Observation& seen) override;
  [[nodiscard]] std::string closing_note() const override;

 private:
  /// A forecast waiting for its step to be over.
  struct Expected {
    std::int64_t step;
    double value;
  };
  void collect(double rate_per_s, double now_s);
  void step_over(std::int64_t step, double value);
  [[nodiscard]] double one_replica_per_s(const Observation& seen) const;
  [[nodiscard]] std::string error_text() const;

  double step_s_, horizon_s_, utilization_;
  std::optional<double> rate_per_s_;  // of one replica; none: measured
  int steps_ahead_;
  std::unique_ptr<Forecaster> forecaster_;
  Smoothing smoothing_;

  std::int64_t step_ = -1;  // the one being collected
  double sum_ = 0;
  int samples_ = 0;
  std::optional<double> forecast_;
  std::deque<Expected> expected_;
  double error_sum_ = 0, actual_sum_ = 0;
  std::int64_t compared_ = 0;
};

}  // namespace windtunnel
