// The metrics of one HPA, read through a controller's clients: metrics-server, the custom and the external metrics API.
#pragma once

#include <string>
#include <vector>

#include "policies/kubernetes/hpa_controller.hpp"
#include "policies/metrics_view.hpp"

namespace windtunnel {

/// One metric as it was read at this reconcile, for the log.
struct HpaReading {
  double value = 0;  ///< percent of the request, the average a pod, or the metric itself: what the target is of
  std::string text;  ///< "External queue_length: 42, target 5 a pod -> 9"
};

/// Reads spec.metrics on demand, at one instant.
class HpaReadings final : public HpaMetrics {
 public:
  /// @param view  may be null: every metric fails
  HpaReadings(const HpaSpec& spec, const HpaFlags& flags, MetricsView* view) : spec_(spec), flags_(flags), view_(view) {
    read_.reserve(spec.metrics.size());
  }

  HpaProposal propose(std::size_t index, const HpaScale& scale, HpaTolerance tolerance) override;
  /// In the order of spec.metrics, as far as they were asked for.
  [[nodiscard]] const std::vector<HpaReading>& read() const { return read_; }

 private:
  [[nodiscard]] HpaProposal from_resource(const HpaMetricSpec& metric, const HpaScale& scale, HpaTolerance tolerance);
  [[nodiscard]] HpaProposal from_pod_metric(const HpaMetricSpec& metric, const HpaScale& scale, HpaTolerance tolerance);
  [[nodiscard]] HpaProposal from_total(const HpaMetricSpec& metric, const HpaScale& scale, HpaTolerance tolerance,
                                       double& total);

  const HpaSpec& spec_;
  const HpaFlags& flags_;
  MetricsView* view_;
  std::vector<HpaReading> read_;
};

/// The pod without samples, as the controller reads it.
[[nodiscard]] HpaPod hpa_pod_of(const PodView& pod);

/// What a ReplicaSet reports as existing: neither deleted nor ended.
[[nodiscard]] std::int32_t status_replicas_of(const std::vector<PodView>& pods);

/// "External queue_length", "Resource cpu", ...
[[nodiscard]] std::string hpa_metric_name(const HpaMetricSpec& metric);

}  // namespace windtunnel
