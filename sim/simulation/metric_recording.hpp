// What a caller wants kept of a run's scrapes: everything some selector names, from the beginning to the end.
#pragma once

#include <string>
#include <vector>

#include "sim/metrics/series_store.hpp"

namespace windtunnel {

struct MetricRecording {
  std::vector<std::string> queries;  ///< what their selectors take is kept; must parse
  SeriesStore store;                 ///< filled by the run; memory grows with its length
};

}  // namespace windtunnel
