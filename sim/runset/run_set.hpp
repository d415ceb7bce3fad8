// Runs a list of (scenario, seed) over threads, with progress and a clean stop.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>

#include "sim/core/error.hpp"
#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/simulation/simulation.hpp"

namespace windtunnel {

/// One run to do. Both pointers must outlive the call; the observer may be null and belongs to this job alone.
struct RunJob {
  const Scenario* scenario = nullptr;
  std::uint64_t seed = 1;
  RunObserver* observer = nullptr;
  PolicyMaker make_policy = {};  ///< see RunOptions
};

struct RunSetProgress {
  double share = 0;           ///< of the simulated time of all runs, in [0, 1]; 0 where no horizon is known
  std::uint64_t queries = 0;  ///< arrived so far, over all runs
  std::size_t done = 0, total = 0;
};

struct RunSetOptions {
  int threads = 0;                                         ///< 0: as many as the machine runs at once
  const std::atomic<bool>* stop = nullptr;                 ///< becomes true: stop cleanly
  std::function<void(const RunSetProgress&)> on_progress;  ///< about ten times a second, from the calling thread
};

enum class RunSetEnd { finished, stopped };

/// simulate(), or what stands in for it in a test.
using Simulate = std::function<Result<RunResult>(const Scenario&, const RunOptions&)>;
/// Takes the result of jobs[index]. Called on that run's thread, for different indices at the same time.
using OnResult = std::function<void(std::size_t index, RunResult&& result)>;

/// Runs every job. What `on_result` gets for an index does not depend on the number of threads.
/// A failing run stops the later ones; earlier ones go on, so that the failure reported is always the first in order.
/// @return stopped when `stop` kept a run from finishing; the problems of the first run that had some
/// @throws what the first failing run threw (IoError, InternalError), after all threads have ended
Result<RunSetEnd> run_set(std::span<const RunJob> jobs, const Simulate& simulate, const RunSetOptions& options,
                          const OnResult& on_result);

}  // namespace windtunnel
