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

/// What a batch of a paused replica does next.
enum class HeldUntil : std::uint8_t {
  gpu,       ///< goes on where it was
  gpu_work,  ///< its host phase is over: its work goes to the GPU
  memory,    ///< a phase is over: it asks for the memory of the next
};

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
    HeldUntil next;
    double work_ns = 0;  ///< left of what was on the GPU
  };
  std::vector<Held> held;  ///< batches that do not get on meanwhile
};

}  // namespace windtunnel
