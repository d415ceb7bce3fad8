// Targets that attainment and goodput count against.
#pragma once

#include <optional>

#include "sim/core/time.hpp"

namespace windtunnel {

struct SloSpec {
  std::optional<Duration> response_time;         ///< attainment and goodput count against it
  std::optional<double> response_time_quantile;  ///< 0.95 for response_time_p95
  std::optional<Duration> backlog_time;
};

}  // namespace windtunnel
