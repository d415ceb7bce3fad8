// keda: a ScaledObject, its operator's poll and its HPA as two loops.
#pragma once

#include <vector>

#include "policies/kubernetes/hpa_controller.hpp"
#include "policies/kubernetes/keda_metrics.hpp"
#include "policies/kubernetes/keda_poll.hpp"
#include "policies/policy.hpp"

namespace windtunnel {

/// `poll` is the operator (0 <-> 1, every pollingInterval from time 0), `decide` the HPA that KEDA made (1 <-> N, every
/// sync period). They share the size of the workload, the failure counters and, where told to, the last poll's values.
class KedaPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "keda";
  static constexpr std::string_view kDoc =
      "a ScaledObject of KEDA, verbatim: the operator's 0 <-> 1 and the HPA's 1 <-> N";
  static std::vector<Param> params();

  explicit KedaPolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  ScalingDecision decide(const Observation& seen) override;
  [[nodiscard]] std::optional<Duration> default_interval() const override { return flags_.sync_period; }
  [[nodiscard]] std::optional<Duration> poll_interval() const override { return spec_.polling_interval; }
  std::optional<ScalingDecision> poll(const Observation& seen) override;
  [[nodiscard]] std::string_view loop_name(bool polls) const override { return polls ? "keda" : "hpa"; }

 private:
  KedaSpec spec_;
  HpaSpec hpa_;
  HpaFlags flags_;
  HpaMemory memory_;
  KedaMetrics metrics_;
  std::optional<SimTime> last_active_;
};

/// What triggers of either kind of object need to know of the scenario.
[[nodiscard]] std::vector<Param> keda_trigger_params();
/// What they will ask.
[[nodiscard]] SignalNeeds keda_needs(const std::vector<KedaTrigger>& triggers);

}  // namespace windtunnel
