// What a scenario says about a model's pods: requests, probes, termination.
#pragma once

#include <optional>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// What the scheduler and node scalers reckon with, whatever is used. GPU slots come on top: one a replica.
struct PodRequests {
  std::int64_t milli_cpu = 0;
  Bytes memory{};
};

/// A probe with a ticker of its own, which is not aligned to the container's start.
struct ProbeTicker {
  Duration initial_delay{};
  Duration period = std::chrono::seconds(10);
  Duration timeout = std::chrono::seconds(1);
  int success_threshold = 1;
  int failure_threshold = 3;
};

struct ProbeSpec {
  // What ends a wedged replica where no ticker below says otherwise.
  Duration period = std::chrono::seconds(10);
  int failure_threshold = 3;
  Duration grace = std::chrono::seconds(30);  ///< from SIGTERM to SIGKILL for kills that probes cause

  std::optional<ProbeTicker> startup, readiness, liveness;
  bool blocked_while_busy = false;  ///< while_busy: blocked: no answer before the batch in service is over
};

/// What a process does when it gets SIGTERM.
enum class OnSigterm { drain, exit, ignore };

struct TerminationSpec {
  std::optional<Duration> grace;  ///< from deletion to SIGKILL; none: as long as its queries take
  Duration pre_stop{};            ///< the hook's time, inside the grace period; it goes on serving
  OnSigterm on_sigterm = OnSigterm::drain;
};

}  // namespace windtunnel
