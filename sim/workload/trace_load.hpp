// How much work a recording brings, for rate_scale: {offered_load}.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// What comes through a workload entry's window and map before rate_scale and the `queries` limit.
struct TraceLoad {
  double span_s = 0;                   ///< from the first row (or the window's start) to the last row in the window
  std::vector<std::uint64_t> queries;  ///< per row of `map`, or one number where there is no map
  std::vector<double> mean_size;       ///< items per query, likewise; the size law's mean where the trace has no sizes
};

/// Reads the trace once, streaming. Problems for a bad trace, a trace without time between its rows, and for an entry
/// that is not a trace.
Result<TraceLoad> trace_load(const WorkloadSpec& workload);

}  // namespace windtunnel
