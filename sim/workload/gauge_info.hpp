// What a recording of measured values holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/workload/format_registry.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

struct SeriesInfo {
  std::string name;
  std::uint64_t samples = 0;
  double min = 0, mean = 0, max = 0, last = 0;
};

struct GaugeInfo {
  std::string format, unit;  ///< unit of the values; empty where the file does not say
  std::uint64_t rows = 0, samples = 0, distinct_series = 0;
  std::vector<std::pair<std::string, std::uint64_t>> dropped;
  double min = 0, mean = 0, max = 0;
  std::vector<std::pair<int, double>> quantiles;  ///< percent, value
  bool quantiles_exact = true;                    ///< false: from every 2nd, 4th, ... value
  double span_s = 0;                              ///< last minus first stamp
  std::string start;                              ///< first stamp, UTC; empty if there are none
  std::optional<double> step_s;                   ///< most frequent distance of successive instants of a series
  std::vector<SeriesInfo> series;                 ///< the 20 with most samples, then by name
};

/// Reads the file once. Problems for a bad one and for a format whose content is not gauges.
Result<GaugeInfo> gauge_info(const TraceSpec& trace);

/// What a file's rows are, without reading it. Problems for a file that cannot be recognised.
Result<Content> trace_content(const TraceSpec& trace);

}  // namespace windtunnel
