#include "sim/simulation/node_life.hpp"

#include <algorithm>

#include "sim/simulation/node_scaling.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/relayout.hpp"
#include "sim/simulation/spot.hpp"
#include "sim/simulation/termination.hpp"
#include "sim/simulation/transfers.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

// The driver keeps its part of every card of a node for as long as the node is there.
void switch_gpus(World& w, const ClusterNode& node, bool on) {
  const NodePool& pool = w.pools[node.pool];
  const Bytes reserve = driver_reserve(pool);
  for (GpuId g = node.first_gpu; g < node.first_gpu + pool.per_node; ++g) {
    if (on) {
      w.gpus[g].ledger.take(reserve, w.now);
    } else {
      w.gpus[g].ledger.give_back(reserve, w.now);
    }
  }
  if (w.histories && on)
    w.histories->forget(node.first_gpu, pool.per_node, static_cast<NodeId>(&node - w.nodes.data()));
  w.nodes_on.add(on ? 1 : -1, w.now);
  w.gpus_on.add(on ? pool.spec->gpus : -pool.spec->gpus, w.now);
}

Duration drawn_for_order(World& w, NodeId id, std::string_view purpose, const Law& law) {
  const NodePool& pool = w.pools[w.nodes[id].pool];
  Rng rng = w.streams.keyed(std::string(purpose) + pool.spec->name, id - pool.first_node, w.nodes[id].orders);
  LawSampler sampler(law);
  return to_duration(sampler(rng));
}

bool order_fails(World& w, NodeId id) {
  const NodePool& pool = w.pools[w.nodes[id].pool];
  const double share = pool.spec->provision_failure_share;
  if (share == 0) return false;
  Rng rng = w.streams.keyed("provision_failure/" + pool.spec->name, id - pool.first_node, w.nodes[id].orders);
  return rng.uniform() < share;
}

bool may_be_ordered(const World& w, const NodePool& pool, NodeId n) {
  if (w.nodes[n].state != NodeState::absent) return false;
  if (pool.zone_out_until.empty()) return true;
  return pool.zone_out_until[(n - pool.first_node) % pool.zone_out_until.size()] <= w.now;
}

}  // namespace

void watch_idle(World& w, NodeId id) {
  ClusterNode& node = w.nodes[id];
  if (node.replicas > 0) return;
  if (node.drained) {
    w.heap.push(w.now, EventKind::node_idle, id, ++node.generation);
  } else if (node.relaying) {
    relayout_begins(w, id);
  } else if (w.scenario.node_scaler.kind == NodeScalerKind::on_demand) {
    w.heap.push(w.now + w.pools[node.pool].spec->scale_down_after, EventKind::node_idle, id, ++node.generation);
  }
}

NodeId orderable_node(const World& w, const NodePool& pool) {
  if (pool.backoff.holds(w.now)) return kNone;
  for (NodeId n = pool.first_node; n < pool.first_node + pool.nodes; ++n)
    if (may_be_ordered(w, pool, n)) return n;
  return kNone;
}

std::uint32_t orderable_nodes(const World& w, const NodePool& pool) {
  std::uint32_t count = 0;
  if (pool.backoff.holds(w.now)) return count;
  for (NodeId n = pool.first_node; n < pool.first_node + pool.nodes; ++n) count += may_be_ordered(w, pool, n) ? 1 : 0;
  return count;
}

void order_node(World& w, NodeId id, bool at_once) {
  ClusterNode& node = w.nodes[id];
  NodePool& pool = w.pools[node.pool];
  node.state = NodeState::ordered;
  ++w.fleet_changes;
  node.layout = node.wanted_layout = pool.layout;
  ++node.generation;
  ++pool.on;
  ++w.nodes_ordered;
  switch_gpus(w, node, true);
  node.meter->on(w.now);
  const Duration machine = at_once ? Duration{} : drawn_for_order(w, id, "provision/", pool.spec->provision);
  const Duration delay = machine + (at_once ? Duration{} : drawn_for_order(w, id, "driver/", pool.spec->driver));
  const bool fails = !at_once && order_fails(w, id);
  ++node.orders;
  node.ordered = w.now;
  node.provisioned = w.now + machine;
  node.usable = w.now + delay;
  node.changed = node.usable;
  const NodeScalerSpec& scaler = w.scenario.node_scaler;
  // Today's rule waits as long as it takes; a real scaler gives up on what is late.
  const bool late = scaler.kind != NodeScalerKind::on_demand && delay > scaler.give_up && !at_once;
  if (at_once) {
    node.state = NodeState::ready;
    ++w.fleet_changes;
    watch_idle(w, id);
    watch_for_reclaim(w, id);
  } else if (fails || late) {
    log_node(w, id, "ordered");
    w.heap.push(w.now + scaler.give_up, EventKind::order_failed, id, node.generation);
  } else {
    log_node(w, id, "ordered");
    w.heap.push(w.now + delay, EventKind::node_ready, id, node.generation);
  }
}

void node_ready(World& w, NodeId id) {
  w.nodes[id].state = NodeState::ready;
  ++w.fleet_changes;
  w.nodes[id].layout = w.nodes[id].wanted_layout =
      w.pools[w.nodes[id].pool].layout;  // it comes cut as is asked for now
  log_node(w, id, "ready");
  watch_idle(w, id);
  watch_for_reclaim(w, id);
  w.room_came = true;
  request_scheduling(w);
}

void order_failed(World& w, NodeId id) {
  NodePool& pool = w.pools[w.nodes[id].pool];
  log_node(w, id, "failed", "no node after max_node_provision_time");
  ++w.orders_failed;
  give_back_node(w, id);
  pool.backoff.failed(w.now);
  look_again_at(w, w.now);
  look_again_at(w, pool.backoff.until());
}

void release_slot(World& w, NodeId id, const Replica& replica) {
  ClusterNode& node = w.nodes[id];
  --node.replicas;
  node.meter->remove_replica(w.now, replica.model);
  const PodRequests asked = requests_of(w, replica);
  node.milli_cpu -= asked.milli_cpu;
  node.memory -= asked.memory;
  node.changed = w.now;
  watch_idle(w, id);
}

void node_idle(World& w, NodeId id) {
  const NodePool& pool = w.pools[w.nodes[id].pool];
  if (!w.nodes[id].drained && pool.on <= static_cast<std::uint32_t>(pool.spec->min_nodes)) return;
  ++w.nodes_given_back;
  log_node(w, id, "given_back");
  give_back_node(w, id);
  keep_minimum(w, pool);
}

void give_back_node(World& w, NodeId id) {
  ClusterNode& node = w.nodes[id];
  node.state = NodeState::absent;
  ++w.fleet_changes;
  ++node.generation;
  node.cordoned = node.drained = node.reclaimed = false;
  node.unneeded_since = kNever;
  forget_images(w, id);
  --w.pools[node.pool].on;
  switch_gpus(w, node, false);
  node.meter->off(w.now);
  if (node.relaying) relayout_given_up(w, id);
}

namespace {

std::vector<ReplicaId> pods_on(const World& w, const ClusterNode& node) {
  std::vector<ReplicaId> out;
  for (GpuId g = node.first_gpu; g < node.first_gpu + w.pools[node.pool].per_node; ++g)
    out.insert(out.end(), w.gpus[g].replicas.begin(), w.gpus[g].replicas.end());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

void empty_node_of_pods(World& w, NodeId id, std::optional<Duration> grace) {
  w.nodes[id].cordoned = true;
  for (const ReplicaId replica : pods_on(w, w.nodes[id])) evict_pod(w, replica, grace);
  request_scheduling(w);
}

void drain_node(World& w, NodeId id, std::optional<Duration> most, std::string_view reason) {
  w.nodes[id].drained = true;
  log_node(w, id, "drained", reason);
  if (most) w.heap.push(w.now + *most, EventKind::node_lost, id, w.nodes[id].orders);
  empty_node_of_pods(w, id, most);
  watch_idle(w, id);
}

void node_lost(World& w, NodeId id) {
  ClusterNode& node = w.nodes[id];
  node.cordoned = true;
  if (node.drained) ++w.nodes_given_back;
  node.drained = false;  // not once more when its last pod leaves
  for (const ReplicaId replica : pods_on(w, node)) lose_pod(w, replica);
  log_node(w, id, "lost");
  give_back_node(w, id);
  keep_minimum(w, w.pools[node.pool]);
  request_scheduling(w);
}

void keep_minimum(World& w, const NodePool& pool) {
  const bool fixed = w.scenario.node_scaler.kind == NodeScalerKind::fixed;
  const int least = fixed ? std::max(pool.spec->min_nodes, pool.spec->initial_nodes) : pool.spec->min_nodes;
  while (pool.on < static_cast<std::uint32_t>(least)) {
    const NodeId node = orderable_node(w, pool);
    if (node == kNone) return;  // when its zone or the pool is back
    order_node(w, node);
  }
}

void log_node(World& w, NodeId id, std::string_view what, std::string_view reason) {
  if (w.options.observer == nullptr) return;
  w.options.observer->on_node(
      {.at = w.now, .node = id, .pool = w.nodes[id].pool, .what = what, .reason = std::string(reason)});
}

}  // namespace windtunnel
