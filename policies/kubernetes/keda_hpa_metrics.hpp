// The metrics of the HPA that KEDA made: external ones from KEDA's metrics server, cpu and memory from metrics-server.
#pragma once

#include <string>
#include <vector>

#include "policies/kubernetes/hpa_readings.hpp"
#include "policies/kubernetes/keda_metrics.hpp"

namespace windtunnel {

class KedaHpaMetrics final : public HpaMetrics {
 public:
  KedaHpaMetrics(const KedaSpec& spec, const HpaSpec& hpa, const HpaFlags& flags, KedaMetrics& metrics,
                 KedaMetrics::Moment moment)
      : hpa_(hpa),
        metrics_(metrics),
        moment_(moment),
        resources_(hpa, flags, moment.view),
        triggers_(hpa_metric_triggers(spec)) {}

  [[nodiscard]] HpaProposal propose(std::size_t index, const HpaScale& scale, HpaTolerance tolerance) override;
  /// Value of the metric that far in spec.metrics, as far as they were asked for; no number where it failed.
  [[nodiscard]] const std::vector<double>& values() const { return values_; }
  /// "Resource cpu: 74%, target 60%" of each cpu and memory metric.
  [[nodiscard]] std::string resources() const;

 private:
  const HpaSpec& hpa_;
  KedaMetrics& metrics_;
  KedaMetrics::Moment moment_;
  HpaReadings resources_;
  std::vector<std::optional<std::size_t>> triggers_;
  std::vector<double> values_;
};

}  // namespace windtunnel
