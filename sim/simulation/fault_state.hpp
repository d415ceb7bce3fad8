// A replica's clocks towards its next faults.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

enum FaultKind : std::uint8_t { kPause, kCrash, kFatalFault, kFaultKinds };

enum class ReplicaState : std::uint8_t { pending, starting, ready, paused, draining, wedged, backing_off, gone };

struct FaultState {
  std::array<std::uint32_t, kFaultKinds> occurrence{};  ///< keys the next draw
  std::array<bool, kFaultKinds> is_due{};               ///< an event is on its way
  std::array<Duration, kFaultKinds> strikes_at{};       ///< clocks that run while serving: at this much served
  bool is_serving = false;
  SimTime serving_since{};
  Duration served{};  ///< since the process was ready, up to the last beginning
  // While paused.
  ReplicaState before = ReplicaState::ready;
  struct Held {
    QueryId head;
    double work_ns;
  };
  std::vector<Held> held;  ///< what it had on the GPU
};

}  // namespace windtunnel
