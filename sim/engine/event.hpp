// What can happen, and the one order in which it happens (law 8).
#pragma once

#include <cstdint>
#include <tuple>

#include "sim/core/time.hpp"

namespace windtunnel {

/// At one instant, kinds run in the order listed; inside a kind by entity id, then by that entity's own sequence.
enum class EventKind : std::uint8_t {
  window_begins,        // bookkeeping: the warm-up is over
  batch_finished,       // completions and other releases of work or memory; entity: GPU
  host_phase_finished,  //   entity: replica
  response_returned,    //   entity: link
  sigterm_sent,         //   entity: replica, as in the next
  grace_over,
  zone_reclaimed,  //   entity: zone of a pool
  node_reclaimed,  //   entity: node, as in the next
  node_lost,
  pause_due,  //   entity: replica, as in all that follow of faults
  crash_due,
  fatal_fault_due,
  transfers_done,  // replicas and nodes becoming ready; entity: node, or the store
  replica_stage_done,
  pause_over,
  crash_over,
  node_ready,
  relayout_done,      //   entity: node
  endpoints_updated,  //   entity: replica
  query_arrived,      // arrivals; entity: workload
  query_delivered,    //   entity: link
  client_submits,     //   entity: workload, and its client as tag
  retry_due,          //   entity: query
  batch_wait_over,    // slice expiries and their like
  memory_demanded,    // allocations: a running batch's next phase; entity: its first query
  allocation,         // next query to a replica, memory demands: never scheduled, run when nothing earlier is left
  client_timed_out,   // time-outs; entity: link, or query where the time is drawn
  ack_timed_out,      //   entity: link
  readiness_failed,   // probes; entity: replica
  liveness_killed,
  readiness_reached,
  startup_failed,
  readiness_probed,
  readiness_answered,
  liveness_probed,
  liveness_answered,
  sampled,           // scrapes
  scraped,           //   our own signals; entity: model
  metrics_due,       //   the broker, metrics-server and exporters
  memory_scraped,    //   for who sets memory limits; entity: model
  policy_polled,     // scalers: second loops, as KEDA's; entity: model
  policy_due,        //   the others
  limits_reviewed,   //   of memory
  keep_alive_over,   //   the activator
  rollout_due,       // the Deployment's controller
  replica_restarts,  // pod scheduling
  pods_scheduled,
  node_idle,         // node scalers
  order_failed,      //   entity: node
  nodes_scanned,     //   the cluster autoscaler's loop, or a look at what was held back
  pods_batched,      //   Karpenter's window closes
  nodes_disrupted,   //   its look at what can go
  layouts_reviewed,  //   pods wait: could a card cut anew take them?
  relayout_due,      //   entity: pool; whoever cuts its cards anew
};

struct Scheduled {
  SimTime at;
  EventKind kind{};
  std::uint32_t entity = 0;
  std::uint32_t tag = 0;  ///< the entity's generation when it was scheduled: a stale one is ignored
  std::uint64_t seq = 0;

  [[nodiscard]] auto order() const { return std::tuple(at, kind, entity, seq); }
};

}  // namespace windtunnel
