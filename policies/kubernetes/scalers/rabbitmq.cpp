#include "policies/kubernetes/scalers/rabbitmq.hpp"

#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {
namespace {

KedaReading rabbitmq_reading(double value, double activation, bool active_anyway = false) {
  KedaReading out;
  out.value = value;
  out.active = keda_is_active(value, activation) || active_anyway;
  return out;
}

KedaReading published_to_delivered(const QueueView& queue, double activation) {
  const bool comes = queue.published_per_s > 0, stuck = comes && queue.delivered_per_s == 0;
  const double ratio = stuck ? activation : comes ? queue.published_per_s / queue.delivered_per_s : 0;
  return rabbitmq_reading(ratio, activation, stuck);
}

}  // namespace

double RabbitmqScaler::messages(const QueueView& queue) const {
  return queue.ready + (http && !exclude_unacknowledged ? queue.unacknowledged : 0);
}

KedaReading RabbitmqScaler::read(const QueueView& queue, double activation) const {
  const double count = messages(queue);
  switch (mode) {
    case RabbitmqMode::queue_length: return rabbitmq_reading(count, activation);
    case RabbitmqMode::message_rate:
      return rabbitmq_reading(queue.published_per_s, activation, keda_is_active(count, activation));
    case RabbitmqMode::deliver_get_rate: return rabbitmq_reading(queue.delivered_per_s, activation);
    case RabbitmqMode::published_to_delivered_ratio: return published_to_delivered(queue, activation);
    case RabbitmqMode::expected_queue_consumption_time: break;
  }
  return expected_queue_consumption_time(count, queue.published_per_s, queue.delivered_per_s, activation);
}

KedaReading expected_queue_consumption_time(double messages, double published_per_s, double delivered_per_s,
                                            double activation) {
  if (messages == 0) return rabbitmq_reading(0, activation);
  if (delivered_per_s == 0) return rabbitmq_reading(activation, activation, true);
  const double growth = (published_per_s - delivered_per_s) / delivered_per_s;
  return rabbitmq_reading(growth + messages / delivered_per_s, activation);
}

}  // namespace windtunnel
