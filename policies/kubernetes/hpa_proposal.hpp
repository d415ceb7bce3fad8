// What one metric proposes: from one sample a pod (Resource, ContainerResource, Pods) or from one number (Object,
// External). Formulas of pkg/controller/podautoscaler/replica_calculator.go, in its order of operations.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "policies/kubernetes/hpa_number.hpp"
#include "policies/kubernetes/hpa_pods.hpp"

namespace windtunnel {

struct HpaProposal {
  std::string error;          ///< not empty: the metric is invalid and nothing below means anything
  std::int32_t replicas = 0;  ///< before windows, limits and bounds
  std::optional<std::int32_t> utilization_percent;  ///< as status.currentMetrics reports it
  std::optional<std::int64_t> average_milli;        ///< likewise; thousandths
  double ratio = 0;                                 ///< metric over target, before any pod was filled in
  [[nodiscard]] bool valid() const { return error.empty(); }
};

/// The target of a metric with one sample a pod.
struct HpaPodTarget {
  HpaTargetKind kind = HpaTargetKind::average_value;  ///< utilization or average_value
  std::int32_t percent = 0;
  std::int64_t milli = 0;
  bool cpu = false;  ///< readiness counts
};

/// @param strangers  samples of pods the selector does not match: part of an average, not of a utilization
/// @param current    spec replicas: what "within tolerance" proposes
[[nodiscard]] HpaProposal propose_from_pods(std::span<const HpaPod> pods, std::span<const HpaSample> strangers,
                                            const HpaPodTarget& target, std::int32_t current, HpaTolerance tolerance,
                                            SimTime now, const HpaFlags& flags);

/// Value target: ceil(ratio * pods that are Running and Ready); from size 0 ceil(ratio). With no such pod it is 0, and
/// with no pod at all it is an error.
/// @param target_milli  above 0
[[nodiscard]] HpaProposal propose_from_value(std::int64_t usage_milli, std::int64_t target_milli, std::int32_t current,
                                             std::int64_t pods, std::int64_t ready_pods, HpaTolerance tolerance);

/// AverageValue target: ceil(usage / target). Within tolerance it proposes status replicas, not spec (trap 2).
/// @param target_milli  above 0
[[nodiscard]] HpaProposal propose_from_average(std::int64_t usage_milli, std::int64_t target_milli, std::int32_t status,
                                               HpaTolerance tolerance);

}  // namespace windtunnel
