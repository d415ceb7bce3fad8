// The series of a run as text that Prometheus' tools take.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/metrics/prepared_query.hpp"
#include "sim/metrics/series_store.hpp"

namespace windtunnel::prometheus {

/// OpenMetrics 1.0 with a timestamp in seconds at every sample, for `promtool tsdb create-blocks-from openmetrics`.
/// Families by name, series in order of their coming; stale markers have no text and are left out.
std::string open_metrics_text(const SeriesStore& store);

/// What a query gave at instants start, start + step, ... up to end: the answer of Prometheus' `query_range`.
struct RangeAnswer {
  struct Series {
    Labels labels;
    std::vector<SeriesSample> values;
  };
  std::vector<Series> series;  ///< by labels
  std::string error;           ///< of the first instant without an answer
};
RangeAnswer query_range(PreparedQuery& query, SeriesStore& store, std::int64_t start_ms, std::int64_t end_ms,
                        std::int64_t step_ms);
/// {"status": "success", "data": {"resultType": "matrix", "result": [...]}}; values are texts.
std::string matrix_json(const RangeAnswer& answer);

/// A value as Prometheus writes it: shortest that reads back, NaN, +Inf, -Inf.
std::string value_text(double value);

}  // namespace windtunnel::prometheus
