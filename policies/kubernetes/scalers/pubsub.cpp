#include "policies/kubernetes/scalers/pubsub.hpp"

#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {

KedaReading PubsubScaler::read(const QueueView& queue, double activation) const {
  KedaReading out;
  out.value = mode == PubsubMode::subscription_size ? queue.ready + queue.unacknowledged : queue.oldest_age_s;
  out.active = keda_is_active(out.value, activation);
  return out;
}

}  // namespace windtunnel
