#include "sim/simulation/relayout.hpp"

#include <algorithm>

#include "sim/simulation/node_life.hpp"
#include "sim/simulation/placement.hpp"

namespace windtunnel {
namespace {

// Absent nodes come with the layout that is then asked for, and those on their way are cut before they are there.
bool wants_relayout(const World& w, NodeId id) {
  const ClusterNode& node = w.nodes[id];
  return node.state == NodeState::ready && !node.drained && node.layout != node.wanted_layout;
}

// One node at a time, so that the others serve meanwhile.
void relayout_next(World& w, const NodePool& pool) {
  const NodeId end = pool.first_node + pool.nodes;
  for (NodeId n = pool.first_node; n < end; ++n)
    if (w.nodes[n].relaying) return;
  for (NodeId n = pool.first_node; n < end; ++n) {
    if (!wants_relayout(w, n)) continue;
    return relayout_node(w, n, "its pods leave");
  }
}

}  // namespace

void relayout_node(World& w, NodeId id, std::string_view reason) {
  w.nodes[id].relaying = true;
  log_node(w, id, "relayout", reason);
  empty_node_of_pods(w, id, std::nullopt);
  if (w.nodes[id].replicas == 0) relayout_begins(w, id);
}

void start_relayout_clocks(World& w) {
  for (std::uint32_t p = 0; p < w.pools.size(); ++p)
    for (const MigRelayout& change : w.pools[p].spec->sharing.relayouts)
      w.heap.push(SimTime{} + change.at, EventKind::relayout_due, p, change.layout);
}

void relayout_due(World& w, std::uint32_t p, std::uint32_t layout) {
  NodePool& pool = w.pools[p];
  pool.layout = layout;
  for (NodeId n = pool.first_node; n < pool.first_node + pool.nodes; ++n) w.nodes[n].wanted_layout = layout;
  relayout_next(w, pool);
}

void relayout_begins(World& w, NodeId id) {
  ClusterNode& node = w.nodes[id];
  const NodePool& pool = w.pools[node.pool];
  Rng rng = w.streams.keyed("relayout/" + pool.spec->name, id - pool.first_node, node.relayouts);
  const SharingSpec& sharing = pool.spec->sharing;
  const double least_s = to_seconds(sharing.relayout_least);
  const Duration cut = to_duration(least_s + (to_seconds(sharing.relayout_most) - least_s) * rng.uniform());
  const Duration time = cut + sharing.relayout_plugin;
  w.heap.push(w.now + time, EventKind::relayout_done, id, ++node.generation);
}

void relayout_done(World& w, NodeId id) {
  ClusterNode& node = w.nodes[id];
  node.layout = node.wanted_layout;
  node.relaid = w.now;
  node.relaying = node.cordoned = false;
  node.changed = w.now;
  ++node.relayouts;
  ++w.relayouts;
  log_node(w, id, "relaid");
  watch_idle(w, id);
  w.room_came = true;
  request_scheduling(w);
  relayout_next(w, w.pools[node.pool]);
}

void relayout_given_up(World& w, NodeId id) {
  w.nodes[id].relaying = false;
  relayout_next(w, w.pools[w.nodes[id].pool]);
}

}  // namespace windtunnel
