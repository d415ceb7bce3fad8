#pragma once

#include <cstdint>
#include <limits>
#include <variant>

#include "sim/workload/spec.hpp"

namespace windtunnel {

/// The trace of a workload that replays one.
inline const TraceSpec& trace_of(const WorkloadSpec& spec) {
  return std::get<TraceSpec>(spec.source);
}

/// End of a window that has none, in ns.
inline constexpr std::int64_t kNoEndNs = std::numeric_limits<std::int64_t>::max();

}  // namespace windtunnel
