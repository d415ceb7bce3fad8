#include "policies/kubernetes/scalers/kafka.hpp"

#include <algorithm>
#include <cmath>

#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {

std::int64_t kafka_even_factor(std::int64_t lag, std::int64_t partitions, std::int64_t threshold) {
  for (std::int64_t factor = 1; factor <= partitions; ++factor)
    if (partitions % factor == 0 && factor * threshold >= lag) return factor;
  return partitions;
}

std::int64_t KafkaScaler::reported_lag(const KafkaLag& lag) const {
  if (allow_idle_consumers && !limit_to_partitions_with_lag && !ensure_even_distribution) return lag.total;
  std::int64_t reported = lag.total;
  if (ensure_even_distribution) reported = kafka_even_factor(lag.total, lag.partitions, lag_threshold) * lag_threshold;
  const std::int64_t most = limit_to_partitions_with_lag ? lag.with_lag : lag.partitions;
  return reported / lag_threshold > most ? most * lag_threshold : reported;  // whole consumers are compared
}

KafkaLag KafkaScaler::lag_of(const QueueView& queue) {
  const auto whole = [](double count) { return static_cast<std::int64_t>(std::clamp(count, 0.0, 1e12)); };
  KafkaLag lag;
  lag.partitions = static_cast<std::int64_t>(queue.partition_lag.size());
  for (const double partition : queue.partition_lag) {
    lag.total += whole(partition);
    lag.with_lag += whole(partition) > 0 ? 1 : 0;
  }
  return lag;
}

KedaReading KafkaScaler::read(const QueueView& queue, double activation) const {
  KedaReading out;
  const KafkaLag lag = lag_of(queue);
  if (lag.partitions == 0) {
    out.error = "the topic has no partitions";
    return out;
  }
  out.value = static_cast<double>(reported_lag(lag));
  out.active = keda_is_active(static_cast<double>(lag.total), activation);
  return out;
}

}  // namespace windtunnel
