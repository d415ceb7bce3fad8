// Trigger prometheus: the value of a query.
#pragma once

#include <string>

#include "policies/kubernetes/scalers/reading.hpp"
#include "policies/metrics_view.hpp"

namespace windtunnel {

struct PrometheusScaler {
  std::string query;
  bool ignore_null_values = true;
  /// One series only. Without any, or with one that is no number, it reads 0 (trap 19): a vanished series is no load.
  /// With ignoreNullValues false that is an error, which holds the size.
  [[nodiscard]] KedaReading read(const MetricAnswer& answer, double activation) const;
};

}  // namespace windtunnel
