// Trigger kafka: the lag of a consumer group.
#pragma once

#include <cstdint>

#include "policies/kubernetes/scalers/reading.hpp"
#include "policies/metrics_view.hpp"

namespace windtunnel {

struct KafkaLag {
  std::int64_t total = 0;
  std::int64_t partitions = 0, with_lag = 0;
};

struct KafkaScaler {
  std::int64_t lag_threshold = 10;  ///< above 0
  bool allow_idle_consumers = false;
  bool limit_to_partitions_with_lag = false;
  bool ensure_even_distribution = false;

  /// What is reported: no more than partitions can take, a consumer each, unless idle ones are allowed.
  [[nodiscard]] std::int64_t reported_lag(const KafkaLag& lag) const;
  /// What is in flight is not committed yet, so it counts. Fails where there are no partitions.
  [[nodiscard]] KedaReading read(const QueueView& queue, double activation) const;

 private:
  [[nodiscard]] static KafkaLag lag_of(const QueueView& queue);
};

/// The smallest divisor f of `partitions` with f * threshold not below the lag, else `partitions`: so many consumers
/// have the same number of partitions each.
[[nodiscard]] std::int64_t kafka_even_factor(std::int64_t lag, std::int64_t partitions, std::int64_t threshold);

}  // namespace windtunnel
