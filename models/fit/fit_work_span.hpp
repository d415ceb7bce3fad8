// The work-span law, or a straight line, from measured batches of one process alone.
#pragma once

#include <span>

#include "models/fit/measurements.hpp"
#include "models/latency/work_span.hpp"

namespace windtunnel {

struct WorkSpanFit {
  WorkSpan law;
  std::size_t rows = 0;
  double mape = 0, worst = 0, bias = 0;  ///< of the rows fitted; absolute, largest and mean relative error
  double least_items = 0, most_items = 0, least_share = 1, most_share = 1;
};

/// Least squares on log time over a, f, w >= 0 and p in [1, 15], from several starts.
/// With one share only, f and w cannot be told apart where the work binds: f is 0 then.
/// @param rows  of one model, one process, with a time; at least three batches or shares that differ
/// @return an Error where there are fewer
Result<WorkSpanFit> fit_work_span(std::span<const Measurement> rows);

struct LineFit {
  double fixed_s = 0, per_item_s = 0;
  double mape = 0;
};

/// t = fixed + per_item b by least squares of relative errors, neither below 0.
LineFit fit_line(std::span<const Measurement> rows);

/// M = weights + per_item b, of the rows with a peak, in bytes; neither below 0. Up to the batch before the peak first
/// falls: there the framework changes its way of working.
struct MemoryFit {
  double most_items = 0;
  double weights_bytes = 0, per_item_bytes = 0;
  double mape = 0;
  std::size_t rows = 0;
};
MemoryFit fit_memory(std::span<const Measurement> rows);

}  // namespace windtunnel
