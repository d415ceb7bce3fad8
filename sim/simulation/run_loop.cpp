#include "sim/simulation/run_loop.hpp"

#include <algorithm>
#include <chrono>

#include "sim/simulation/activation.hpp"
#include "sim/simulation/attended.hpp"
#include "sim/simulation/batch_memory.hpp"
#include "sim/simulation/endpoints.hpp"
#include "sim/simulation/faults.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/memory.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/node_life.hpp"
#include "sim/simulation/node_scaling.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/probes.hpp"
#include "sim/simulation/relayout.hpp"
#include "sim/simulation/relayout_pending.hpp"
#include "sim/simulation/results.hpp"
#include "sim/simulation/rollout.hpp"
#include "sim/simulation/scaling.hpp"
#include "sim/simulation/scraping.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/simulation/spot.hpp"
#include "sim/simulation/termination.hpp"
#include "sim/simulation/transfers.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

// Where the earliest event waits. There is no one heap: arrivals are a cursor, constant delays are rings, completions
// one time for each GPU in a tree of minima, and only the rest is a heap.
enum class Source : std::uint8_t { none, gpus, link, arrivals, heap };

struct Due {
  SimTime at = kNever;
  EventKind kind{};  // none is lower, so that kNever never is earlier
  Source source = Source::none;

  // Strictly earlier, by time and then by kind: at equal ones the source that was asked first stays.
  void consider(SimTime when, EventKind what, Source where) {
    if (when > at || (when == at && what >= kind)) return;
    *this = {when, what, where};
  }
};

Due earliest(const World& w) {
  Due due;
  due.consider(w.shares.next(), EventKind::batch_finished, Source::gpus);
  due.consider(w.next_arrival, EventKind::query_arrived, Source::arrivals);
  due.consider(w.links.at(), w.links.kind(), Source::link);
  due.consider(w.heap.at(), w.heap.kind(), Source::heap);
  return due;
}

// Allocations come after this instant's releases and arrivals, and before whatever is later in the order.
bool allocations_are_next(const World& w, const Due& due) {
  if (w.pending_models.empty() && w.pending_replicas.empty()) return false;
  return due.at > w.now || due.kind > EventKind::allocation;
}

bool is_current(const World& w, const Scheduled& event) {
  return w.replicas[event.entity].generation == event.tag;
}

// The node is there, and has not been given back and ordered again meanwhile.
bool is_same_life(const World& w, const Scheduled& event) {
  const ClusterNode& node = w.nodes[event.entity];
  return node.state != NodeState::absent && node.orders == event.tag;
}

// Entity 0 is the series kept in memory, whose step doubles when they are full; entity 1 what is streamed to an
// observer at a fixed step. Apart, so that a result does not depend on who listens.
void take_sample(World& w, std::uint32_t stream) {
  sample(w, stream == 0);
  if (stream == 0) {
    w.series->add(w.sample);
  } else {
    w.options.observer->on_sample(to_seconds(w.now), w.sample);
  }
  w.heap.push(w.now + (stream == 0 ? w.series->step() : w.stream_step), EventKind::sampled, stream);
}

void handle(World& w, const Scheduled& event) {
  switch (event.kind) {
    case EventKind::window_begins: begin_window(w); break;
    case EventKind::host_phase_finished: finish_host_phase(w, event); break;
    case EventKind::transfers_done: transfers_done(w, event); break;
    case EventKind::replica_stage_done:
      if (is_current(w, event)) stage_done(w, event.entity);
      break;
    case EventKind::pause_due:
      if (is_current(w, event)) fault_due(w, event.entity, kPause);
      break;
    case EventKind::crash_due:
      if (is_current(w, event)) fault_due(w, event.entity, kCrash);
      break;
    case EventKind::fatal_fault_due:
      if (is_current(w, event)) fault_due(w, event.entity, kFatalFault);
      break;
    case EventKind::pause_over:
      if (is_current(w, event)) pause_over(w, event.entity);
      break;
    case EventKind::crash_over:
      if (is_current(w, event)) restart_in_place(w, event.entity);
      break;
    case EventKind::node_ready:
      if (w.nodes[event.entity].generation == event.tag) node_ready(w, event.entity);
      break;
    case EventKind::relayout_done:
      if (w.nodes[event.entity].generation == event.tag) relayout_done(w, event.entity);
      break;
    case EventKind::layouts_reviewed: review_layouts(w); break;
    case EventKind::relayout_due: relayout_due(w, event.entity, event.tag); break;
    case EventKind::sigterm_sent:
      if (w.replicas[event.entity].termination_tag == event.tag) sigterm_sent(w, event.entity);
      break;
    case EventKind::grace_over:
      if (w.replicas[event.entity].termination_tag == event.tag) grace_over(w, event.entity);
      break;
    case EventKind::zone_reclaimed: reclaim_zone(w, event.entity); break;
    case EventKind::node_reclaimed:
      if (is_same_life(w, event)) reclaim_node(w, event.entity, "node");
      break;
    case EventKind::node_lost:
      if (is_same_life(w, event)) node_lost(w, event.entity);
      break;
    case EventKind::endpoints_updated:
      if (w.replicas[event.entity].endpoints_tag == event.tag) endpoints_updated(w, event.entity);
      break;
    case EventKind::memory_demanded: demand_memory(w, event); break;
    case EventKind::batch_wait_over:
      if (is_current(w, event)) batch_wait_over(w, event.entity);
      break;
    case EventKind::client_submits: submit(w, event.entity, event.tag); break;
    case EventKind::retry_due: retry(w, event.entity); break;
    case EventKind::client_timed_out: client_times_out(w, event.entity); break;
    case EventKind::readiness_failed:
      if (is_current(w, event)) leave_ready(w, event.entity);
      break;
    case EventKind::liveness_killed:
      if (is_current(w, event)) kill_wedged(w, event.entity);
      break;
    case EventKind::readiness_reached:
      if (is_current(w, event)) readiness_reached(w, event.entity);
      break;
    case EventKind::startup_failed:
      if (is_current(w, event)) startup_failed(w, event.entity);
      break;
    case EventKind::readiness_probed:
      if (is_current(w, event)) send_probe(w, event.entity, kReadinessProbe);
      break;
    case EventKind::readiness_answered:
      if (is_current(w, event)) probe_answered(w, event.entity, kReadinessProbe);
      break;
    case EventKind::liveness_probed:
      if (is_current(w, event)) send_probe(w, event.entity, kLivenessProbe);
      break;
    case EventKind::liveness_answered:
      if (is_current(w, event)) probe_answered(w, event.entity, kLivenessProbe);
      break;
    case EventKind::sampled: take_sample(w, event.entity); break;
    case EventKind::scraped: {
      ModelState& m = w.models[event.entity];
      scrape(w, m);
      w.heap.push(w.now + m.scaling->scrape_interval, EventKind::scraped, event.entity);
      break;
    }
    case EventKind::metrics_due: turn_metric_wheel(w); break;
    case EventKind::policy_polled: {
      ModelState& m = w.models[event.entity];
      poll(w, m);
      w.heap.push(w.now + *m.policy->poll_interval(), EventKind::policy_polled, event.entity);
      break;
    }
    case EventKind::policy_due: {
      ModelState& m = w.models[event.entity];
      decide(w, m);
      w.heap.push(w.now + until_next_decision(w, m), EventKind::policy_due, event.entity);
      break;
    }
    case EventKind::memory_scraped: sample_memory(w, w.models[event.entity]); break;
    case EventKind::limits_reviewed: review_limits(w, w.models[event.entity]); break;
    case EventKind::rollout_due: step_rollout(w, w.models[event.entity]); break;
    case EventKind::keep_alive_over: keep_alive_over(w, event); break;
    case EventKind::replica_restarts:
      if (is_current(w, event)) restart(w, event.entity);
      break;
    case EventKind::pods_scheduled: schedule_pods(w); break;
    case EventKind::node_idle:
      if (w.nodes[event.entity].generation == event.tag) node_idle(w, event.entity);
      break;
    case EventKind::order_failed:
      if (w.nodes[event.entity].generation == event.tag) order_failed(w, event.entity);
      break;
    case EventKind::nodes_scanned: scan_nodes(w, event.tag); break;
    case EventKind::pods_batched: pods_batched(w, event.tag); break;
    case EventKind::nodes_disrupted: disrupt_nodes(w); break;
    case EventKind::batch_finished:
    case EventKind::response_returned:
    case EventKind::query_arrived:
    case EventKind::query_delivered:
    case EventKind::ack_timed_out:
    case EventKind::allocation: SIM_CHECK(false, "an event of another source was in the heap"); break;
  }
}

// Asks the observer now and then, by the wall clock; what it answers is the only thing here that time decides.
class Progress {
 public:
  explicit Progress(World& w) : world_(w) {}
  bool go_on() {
    if ((world_.events & 0x3fff) != 0 || world_.options.observer == nullptr) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(10)) return true;
    last_ = now;
    return world_.options.observer->on_progress(
        to_seconds(world_.now), world_.horizon == kNever ? 0 : to_seconds(world_.horizon), world_.arrivals);
  }

 private:
  World& world_;
  std::chrono::steady_clock::time_point last_{};
};

// run: to_empty with queries that no replica will ever take would go on for ever.
constexpr Duration kStuck = std::chrono::hours(24 * 7);

bool is_empty(World& w, const Due& due) {
  if (w.queries.present() == 0) return w.expected == 0;
  if (due.at - w.last_settled <= kStuck) return false;
  w.notes.push_back("stopped 7 days after the last answer with " + std::to_string(w.queries.present()) +
                    " queries inside: nothing serves them");
  w.now = std::max(w.now, w.last_settled + kStuck);  // not at the last event: it may be a sample that an observer takes
  return true;
}

}  // namespace

void run_loop(World& w) {
  Progress progress(w);
  const bool to_empty = w.scenario.to_empty;
  for (bool handed_out = false;;) {
    const Due due = earliest(w);
    if (!handed_out && allocations_are_next(w, due)) {
      allocate_pending(w);
      handed_out = true;
      continue;
    }
    handed_out = false;
    if (to_empty ? w.next_arrival == kNever && is_empty(w, due) : due.at >= w.horizon) break;
    SIM_CHECK(due.at >= w.now, "time ran back");
    w.now = due.at;
    ++w.events;
    switch (due.source) {
      case Source::gpus: finish_batch(w); break;
      case Source::link: leave_link(w); break;
      case Source::arrivals: arrive(w, w.workloads[w.next_workload]); break;
      case Source::heap: handle(w, w.heap.pop()); break;
      case Source::none: SIM_CHECK(false, "nothing is due"); break;
    }
    if (!progress.go_on()) {
      w.interrupted = true;
      break;
    }
  }
  if (!w.scenario.to_empty && !w.interrupted) w.now = w.horizon;
}

}  // namespace windtunnel
