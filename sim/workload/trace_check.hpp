// What can be said about a trace's settings without opening the file.
#pragma once

#include "sim/core/error.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// The largest rate_scale. What a scaled-up recording keeps in memory grows with it, about 5 KiB per unit.
inline constexpr double kMaxRateScale = 1e4;

/// Everything wrong with the settings (unknown format or placement, window, rate_scale, size_per_unit), not the file.
Problems check_trace_spec(const TraceSpec& trace);

}  // namespace windtunnel
