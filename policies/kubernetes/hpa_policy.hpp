// hpa: the Kubernetes HorizontalPodAutoscaler (autoscaling/v2) as a scaling policy.
#pragma once

#include <string>
#include <vector>

#include "policies/kubernetes/hpa_controller.hpp"
#include "policies/policy.hpp"

namespace windtunnel {

/// The `spec` block of a scenario, typed.
struct HpaBlock final : MadeBlock {
  HpaSpec spec;
};

/// Runs reconcile_hpa() at every sync over what the controller's clients answer.
class HpaPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "hpa";
  static constexpr std::string_view kDoc =
      "the Kubernetes HorizontalPodAutoscaler, autoscaling/v2: `spec` is the manifest's own";
  static std::vector<Param> params();
  /// @return the problem and the way out, or empty
  static std::string check(const ParamSet& params);

  explicit HpaPolicy(const ParamSet& params);
  HpaPolicy(HpaSpec spec, const HpaFlags& flags) : spec_(std::move(spec)), flags_(flags) {}

  [[nodiscard]] SignalNeeds needs() const override;
  [[nodiscard]] std::optional<Duration> default_interval() const override { return flags_.sync_period; }
  [[nodiscard]] std::string_view loop_name(bool) const override { return "hpa"; }
  ScalingDecision decide(const Observation& seen) override;

 private:
  HpaSpec spec_;
  HpaFlags flags_;
  HpaMemory memory_;
};

/// The controller's flags among a policy's parameters, and their values.
[[nodiscard]] std::vector<Param> hpa_flag_params();
[[nodiscard]] HpaFlags hpa_flags(const ParamSet& params);

/// What windows, limits and bounds made of the proposal, in words; empty when nothing.
[[nodiscard]] std::string hpa_limits_text(const HpaOutcome& outcome);

}  // namespace windtunnel
