// What a scenario says about faults of a model's replicas: pauses, crashes, fatal GPU faults.
#pragma once

#include <optional>

#include "sim/core/law.hpp"
#include "sim/core/time.hpp"

namespace windtunnel {

/// Which time brings a fault nearer: all of it from ready on, or only that with a batch in service.
enum class FaultClock { always, while_serving };

/// Exit codes: 128 + the signal that ended the process, or what it said itself.
inline constexpr int kExitError = 1, kExitSegfault = 139;

/// The replica stands still for a while, then goes on where it stopped.
struct PauseSpec {
  Law up, down;  ///< seconds
  FaultClock clock = FaultClock::always;
};

/// The process ends of itself; its queries begin anew elsewhere, or here when it is back.
struct CrashSpec {
  Law up;  ///< seconds
  FaultClock clock = FaultClock::while_serving;
  int exit_code = kExitSegfault;
  std::optional<Law> down;  ///< seconds until it is ready again; none: restart back-off and cold start decide
};

/// An illegal address, an assertion, a hardware exception in a kernel: ends the process, and under mps its neighbours.
struct FatalFaultSpec {
  Law up;  ///< seconds of serving
  int exit_code = kExitError;
};

struct FaultsSpec {
  std::optional<PauseSpec> pause;
  std::optional<CrashSpec> crash;
  std::optional<FatalFaultSpec> fatal_fault;

  [[nodiscard]] bool any() const { return pause || crash || fatal_fault; }
};

}  // namespace windtunnel
