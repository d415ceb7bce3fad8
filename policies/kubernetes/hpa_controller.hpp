// One HorizontalPodAutoscaler's reconcile: from what its metrics propose to the size it writes. Nothing here knows
// where a metric comes from; KEDA's HPAs run the same controller over the values of their triggers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/kubernetes/hpa_limits.hpp"
#include "policies/kubernetes/hpa_proposal.hpp"
#include "policies/kubernetes/hpa_stabilise.hpp"
#include "policies/kubernetes/scale_events.hpp"

namespace windtunnel {

/// Reasons beside those of ScalingLimited. The bound corrections have no reason of their own upstream, only the event
/// text "Current number of replicas above Spec.MaxReplicas"; the words are ours.
inline constexpr std::string_view kScalingDisabled = "ScalingDisabled";
inline constexpr std::string_view kBelowMin = "BelowMin";
inline constexpr std::string_view kAboveMax = "AboveMax";

/// What lives in the controller's memory and vanishes with it (1.12).
struct HpaMemory {
  std::optional<HpaRecords> records;  ///< none: not reconciled since the controller started
  ScaleEvents ups, downs;
  bool scaled_to_zero = false;  ///< condition ScaledToZero (1.37); this one is in the object's status
};

/// The scale subresource as read.
struct HpaScale {
  SimTime now{};
  std::int32_t spec_replicas = 0;    ///< what the workload was last told to be
  std::int32_t status_replicas = 0;  ///< what it last reported as existing
  bool explained = true;             ///< conditions and texts are read; else they stay empty
};

/// Where the proposals come from. Asked only when a reconcile gets to its metrics (trap 9).
class HpaMetrics {
 public:
  virtual ~HpaMetrics() = default;
  /// @param index  into spec.metrics
  [[nodiscard]] virtual HpaProposal propose(std::size_t index, const HpaScale& scale, HpaTolerance tolerance) = 0;
};

/// Several metrics made one (1.4).
struct HpaChoice {
  std::optional<std::int32_t> replicas;  ///< none: no change this time
  std::optional<std::size_t> metric;     ///< which one proposed it
  std::optional<std::size_t> failed;     ///< the first invalid one
  std::string error;                     ///< of that one
};

/// The largest valid proposal; a failing metric blocks a scale-down, and when all fail nothing changes (trap 10).
[[nodiscard]] HpaChoice choose_proposal(const std::vector<HpaProposal>& proposals, std::int32_t current);

struct HpaOutcome {
  std::int32_t replicas = 0;               ///< what spec replicas are after this reconcile
  std::optional<std::int32_t> proposal;    ///< of the metrics; none: not read, or not usable
  std::optional<std::int32_t> stabilised;  ///< after the windows, before limits and bounds
  std::string_view reason;                 ///< of ScalingLimited, or one of those above, or the failing metric's
  std::vector<std::string> conditions;     ///< "ScalingLimited=True ScaleUpLimit", in the API's order
  std::vector<HpaProposal> proposals;      ///< one a metric, in listed order; empty: not read
  HpaChoice choice;
};

/// "FailedGetExternalMetric" and its kin.
[[nodiscard]] std::string_view failed_metric_reason(HpaMetricKind kind);

/// Section 1.3, in its order.
[[nodiscard]] HpaOutcome reconcile_hpa(const HpaSpec& spec, const HpaFlags& flags, HpaMemory& memory,
                                       const HpaScale& scale, HpaMetrics& metrics);

/// A change of size not of the metrics' making that the controller stores all the same (behavior only).
void remember_scale(const HpaSpec& spec, HpaMemory& memory, std::int32_t from, std::int32_t to, SimTime now);

}  // namespace windtunnel
