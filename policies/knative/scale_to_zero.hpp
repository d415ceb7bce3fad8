// From one pod to none: how long a revision is kept after the decider wanted 0. Rules of
// pkg/reconciler/autoscaling/kpa/scaler.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/core/time.hpp"

namespace windtunnel {

struct ScaleToZeroSpec {
  bool enabled = true;
  Duration stable_window = std::chrono::seconds(60);
  Duration grace_period = std::chrono::seconds(30);  ///< for the activator to be in the way before the last pod goes
  Duration pod_retention{};
};

class ScaleToZero {
 public:
  explicit ScaleToZero(const ScaleToZeroSpec& spec) : spec_(spec) {}

  struct Step {
    std::int32_t replicas = 0;
    std::string_view held_by;  ///< what keeps the last pod; empty: nothing
  };
  /// @param wanted        of the decider, after min-scale
  /// @param behind_activator  the activator is in the way of requests: too little burst capacity
  [[nodiscard]] Step step(std::int32_t wanted, std::int32_t current, std::int32_t ready, bool behind_activator,
                          SimTime now);

 private:
  ScaleToZeroSpec spec_;
  std::optional<SimTime> active_since_, inactive_since_, behind_since_;
};

}  // namespace windtunnel
