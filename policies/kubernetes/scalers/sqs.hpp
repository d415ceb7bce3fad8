// Trigger aws-sqs-queue: messages of a queue.
#pragma once

#include "policies/kubernetes/scalers/reading.hpp"
#include "policies/metrics_view.hpp"

namespace windtunnel {

struct SqsScaler {
  bool scale_on_in_flight = true;  ///< messages being worked on count, unless told otherwise (trap 20)
  bool scale_on_delayed = false;
  [[nodiscard]] KedaReading read(const QueueView& queue, double activation) const;
};

}  // namespace windtunnel
