#include "sim/workload/trace_load.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>

#include "sim/workload/counts_source.hpp"
#include "sim/workload/duration_table.hpp"
#include "sim/workload/row_source.hpp"
#include "sim/workload/trace_check.hpp"

namespace windtunnel {
namespace {

/// The entry as recorded: unscaled, without limit; sizes are not drawn.
WorkloadSpec as_recorded(const WorkloadSpec& workload) {
  WorkloadSpec spec = workload;
  std::get<TraceSpec>(spec.source).rate_scale = {};
  spec.size.reset();
  spec.queries.reset();
  return spec;
}

TraceLoad load_of_rows(RowReader reader, const WorkloadSpec& workload) {
  const WorkloadSpec spec = as_recorded(workload);
  const auto& trace = std::get<TraceSpec>(spec.source);
  RowSource source(std::move(reader), spec, RngStreams(0), 1);
  TraceLoad load;
  load.queries.resize(std::max<std::size_t>(1, trace.map.size()));
  std::vector<double> sizes(load.queries.size());
  std::array<Arrival, 512> block;
  SimTime first = kNever;
  while (const std::size_t count = source.next(block)) {
    first = std::min(first, block[0].at);
    for (std::size_t i = 0; i < count; ++i) {
      ++load.queries[block[i].target];
      sizes[block[i].target] += block[i].size;
    }
  }
  const SimTime begin = trace.rebase ? SimTime{} : SimTime{trace.from.value_or(first.time_since_epoch())};
  load.span_s = to_seconds(source.last_row_at() - std::min(begin, source.last_row_at()));
  for (std::size_t row = 0; row < sizes.size(); ++row)
    load.mean_size.push_back(!source.has_size() && workload.size ? LawSampler(*workload.size).mean()
                             : load.queries[row] > 0             ? sizes[row] / static_cast<double>(load.queries[row])
                                                                 : 1);
  return load;
}

TraceLoad load_of_counts(const std::unique_ptr<CountBins>& bins, const WorkloadSpec& workload) {
  const auto& trace = std::get<TraceSpec>(workload.source);
  TraceLoad load;
  load.queries.resize(std::max<std::size_t>(1, trace.map.size()));
  const bool drawn = !trace.durations.empty();
  load.mean_size.assign(load.queries.size(), workload.size && !drawn ? LawSampler(*workload.size).mean() : 1);
  std::vector<double> sizes(load.queries.size());
  const double from_s = to_seconds(trace.from.value_or(Duration{}));
  const double to_s = trace.to ? to_seconds(*trace.to) : std::numeric_limits<double>::infinity();
  CountBin bin;
  std::optional<std::int64_t> base_ns;
  double counted_to_s = 0;  // bins of one time that differ by target count once
  while (bins->next(bin)) {
    const double begin_s = to_seconds(Duration{bin.begin_ns - base_ns.value_or(bin.begin_ns)});
    const double end_s = begin_s + to_seconds(Duration{bin.width_ns});
    if (!base_ns) base_ns = bin.begin_ns;
    if (end_s <= from_s) continue;
    if (begin_s >= to_s) break;
    load.queries[bin.target] += bin.count;
    if (bin.duration != nullptr)
      sizes[bin.target] += static_cast<double>(bin.count) * bin.duration->mean_s() * trace.size_per_unit;
    const double span_s = std::min(to_s, end_s) - std::max({from_s, begin_s, counted_to_s});
    load.span_s += std::max(0.0, span_s);
    counted_to_s = end_s;
  }
  for (std::size_t row = 0; drawn && row < sizes.size(); ++row)
    if (load.queries[row] > 0) load.mean_size[row] = sizes[row] / static_cast<double>(load.queries[row]);
  return load;
}

}  // namespace

Result<TraceLoad> trace_load(const WorkloadSpec& workload) {
  const auto* trace = std::get_if<TraceSpec>(&workload.source);
  if (trace == nullptr)
    return Error{workload.name, "rate_scale: offered_load asks for a recorded trace",
                 "give a synthetic process its rate"};
  if (Problems problems = check_trace_spec(*trace); !problems.empty()) return problems;
  try {
    TextBuffer text(trace->file);
    const FormatRow& format = recognise_format(text, trace->format, trace->time_column);
    TraceLoad load = format.content == Content::arrivals
                         ? load_of_rows(RowReader(std::move(text), format, *trace), workload)
                         : load_of_counts(open_counts(std::move(text), format, *trace), workload);
    if (!(load.span_s > 0))
      return Error{trace->file, "the trace has no time between its rows, so no rate can be told",
                   "widen the window, or give rate_scale as a number"};
    return load;
  } catch (const InputError& error) {
    return error.error();
  }
}

}  // namespace windtunnel
