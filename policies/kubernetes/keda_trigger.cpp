#include "policies/kubernetes/keda_trigger.hpp"

#include <cmath>

namespace windtunnel {
namespace {

template <class Scaler>
KedaReading read_from_queue(const Scaler& scaler, MetricsView& view, double activation) {
  QueueView queue;
  const MetricAnswer answer = view.queue(queue);
  if (!answer.failed()) return scaler.read(queue, activation);
  KedaReading out;
  out.error = answer.error;
  return out;
}

// One way of asking for each kind of source; every other one is a queue.
struct AskSource {
  const KedaTrigger& trigger;
  MetricsView& view;
  double now_s;
  KedaReading operator()(const PrometheusScaler& scaler) const {
    return scaler.read(view.prometheus(scaler.query), trigger.activation);
  }
  KedaReading operator()(const CronScaler& scaler) const { return scaler.read(now_s); }
  KedaReading operator()(const ResourceScaler&) const { return {}; }
  template <class Scaler>
  KedaReading operator()(const Scaler& scaler) const {
    return read_from_queue(scaler, view, trigger.activation);
  }
};

KedaReading ask_source(const KedaTrigger& trigger, MetricsView& view, double now_s) {
  return std::visit(AskSource{trigger, view, now_s}, trigger.source);
}

}  // namespace

KedaReading KedaSources::read(const KedaTrigger& trigger, std::size_t index, MetricsView* view, double now_s) {
  if (view == nullptr) {
    KedaReading blind;
    blind.error = "nothing answers";
    return blind;
  }
  if (!std::holds_alternative<PubsubScaler>(trigger.source)) return ask_source(trigger, *view, now_s);
  const auto slot = static_cast<std::int64_t>(std::floor(now_s / to_seconds(PubsubScaler::kPublished)));
  Held& held = held_[index];
  if (slot != held.slot) held = {slot, ask_source(trigger, *view, now_s)};
  return held.reading;
}

}  // namespace windtunnel
