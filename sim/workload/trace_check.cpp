#include "sim/workload/trace_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/workload/counts_source.hpp"
#include "sim/workload/format_registry.hpp"
#include "sim/workload/line_reader.hpp"
#include "sim/workload/stamp_reader.hpp"

namespace windtunnel {

Problems check_trace_spec(const TraceSpec& trace) {
  Problems problems;
  if (trace.format != "auto" && find_format(trace.format) == nullptr)
    problems.push_back(
        {trace.file, "unknown trace format " + in_quotes(trace.format), "known: auto, " + known_formats()});
  try {
    (void)placement_of(trace.placement, trace.file);
  } catch (const InputError& error) {
    problems.push_back(error.error());
  }
  const double factor = trace.rate_scale.factor;
  if (!(factor > 0) || factor > kMaxRateScale)
    problems.push_back({trace.file, fmt::format("rate_scale: {} is outside (0, 10000]", factor), {}});
  if (!(trace.size_per_unit > 0) || !std::isfinite(trace.size_per_unit))
    problems.push_back({trace.file, fmt::format("size_per_unit: {} is not above 0", trace.size_per_unit), {}});
  if (trace.unit != "auto" && ns_per_unit(trace.unit) == 0)
    problems.push_back({trace.file, "unknown unit " + in_quotes(trace.unit), "known: auto, s, ms, us, ns"});
  if (!trace.values.empty() && trace.values != "per_second" && trace.values != "per_step")
    problems.push_back(
        {trace.file, "values: unknown meaning " + in_quotes(trace.values), "known: per_second, per_step"});
  if (trace.durations_as != "percentiles" && trace.durations_as != "mean")
    problems.push_back(
        {trace.file, "durations_as: unknown meaning " + in_quotes(trace.durations_as), "known: percentiles, mean"});
  if (trace.reorder && trace.reorder->count() < 0)
    problems.push_back({trace.file, fmt::format("reorder: {} s is negative", to_seconds(*trace.reorder)), {}});
  const double from_s = to_seconds(trace.from.value_or(Duration{}));
  if (from_s < 0) problems.push_back({trace.file, fmt::format("from: {} s is negative", from_s), {}});
  if (trace.to && to_seconds(*trace.to) <= from_s)
    problems.push_back(
        {trace.file, fmt::format("to: {} s is not after from: {} s", to_seconds(*trace.to), from_s), {}});
  return problems;
}

}  // namespace windtunnel
