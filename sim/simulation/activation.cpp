#include "sim/simulation/activation.hpp"

#include "sim/simulation/scaling.hpp"

namespace windtunnel {
namespace {

void log_activation(World& w, const ModelState& m, int desired, const char* reason) {
  if (w.options.observer == nullptr) return;
  w.options.observer->on_decision({.at = w.now,
                                   .model = m.id,
                                   .current = static_cast<int>(m.current.value()),
                                   .ready = static_cast<int>(m.ready_count.value()),
                                   .proposed = desired,
                                   .desired = desired,
                                   .value = static_cast<double>(m.queued + m.in_service),
                                   .reason = reason,
                                   .loop = "activator",
                                   .inputs = {},
                                   .limits = {},
                                   .conditions = {}});
}

}  // namespace

void wake(World& w, ModelState& m) {
  ++m.idle_turn;
  if (m.current.value() > 0) return;
  log_activation(w, m, 1, "a query came");
  ++m.scale_ups;
  scale_to(w, m, 1);
}

void begin_idle(World& w, ModelState& m) {
  w.heap.push(w.now + *m.scaling->keep_alive, EventKind::keep_alive_over, m.id, ++m.idle_turn);
}

void keep_alive_over(World& w, const Scheduled& event) {
  ModelState& m = w.models[event.entity];
  if (event.tag != m.idle_turn || m.current.value() == 0) return;
  log_activation(w, m, 0, "idle for keep_alive");
  ++m.scale_downs;
  scale_to(w, m, 0);
}

}  // namespace windtunnel
