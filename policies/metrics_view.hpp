// What a controller's clients answer at one evaluation: the API server's pods, metrics-server, the broker, Prometheus.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace windtunnel {

/// A sample of metrics-server: averaged over `window_s`, taken at `at_s`.
struct PodSample {
  double value = 0;  ///< cores, or bytes
  double at_s = 0, window_s = 0;
};

enum class PodPhase : std::uint8_t { pending, running, succeeded, failed };

/// One pod of the scale target, as the API server has it now.
struct PodView {
  std::string name;
  PodPhase phase = PodPhase::pending;
  bool deleted = false;               ///< deletion requested
  std::optional<bool> ready;          ///< the Ready condition; none: not there yet
  double ready_changed_s = 0;         ///< the condition's last transition
  std::optional<double> started_s;    ///< startTime; none: not yet
  std::optional<PodSample> cpu;       ///< cores; none: no sample
  std::optional<PodSample> memory;    ///< bytes
  std::optional<double> cpu_request;  ///< cores; none: the container has none
  std::optional<double> memory_request;
};

/// One series of an answer.
struct SeriesValue {
  std::map<std::string, std::string> labels;
  double value = 0;
};

/// Series, none of them or an error: three different things to a controller.
struct MetricAnswer {
  std::vector<SeriesValue> series;
  std::string error;  ///< empty: there is an answer, if an empty one
  [[nodiscard]] bool failed() const { return !error.empty(); }
};

/// The broker's own figures of the model's queue, as its API answers now.
struct QueueView {
  double ready = 0;           ///< visible, waiting
  double unacknowledged = 0;  ///< in flight: delivered, not yet answered
  double delayed = 0;
  double oldest_age_s = 0;     ///< of the waiting ones
  double published_per_s = 0;  ///< over the broker's own window
  double delivered_per_s = 0;
  std::vector<double> partition_lag;  ///< where the queue has partitions
};

/// Answers as of the instant of the evaluation, each as late and as coarse as its way is (law 4).
class MetricsView {
 public:
  virtual ~MetricsView() = default;
  /// Pods of the scale target, deleted ones that still run included.
  [[nodiscard]] virtual const std::vector<PodView>& pods() = 0;
  [[nodiscard]] virtual MetricAnswer queue(QueueView& into) = 0;
  /// A PromQL expression over what was scraped, at this instant.
  [[nodiscard]] virtual MetricAnswer prometheus(std::string_view query) = 0;
  /// custom.metrics.k8s.io: one series a pod, label "pod".
  [[nodiscard]] virtual MetricAnswer pod_metric(std::string_view name) = 0;
  /// external.metrics.k8s.io, by name and label selector ("a=b,c=~d|e,f!="; empty: all).
  [[nodiscard]] virtual MetricAnswer external(std::string_view name, std::string_view selector) = 0;
};

}  // namespace windtunnel
