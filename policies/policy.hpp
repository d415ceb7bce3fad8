// A policy sees what was scraped, then says how many replicas it wants. It holds no cluster, clock or generator.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policies/metrics_view.hpp"
#include "sim/core/param.hpp"
#include "sim/core/time.hpp"

namespace windtunnel {

/// The signals a policy may ask for. Only those asked for are kept (design: "no subscriber, no cost").
struct SignalNeeds {
  bool response_time = false;     ///< window and quantile below
  double response_quantile = -1;  ///< -1: the mean
  bool throughput = false;
  bool arrival_rate = false;
  bool processing_time = false;  ///< mean service time of queries that completed in the window
  bool gpu = false;              ///< utilization and memory of the GPUs its replicas sit on
  Duration window = std::chrono::minutes(1);
  bool metrics = false;  ///< pods, broker and Prometheus through Observation::metrics
  /// What it will ask of `metrics`: series are kept from the start only where they are named here. What is asked
  /// without being named is kept from the first question on.
  std::vector<std::string> queries{};           ///< of MetricsView::prometheus
  std::vector<std::string> pod_metrics{};       ///< of MetricsView::pod_metric
  std::vector<std::string> external_metrics{};  ///< names for MetricsView::external
};

/// In place of a figure that was not scraped yet, not asked for, or has nothing to be made of.
inline constexpr double kNoSample = std::numeric_limits<double>::quiet_NaN();

/// What a controller would know about one model at one decision. Everything is as last scraped; NaN where no sample.
struct Observation {
  double now_s = 0;
  double sampled_at_s = 0;   ///< when the scrape behind this was taken
  int current_replicas = 0;  ///< not draining: pending, starting and ready
  int ready_replicas = 0;
  int concurrency = 1;  ///< batches a replica serves at once times largest batch
  double queued = kNoSample, in_service = kNoSample, backlog = kNoSample;
  double oldest_age_s = kNoSample;        ///< age of the oldest queued query
  double response_time_s = kNoSample;     ///< over the window asked for
  double throughput_per_s = kNoSample;    ///< completions over the window
  double arrival_rate_per_s = kNoSample;  ///< arrivals over the window
  double processing_time_s = kNoSample;   ///< mean service time over the window
  double gpu_utilization = kNoSample;  ///< [0, 1], device view, mean over its replicas' GPUs over the scrape interval
  double gpu_memory_used = kNoSample;  ///< share of device memory, mean over its replicas' GPUs
  MetricsView* metrics = nullptr;      ///< where SignalNeeds::metrics asked for it
  /// Whether anybody reads a decision's inputs, limits and conditions; else they may stay empty.
  bool explained = true;
};

struct ScalingDecision {
  int desired_replicas = 0;
  std::string reason;  ///< in the words of the controller: ScaleUpLimit, DesiredWithinRange, ...
  double value = 0;    ///< the metric compared with the target
  // For the decision log: what a controller would print with -v.
  std::string inputs{};                   ///< "queue=14 active pods=3 ready=2": as seen
  std::optional<int> proposed{};          ///< before windows and limits; left out: desired_replicas
  std::string limits{};                   ///< which window, policy or bound changed the proposal; empty: none
  std::vector<std::string> conditions{};  ///< "ScalingActive=False FailedGetExternalMetric", ...
};

class ScalingPolicy {
 public:
  virtual ~ScalingPolicy() = default;
  [[nodiscard]] virtual SignalNeeds needs() const { return {}; }
  virtual ScalingDecision decide(const Observation& seen) = 0;
  /// How often decide is asked where the scenario does not say; none: every 15 s.
  [[nodiscard]] virtual std::optional<Duration> default_interval() const { return std::nullopt; }
  /// Whether decide is asked at all; false where the second loop is the only one.
  [[nodiscard]] virtual bool decides() const { return true; }
  /// Queries a replica takes before it ends by itself, as a job; 0: it goes on for ever.
  [[nodiscard]] virtual int queries_per_replica() const { return 0; }
  /// A second loop beside decide, as KEDA's operator beside the HPA: its period, from time 0 on; none: there is none.
  [[nodiscard]] virtual std::optional<Duration> poll_interval() const { return std::nullopt; }
  /// The second loop's word; none: it changes nothing. At one instant polls come before decisions (law 8).
  virtual std::optional<ScalingDecision> poll(const Observation&) { return std::nullopt; }
  /// What a reader of the results should know of it when the run is over, e.g. how far its forecasts were off.
  [[nodiscard]] virtual std::string closing_note() const { return {}; }
  /// The name of a loop in the decision log.
  [[nodiscard]] virtual std::string_view loop_name(bool polls) const { return polls ? "poll" : "scaler"; }
};

using PolicyFactory = std::unique_ptr<ScalingPolicy> (*)(const ParamSet&);
using PolicyEntry = RegistryEntry<PolicyFactory>;

/// Every policy there is, in the order `list` shows them. One row each in registry.cpp.
std::span<const PolicyEntry> policy_registry();

/// Checks a policy's parameters against each other, once each is fine by itself.
/// @return what is wrong and the way out, in one line; empty when fine or when no policy has that name
std::string check_policy(std::string_view policy, const ParamSet& params);

}  // namespace windtunnel
