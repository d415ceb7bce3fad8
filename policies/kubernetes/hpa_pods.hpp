// The pods of a scale target, and the class the controller puts each into.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "policies/kubernetes/hpa_spec.hpp"
#include "policies/metrics_view.hpp"

namespace windtunnel {

struct HpaSample {
  std::int64_t milli = 0;
  SimTime at{};       ///< end of the window it covers
  Duration window{};  ///< averaged over
};

/// One pod of the selector, with its sample of the metric in question.
struct HpaPod {
  PodPhase phase = PodPhase::running;
  bool deleting = false;
  std::optional<bool> ready;       ///< none: no Ready condition
  SimTime ready_changed{};         ///< the condition's last transition
  std::optional<SimTime> started;  ///< none: no start time yet
  std::optional<HpaSample> sample;
  std::optional<std::int64_t> request_milli;  ///< none: a container is without the request
};

enum class HpaPodClass : std::uint8_t { ignored, unready, missing, ready };

/// groupPods of replica_calculator.go. Readiness counts for CPU only (trap 12); a pod that was ready once and is not
/// now counts as ready.
[[nodiscard]] HpaPodClass classify_pod(const HpaPod& pod, bool cpu, SimTime now, const HpaFlags& flags);

/// Pods that are Running and Ready: the multiplier of a Value metric.
[[nodiscard]] std::int64_t running_and_ready(std::span<const HpaPod> pods);

}  // namespace windtunnel
