// Trigger gcp-pubsub: what a subscription has not got rid of.
#pragma once

#include <cstdint>

#include "policies/kubernetes/scalers/reading.hpp"
#include "policies/metrics_view.hpp"
#include "sim/core/time.hpp"

namespace windtunnel {

enum class PubsubMode : std::uint8_t {
  subscription_size,          ///< undelivered messages: neither acknowledged
  oldest_unacked_message_age  ///< seconds
};

struct PubsubScaler {
  PubsubMode mode = PubsubMode::subscription_size;
  /// The figures behind it are published so often; between two, the last one is read.
  static constexpr Duration kPublished = std::chrono::seconds(60);
  [[nodiscard]] KedaReading read(const QueueView& queue, double activation) const;
};

}  // namespace windtunnel
