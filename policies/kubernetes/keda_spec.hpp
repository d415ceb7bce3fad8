// A ScaledObject and a ScaledJob (keda.sh/v1alpha1) as read: typed, defaulted, checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policies/expression/keda_formula.hpp"
#include "policies/kubernetes/hpa_spec.hpp"
#include "policies/kubernetes/keda_fallback.hpp"
#include "policies/kubernetes/keda_jobs.hpp"
#include "policies/kubernetes/keda_trigger.hpp"
#include "sim/core/param.hpp"

namespace windtunnel {

/// advanced.scalingModifiers: one metric in place of all external ones.
struct KedaModifiers {
  expression::KedaFormula formula;  ///< over the values of the external triggers, in their order
  double target = 1;                ///< above 0
  bool whole_target = true;         ///< a fallback counts only with a target without decimals
  double activation_target = 0;
  HpaTargetKind metric_type = HpaTargetKind::average_value;
};

/// The annotations autoscaling.keda.sh/..., as they stand throughout the run.
struct KedaAnnotations {
  bool paused = false;
  std::optional<std::int32_t> paused_replicas;
  bool paused_scale_in = false, paused_scale_out = false, force_activation = false;
};

/// spec and annotations of a ScaledObject.
struct KedaSpec final : MadeBlock {
  Duration polling_interval = std::chrono::seconds(30);
  Duration cooldown = std::chrono::seconds(300), initial_cooldown{};
  std::optional<std::int32_t> idle;
  std::int32_t min = 0, max = 100;
  std::optional<KedaFallback> fallback;
  std::optional<HpaBehavior> behavior;  ///< copied into the HPA; none: its legacy path
  std::optional<KedaModifiers> modifiers;
  std::vector<KedaTrigger> triggers;  ///< at least one
  KedaAnnotations annotations;
};

/// spec and annotations of a ScaledJob.
struct KedaJobSpec final : MadeBlock {
  Duration polling_interval = std::chrono::seconds(30);
  std::int32_t min = 0, max = 100;
  KedaJobStrategySpec strategy;
  KedaJobCalculation calculation = KedaJobCalculation::max;
  /// pendingPodConditions: a job counts as pending until its pod has been scheduled, or is ready. Neither: until it
  /// runs.
  bool pending_until_scheduled = false, pending_until_ready = false;
  std::vector<KedaTrigger> triggers;
  bool paused = false;
};

/// The HPA that KEDA makes for a ScaledObject: minReplicas at least 1 (trap 17), one External metric a trigger or the
/// composite one, cpu and memory as Resource metrics.
[[nodiscard]] HpaSpec hpa_of(const KedaSpec& spec);

/// Where each metric of that HPA comes from: a trigger's index, or none for the composite metric.
[[nodiscard]] std::vector<std::optional<std::size_t>> hpa_metric_triggers(const KedaSpec& spec);

}  // namespace windtunnel
