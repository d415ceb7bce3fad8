#include "sim/simulation/node_scaling.hpp"

#include "sim/simulation/node_life.hpp"
#include "sim/simulation/pod_fit.hpp"
#include "sim/simulation/relayout_pending.hpp"

namespace windtunnel {
namespace {

constexpr std::uint32_t kPeriodic = 0, kOnce = 1;  // tags of a scan

const NodeScalerSpec& node_scaler(const World& w) {
  return w.scenario.node_scaler;
}

void pods_came_to_window(World& w) {
  const SimTime closes = w.scaler.window.pod_came(w.now);
  w.heap.push(closes, EventKind::pods_batched, 0, ++w.scaler.window_tag);
}

// For each pod in the order of creation: a node on order with room, else a new one of the first pool that has one.
void order_for(World& w, const Replica& pod, std::vector<std::vector<FreeNode>>& coming) {
  for (std::uint32_t p = 0; p < w.pools.size(); ++p) {
    if (take_room(w, coming[p], pod)) return;
    FreeNode fresh = empty_node(w, p);
    if (!take_room(w, fresh, pod)) continue;
    const NodeId node = orderable_node(w, w.pools[p]);
    if (node == kNone) continue;
    order_node(w, node);
    fresh.node = node;
    coming[p].push_back(std::move(fresh));
    return;
  }
}

}  // namespace

void start_node_scaler(World& w) {
  const NodeScalerSpec& spec = node_scaler(w);
  for (NodePool& pool : w.pools)
    pool.backoff = ProvisionBackoff(spec.backoff_first, spec.backoff_most, spec.backoff_reset);
  if (spec.kind == NodeScalerKind::cluster_autoscaler)
    w.heap.push(SimTime{} + spec.phase, EventKind::nodes_scanned, 0, kPeriodic);
  if (spec.kind != NodeScalerKind::karpenter) return;
  w.scaler.window = BatchWindow(spec.batch_idle, spec.batch_most);
  if (spec.consolidate_after) w.heap.push(SimTime{} + spec.disruption_poll, EventKind::nodes_disrupted, 0);
}

void pods_found_no_room(World& w, std::uint32_t fresh) {
  watch_layouts(w);
  switch (node_scaler(w).kind) {
    case NodeScalerKind::on_demand: return order_on_demand(w);
    case NodeScalerKind::cluster_autoscaler:
      if (fresh > 0 && node_scaler(w).frequent_loops) w.heap.push(w.now, EventKind::nodes_scanned, 0, kOnce);
      return;
    case NodeScalerKind::karpenter:
      if (fresh > 0) pods_came_to_window(w);
      return;
    case NodeScalerKind::fixed: return;
  }
}

void look_again_at(World& w, SimTime at) {
  w.heap.push(at, EventKind::nodes_scanned, 0, kOnce);
}

void scan_nodes(World& w, std::uint32_t tag) {
  for (const NodePool& pool : w.pools) keep_minimum(w, pool);
  switch (node_scaler(w).kind) {
    case NodeScalerKind::on_demand: return order_on_demand(w);
    case NodeScalerKind::karpenter:
      if (!w.pending_pods.empty()) pods_came_to_window(w);
      return;
    case NodeScalerKind::fixed: return;
    case NodeScalerKind::cluster_autoscaler: break;
  }
  if (autoscaler_loop(w) && node_scaler(w).frequent_loops) look_again_at(w, w.now);
  if (tag == kPeriodic) w.heap.push(w.now + node_scaler(w).scan_interval, EventKind::nodes_scanned, 0, kPeriodic);
}

void pods_batched(World& w, std::uint32_t tag) {
  if (tag != w.scaler.window_tag) return;  // another pod came meanwhile
  w.scaler.window.close();
  provision_by_karpenter(w);
}

void disrupt_nodes(World& w) {
  consolidate(w);
  w.heap.push(w.now + node_scaler(w).disruption_poll, EventKind::nodes_disrupted, 0);
}

void order_on_demand(World& w) {
  if (w.pending_pods.empty()) return;
  std::vector<std::vector<FreeNode>> coming(w.pools.size());
  for (NodeId n = 0; n < w.nodes.size(); ++n)
    if (w.nodes[n].state == NodeState::ordered && !w.nodes[n].cordoned)
      coming[w.nodes[n].pool].push_back(free_on(w, n));
  for (const ReplicaId replica : w.pending_pods) order_for(w, w.replicas[replica], coming);
}

}  // namespace windtunnel
