// knative_kpa: Knative's autoscaler over concurrency or requests per second, with scale to zero.
#pragma once

#include <optional>
#include <vector>

#include "policies/knative/kpa_decider.hpp"
#include "policies/knative/scale_to_zero.hpp"
#include "policies/knative/window_average.hpp"
#include "policies/policy.hpp"

namespace windtunnel {

/// `decide` is the autoscaler's tick of 2 s, `poll` its collector: once a second it reads pods and activator into the
/// buckets. At zero the activator is listened to ten times as often, and its first request is decided on at once.
class KpaPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "knative_kpa";
  static constexpr std::string_view kDoc =
      "Knative's autoscaler: concurrency or requests per second, panic, scale to zero";
  static std::vector<Param> params();
  /// @return the problem and the way out, or empty
  static std::string check(const ParamSet& params);

  explicit KpaPolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  [[nodiscard]] std::optional<Duration> default_interval() const override { return kKpaTick; }
  ScalingDecision decide(const Observation& seen) override;
  [[nodiscard]] std::optional<Duration> poll_interval() const override;
  std::optional<ScalingDecision> poll(const Observation& seen) override;
  [[nodiscard]] std::string_view loop_name(bool polls) const override { return polls ? "activator" : "kpa"; }

 private:
  [[nodiscard]] std::optional<double> measure(const Observation& seen);

  KpaSpec spec_;
  bool per_second_;
  WindowAverage stable_, panic_;
  ScaleToZero to_zero_;
  std::optional<KpaDecider> decider_;     ///< made when first asked, when the pods that are there are known
  std::optional<std::int64_t> recorded_;  ///< the second last recorded
  bool at_zero_ = false;
};

}  // namespace windtunnel
