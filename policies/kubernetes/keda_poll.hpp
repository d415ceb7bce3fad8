// What KEDA's operator does at one poll of a ScaledObject: only 0 (or idle) <-> 1. Between 1 and the maximum the HPA
// decides (trap 14). Rules of pkg/scaling/executor/scale_scaledobjects.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/core/time.hpp"

namespace windtunnel {

/// What the operator has before it.
struct KedaPollState {
  SimTime now{};
  bool active = false;  ///< some trigger is, or a fallback is served
  bool error = false;   ///< some trigger failed
  bool forced = false;  ///< annotation force-activation
  std::int32_t current = 0, min = 0;
  std::optional<std::int32_t> idle;      ///< idleReplicaCount
  std::optional<std::int32_t> fallback;  ///< fallback.replicas
  Duration cooldown = std::chrono::seconds(300), initial_cooldown{};
  SimTime created{};                   ///< whole seconds, as all times of an object's status
  std::optional<SimTime> last_active;  ///< whole seconds; none: never
  bool pause_scale_in = false, pause_scale_out = false;
};

struct KedaPollOutcome {
  std::int32_t replicas = 0;
  std::optional<SimTime> last_active;
  std::string_view condition;  ///< of Active: ScalerActive, ScalerNotActive or ScalerCooldown
  std::string_view reason;     ///< what was done, or what kept it from being done
};

[[nodiscard]] KedaPollOutcome keda_poll(const KedaPollState& state);

/// As the API server stores it: times of an object have a resolution of one second.
[[nodiscard]] inline SimTime whole_second(SimTime at) {
  return SimTime{std::chrono::floor<std::chrono::seconds>(at.time_since_epoch())};
}

}  // namespace windtunnel
