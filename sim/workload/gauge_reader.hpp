// Samples of measured values, whatever file they stand in.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sim/workload/drop_counts.hpp"
#include "sim/workload/exposition.hpp"
#include "sim/workload/format_registry.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

struct GaugeSample {
  std::string_view series;               ///< valid during the call
  const MetricLabels* labels = nullptr;  ///< of Prometheus' formats
  std::optional<std::int64_t> at_ns;     ///< since 1970, or as the file counts
  double value = 0;                      ///< finite
};

/// What was read besides the samples. NaN (no value at that time) and infinities are dropped and counted.
struct GaugeFacts {
  std::uint64_t rows = 0;
  DropCounts dropped;
  bool wall_clock = false;  ///< stamps are nanoseconds since 1970
};

/// Reads a format whose content is gauges, once, streaming.
/// @throws InputError for text that cannot be read
GaugeFacts read_gauges(TextBuffer text, const FormatRow& format, const TraceSpec& spec,
                       const std::function<void(const GaugeSample&)>& take);

/// prometheus_reader.cpp: an answer of Prometheus' query API, vector or matrix.
GaugeFacts read_prometheus_json(TextBuffer text, const std::function<void(const GaugeSample&)>& take);

/// How a metric's series is called: its name with those labels that tell where it was measured. Where the exporter's
/// own labels were moved aside (exported_pod), they count; the exporter's own pod on a GPU in no pod's hands does not.
std::string series_name(std::string_view metric, const MetricLabels& labels);

}  // namespace windtunnel
