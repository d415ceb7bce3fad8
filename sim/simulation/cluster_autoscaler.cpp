// One loop of Kubernetes' cluster autoscaler over the simulated nodes.
#include <algorithm>

#include "sim/cluster/expander.hpp"
#include "sim/cluster/node_utilization.hpp"
#include "sim/simulation/node_life.hpp"
#include "sim/simulation/node_scaling.hpp"
#include "sim/simulation/pod_fit.hpp"

namespace windtunnel {
namespace {

double free_share(double left, double whole) {
  return whole > 0 ? left / whole : 0;
}

// New nodes of the pool filled with as many of the pods as go on them, in their order.
GrowthOption try_pool(const World& w, std::uint32_t p, std::span<const ReplicaId> pods) {
  const NodePool& pool = w.pools[p];
  GrowthOption out{.pool = p, .priority = pool.spec->priority};
  const std::uint32_t most = orderable_nodes(w, pool);
  std::vector<FreeNode> nodes;
  for (const ReplicaId replica : pods) {
    const Replica& pod = w.replicas[replica];
    if (!take_room(w, nodes, pod)) {
      FreeNode fresh = empty_node(w, p);
      if (nodes.size() >= most || !take_room(w, fresh, pod)) continue;
      nodes.push_back(std::move(fresh));
    }
    ++out.pods;
  }
  out.nodes = static_cast<std::uint32_t>(nodes.size());
  out.price_usd_per_hour = pool.spec->price_usd_per_hour * out.nodes;
  double cpu = 0, memory = 0;
  for (const FreeNode& node : nodes) {
    cpu += static_cast<double>(node.milli_cpu);
    memory += static_cast<double>(node.memory.value);
  }
  if (pool.spec->milli_cpu > 0) out.waste += free_share(cpu, static_cast<double>(pool.spec->milli_cpu) * out.nodes);
  if (pool.spec->host_memory.value > 0)
    out.waste += free_share(memory, static_cast<double>(pool.spec->host_memory.value) * out.nodes);
  return out;
}

// One pool a loop grows; what it does not take is looked at in the next.
bool order_by_expander(World& w) {
  const auto pods = pods_without_room(w);
  if (pods.empty()) return false;
  std::vector<GrowthOption> options;
  for (std::uint32_t p = 0; p < w.pools.size(); ++p)
    if (const GrowthOption option = try_pool(w, p, pods); option.pods > 0) options.push_back(option);
  if (options.empty()) return false;
  Rng rng = w.streams.keyed("expander", 0, w.scaler.choices++);
  const GrowthOption& chosen = options[choose_growth(w.scenario.node_scaler.expanders, options, rng)];
  for (std::uint32_t n = 0; n < chosen.nodes; ++n) order_node(w, orderable_node(w, w.pools[chosen.pool]));
  w.scaler.last_add = w.now;
  w.scaler.added = true;
  return true;
}

double gpu_request_share(const World& w, const ClusterNode& node) {
  const NodePool& pool = w.pools[node.pool];
  const ResourceUse slots{.allocatable = static_cast<double>(pool.per_node) * pool.slots,
                          .requested = static_cast<double>(node.replicas)};
  return node_utilization(slots, {}, {});
}

// @param others  ascending; the node's own room is gone for those that follow, if its pods fit
bool pods_fit_elsewhere(const World& w, NodeId id, std::vector<FreeNode>& others) {
  const ClusterNode& node = w.nodes[id];
  const auto own =
      std::lower_bound(others.begin(), others.end(), id, [](const FreeNode& free, NodeId n) { return free.node < n; }) -
      others.begin();
  if (node.replicas == 0) {
    others[static_cast<std::size_t>(own)].slots.assign(w.pools[node.pool].per_node, 0);
    return true;
  }
  std::vector<FreeNode> trial = others;
  for (GpuId g = node.first_gpu; g < node.first_gpu + w.pools[node.pool].per_node; ++g)
    for (const ReplicaId replica : w.gpus[g].replicas)
      if (!w.replicas[replica].deleted && !take_room(w, trial, w.replicas[replica], id)) return false;
  trial[static_cast<std::size_t>(own)].slots.assign(w.pools[node.pool].per_node, 0);
  others = std::move(trial);
  return true;
}

// Nodes at or below the threshold whose pods fit on the rest, each after those before it are gone.
void mark_unneeded(World& w) {
  std::vector<FreeNode> others = free_nodes(w);
  std::erase_if(others, [&](const FreeNode& free) { return w.nodes[free.node].state != NodeState::ready; });
  for (NodeId n = 0; n < w.nodes.size(); ++n) {
    ClusterNode& node = w.nodes[n];
    if (node.state != NodeState::ready || node.cordoned) continue;
    const bool unneeded =
        is_underused(gpu_request_share(w, node), w.scenario.node_scaler.threshold) && pods_fit_elsewhere(w, n, others);
    if (!unneeded) node.unneeded_since = kNever;
    if (unneeded && node.unneeded_since == kNever) node.unneeded_since = w.now;
  }
}

bool is_cooling_down(const World& w) {
  const NodeScalerSpec& spec = w.scenario.node_scaler;
  const NodeScalerState& state = w.scaler;
  return (state.added && w.now - state.last_add < spec.delay_after_add) ||
         (state.deleted && w.now - state.last_delete < spec.delay_after_delete);
}

int drains_under_way(const World& w) {
  return static_cast<int>(std::count_if(w.nodes.begin(), w.nodes.end(), [](const ClusterNode& node) {
    return node.state != NodeState::absent && node.drained;
  }));
}

// Empty ones first, then some with pods on them.
bool give_back_unneeded(World& w) {
  const NodeScalerSpec& spec = w.scenario.node_scaler;
  mark_unneeded(w);
  if (is_cooling_down(w)) return false;
  std::vector<std::uint32_t> staying(w.pools.size());
  for (const ClusterNode& node : w.nodes)
    if (node.state != NodeState::absent && !node.cordoned) ++staying[node.pool];
  int drains = drains_under_way(w), deletions = 0;
  for (const bool empty : {true, false}) {
    for (NodeId n = 0; n < w.nodes.size() && deletions < spec.most_deletions; ++n) {
      ClusterNode& node = w.nodes[n];
      if (node.state != NodeState::ready || node.cordoned || (node.replicas == 0) != empty) continue;
      if (node.unneeded_since == kNever || !is_unneeded_for(node.unneeded_since, w.now, spec.unneeded_time)) continue;
      if (staying[node.pool] <= static_cast<std::uint32_t>(w.pools[node.pool].spec->min_nodes)) continue;
      if (!empty && drains >= spec.most_drains) break;
      --staying[node.pool];
      ++deletions;
      drains += empty ? 0 : 1;
      drain_node(w, n, spec.most_graceful, "unneeded");
    }
  }
  if (deletions == 0) return false;
  w.scaler.last_delete = w.now;
  w.scaler.deleted = true;
  return true;
}

}  // namespace

bool autoscaler_loop(World& w) {
  return order_by_expander(w) || give_back_unneeded(w);
}

}  // namespace windtunnel
