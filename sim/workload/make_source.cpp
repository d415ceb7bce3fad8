// From what a scenario says about traffic to the source that makes it.
#include <fmt/format.h>

#include <cmath>

#include "sim/workload/counts_source.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/row_source.hpp"
#include "sim/workload/synthetic_source.hpp"
#include "sim/workload/trace_check.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

std::unique_ptr<ArrivalSource> open_recording(const WorkloadSpec& spec, const RngStreams& streams, int target_count) {
  const auto& trace = std::get<TraceSpec>(spec.source);
  TextBuffer text(trace.file);
  const FormatRow& format = recognise_format(text, trace.format, trace.time_column);
  if (format.content == Content::arrivals)
    return std::make_unique<RowSource>(RowReader(std::move(text), format, trace), spec, streams, target_count);
  return std::make_unique<CountsSource>(open_counts(std::move(text), format, trace), spec, streams, target_count);
}

std::unique_ptr<ArrivalSource> make_base(const WorkloadSpec& spec, const RngStreams& streams, int target_count) {
  if (std::holds_alternative<ArrivalSpec>(spec.source))
    return std::make_unique<SyntheticSource>(spec, streams, target_count);
  const auto& trace = std::get<TraceSpec>(spec.source);
  if (const Problems problems = check_trace_spec(trace); !problems.empty()) throw InputError(problems.front());
  return open_recording(spec, streams, target_count);
}

}  // namespace

std::unique_ptr<ArrivalSource> make_source(const WorkloadSpec& spec, const RngStreams& streams, int target_count) {
  if (spec.transforms.empty()) return make_base(spec, streams, target_count);
  WorkloadSpec base = spec;
  base.queries.reset();  // the limit counts what comes out of the transforms
  base.transforms.clear();
  const SourceOpener open = [base, streams, target_count](const std::string& suffix) {
    WorkloadSpec named = base;
    named.name += suffix;
    return make_base(named, streams, target_count);
  };
  return with_transforms(spec, streams, open, target_count);
}

}  // namespace windtunnel
