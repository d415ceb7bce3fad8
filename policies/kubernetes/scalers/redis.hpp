// Trigger redis: the length of a list. A consumer pops what it takes, so nothing in flight is in it.
#pragma once

#include "policies/kubernetes/keda_value.hpp"
#include "policies/kubernetes/scalers/reading.hpp"
#include "policies/metrics_view.hpp"

namespace windtunnel {

struct RedisScaler {
  [[nodiscard]] KedaReading read(const QueueView& queue, double activation) const {
    KedaReading out;
    out.value = queue.ready;
    out.active = keda_is_active(out.value, activation);
    return out;
  }
};

}  // namespace windtunnel
