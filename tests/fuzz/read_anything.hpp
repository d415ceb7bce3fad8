// Reads a file every way there is. Whatever its bytes, the end is a figure or an InputError, never anything else.
#pragma once

#include <array>
#include <string>

#include "sim/workload/gauge_info.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/trace_info.hpp"
#include "sim/workload/trace_load.hpp"

namespace windtunnel::testing {

/// @return queries and samples read, so that nothing is optimised away
inline std::uint64_t read_anything(const std::string& path, const std::string& format) {
  WorkloadSpec spec;
  spec.name = spec.target = "m";
  TraceSpec trace;
  trace.file = path;
  trace.format = format;
  trace.map = {{"a", "m"}, {"*", "m"}};
  trace.rate_scale.factor = 1.5;
  trace.values = "per_second";
  if (format == "json_lines") trace.unit = "ms";
  spec.source = trace;
  spec.queries = 20'000;
  std::uint64_t seen = 0;
  try {
    const auto source = make_source(spec, RngStreams(1), 1);
    std::array<Arrival, 256> block;
    while (const std::size_t count = source->next(block)) seen += count;
  } catch (const InputError& error) {
    seen += error.error().what.size();
  }
  if (const auto info = trace_info(trace)) seen += info->queries;
  if (const auto info = gauge_info(trace)) seen += info->samples;
  if (const auto load = trace_load(spec)) seen += load->queries.size();
  return seen;
}

}  // namespace windtunnel::testing
