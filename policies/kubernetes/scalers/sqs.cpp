#include "policies/kubernetes/scalers/sqs.hpp"

#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {

KedaReading SqsScaler::read(const QueueView& queue, double activation) const {
  KedaReading out;
  out.value = queue.ready;
  if (scale_on_in_flight) out.value += queue.unacknowledged;
  if (scale_on_delayed) out.value += queue.delayed;
  out.active = keda_is_active(out.value, activation);
  return out;
}

}  // namespace windtunnel
