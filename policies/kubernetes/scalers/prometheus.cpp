#include "policies/kubernetes/scalers/prometheus.hpp"

#include <cmath>

#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {

KedaReading PrometheusScaler::read(const MetricAnswer& answer, double activation) const {
  KedaReading out;
  if (answer.failed()) {
    out.error = answer.error;
  } else if (answer.series.size() > 1) {
    out.error = "prometheus query " + query + " returned multiple elements";
  } else if (answer.series.empty()) {
    if (!ignore_null_values) out.error = "prometheus metrics target may be lost, the result is empty";
  } else if (!std::isfinite(answer.series.front().value)) {
    if (!ignore_null_values) out.error = "prometheus query returns NaN or infinity";
  } else {
    out.value = answer.series.front().value;
  }
  out.active = !out.failed() && keda_is_active(out.value, activation);
  return out;
}

}  // namespace windtunnel
