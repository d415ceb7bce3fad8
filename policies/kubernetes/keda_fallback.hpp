// KEDA's fallback: what a trigger that fails is made to say. Rules of pkg/fallback/fallback.go.
#pragma once

#include <cstdint>
#include <optional>

#include "policies/kubernetes/hpa_spec.hpp"

namespace windtunnel {

enum class KedaFallbackBehavior : std::uint8_t {
  fixed,                   ///< "static"
  current_replicas,        ///< "currentReplicas"
  current_if_higher,       ///< "currentReplicasIfHigher"
  current_if_lower,        ///< "currentReplicasIfLower"
  trigger_becomes_nothing  ///< "scalingModifiers": nil in the formula, for its ?? to replace
};

struct KedaFallback {
  std::int32_t failure_threshold = 0, replicas = 0;
  KedaFallbackBehavior behavior = KedaFallbackBehavior::fixed;
};

enum class KedaServed : std::uint8_t { value, error, fallback };

/// One reading of one metric, by a poll or by the HPA: both count (trap 18).
/// @param failures   consecutive ones of this metric, updated
/// @param threshold  failureThreshold; none: there is no fallback
[[nodiscard]] KedaServed keda_serve(std::int32_t& failures, bool failed, std::optional<std::int32_t> threshold);

/// The value that makes the HPA arrive at the wanted size, in thousandths.
/// @param target  of the metric as a plain number
/// @return nothing for a Value target while no replica is ready
[[nodiscard]] std::optional<std::int64_t> keda_fallback_milli(const KedaFallback& fallback, HpaTargetKind kind,
                                                              double target, std::int32_t current, std::int32_t ready);

}  // namespace windtunnel
