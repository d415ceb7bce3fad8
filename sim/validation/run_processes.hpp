// Saturated processes on one card under MPS, run by the simulator: how long does each one's batch take?
#pragma once

#include <span>
#include <vector>

#include "sim/serving/spec.hpp"

namespace windtunnel {

struct SaturatedProcess {
  LatencySpec latency;
  double items = 1;
  double cap = 1;  ///< on SMs
};

/// Mean service time of each, in seconds, once all are under way: every process always has its next batch waiting.
/// @param compute_share  of the card that they have together
/// @throws InternalError if a run goes wrong
std::vector<double> run_processes(std::span<const SaturatedProcess> processes, double compute_share = 1);

}  // namespace windtunnel
