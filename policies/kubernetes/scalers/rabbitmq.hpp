// Trigger rabbitmq: messages, their rates, or the time they will take.
#pragma once

#include <cstdint>

#include "policies/kubernetes/scalers/reading.hpp"
#include "policies/metrics_view.hpp"

namespace windtunnel {

enum class RabbitmqMode : std::uint8_t {
  queue_length,
  message_rate,
  deliver_get_rate,
  published_to_delivered_ratio,
  expected_queue_consumption_time
};

struct RabbitmqScaler {
  RabbitmqMode mode = RabbitmqMode::queue_length;
  bool http = false;                    ///< protocol; all modes but the first need it
  bool exclude_unacknowledged = false;  ///< with http
  /// Over HTTP messages in flight count, over AMQP only those ready (trap 20).
  [[nodiscard]] double messages(const QueueView& queue) const;
  [[nodiscard]] KedaReading read(const QueueView& queue, double activation) const;
};

/// A backlog time, in seconds: what is there over what is delivered, plus how much faster it comes than it goes. With
/// messages but no deliveries it is the activation value, and active.
[[nodiscard]] KedaReading expected_queue_consumption_time(double messages, double published_per_s,
                                                          double delivered_per_s, double activation);

}  // namespace windtunnel
