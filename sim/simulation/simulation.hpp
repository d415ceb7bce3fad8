// Wires the rooms: one query's way from trace to report.
//
//   trace -> workload -> queue -> dispatcher -> replica on GPU -> metrics -> policy -> cluster -> report
#pragma once

#include <functional>
#include <memory>

#include "policies/policy.hpp"
#include "sim/core/error.hpp"
#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/simulation/metric_recording.hpp"
#include "sim/simulation/phase_source.hpp"

namespace windtunnel {

/// A policy of the caller's in place of the one a model's `scaling` names; null where that one shall hold. Asked once
/// for each model of each run, on the run's own thread.
using PolicyMaker = std::function<std::unique_ptr<ScalingPolicy>(const ScalingSpec&)>;

/// Phases of the caller's in place of a model's `memory.phases`; null where those shall hold. Asked as a policy is.
using PhaseMaker = std::function<std::unique_ptr<PhaseSource>(const ModelSpec&)>;

struct RunOptions {
  std::uint64_t seed = 1;
  RunObserver* observer = nullptr;       ///< may be null; must outlive the call
  PolicyMaker make_policy = {};          ///< may be empty
  PhaseMaker make_phases = {};           ///< may be empty
  MetricRecording* recording = nullptr;  ///< may be null; must outlive the call
};

/// Runs one scenario once, on this thread, touching nothing global: many runs may go on at once.
/// @return Problems for input that only running shows to be bad (a trace row, a model that fits on no GPU)
Result<RunResult> simulate(const Scenario& scenario, const RunOptions& options);

}  // namespace windtunnel
