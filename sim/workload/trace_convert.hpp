// A recorded trace rewritten: to the compact binary form, or to plain CSV.
#pragma once

#include <string>

#include "sim/core/error.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

struct ConvertedTrace {
  std::string format;      ///< of the trace read
  std::uint64_t rows = 0;  ///< written
  std::uint64_t dropped = 0, moved = 0;
};

/// Reads a trace once and writes it to `out`, which is made or overwritten in place (see PendingFile for atomic use).
/// Honours format, units, columns, reorder and window; map and rate_scale do not matter. CSV is format plain, with the
/// columns the trace has; times are seconds, wall clocks stay wall clocks.
/// @return what was written; Problems for a trace that is bad or holds no single arrivals
/// @throws IoError when `out` cannot be written
Result<ConvertedTrace> convert_trace(const TraceSpec& trace, const std::string& out, bool as_csv);

}  // namespace windtunnel
