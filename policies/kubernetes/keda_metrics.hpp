// KEDA's metrics as both loops see them: the sources behind the triggers, the last poll's values, the failure counters
// and the fallback. Rules of pkg/scaling/scale_handler.go.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policies/kubernetes/keda_spec.hpp"

namespace windtunnel {

/// One observation of one trigger, fallback applied.
struct KedaObserved {
  std::int64_t milli = 0;
  bool active = false;
  bool fallback = false;  ///< the value is the synthetic one
  bool nothing = false;   ///< nil in the formula of scalingModifiers
  std::string error;      ///< not empty: the read fails
};

/// The composite metric of scalingModifiers, or a plain one.
struct KedaMetric {
  std::int64_t milli = 0;
  std::string error;
};

class KedaMetrics {
 public:
  explicit KedaMetrics(const KedaSpec& spec);

  struct Moment {
    MetricsView* view = nullptr;
    double now_s = 0;
    std::int32_t current = 0, ready = 0;
    bool explained = true;  ///< what was seen is noted for the log
  };

  struct State {
    bool active = false, error = false, fallback = false;
  };
  /// The operator's poll: asks every source, and keeps what is served from the cache.
  [[nodiscard]] State poll(const Moment& moment);

  /// What the metrics server answers the HPA for a trigger, or for the composite metric.
  [[nodiscard]] KedaMetric serve(std::optional<std::size_t> trigger, const Moment& moment);

  /// What was read since it was last asked, "rabbitmq=14 active, cron=0": for the log.
  [[nodiscard]] std::string take_seen() { return std::exchange(seen_, {}); }

 private:
  [[nodiscard]] KedaObserved observe(std::size_t trigger, const Moment& moment, const KedaObserved* cached);
  [[nodiscard]] KedaObserved fall_back(const KedaTrigger& trigger, const Moment& moment,
                                       const std::string& error) const;
  [[nodiscard]] KedaMetric compose(const std::vector<KedaObserved>& observed) const;
  [[nodiscard]] std::optional<std::int32_t> failure_threshold() const;
  void note(const KedaTrigger& trigger, const KedaObserved& observed);

  const KedaSpec* spec_;
  std::vector<std::int32_t> failures_;              ///< by trigger
  std::vector<std::optional<KedaObserved>> cache_;  ///< by trigger; of the last poll
  KedaSources sources_;
  std::string seen_;
};

}  // namespace windtunnel
