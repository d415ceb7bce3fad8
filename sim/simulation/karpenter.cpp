// Karpenter's provisioning and consolidation over the simulated nodes.
#include <algorithm>
#include <cmath>

#include "sim/simulation/node_life.hpp"
#include "sim/simulation/node_scaling.hpp"
#include "sim/simulation/pod_fit.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

// The largest requests first, as it packs them.
void sort_for_packing(const World& w, std::vector<ReplicaId>& pods) {
  const auto asked = [&](ReplicaId id) { return requests_of(w, w.replicas[id]); };
  std::stable_sort(pods.begin(), pods.end(), [&](ReplicaId a, ReplicaId b) {
    return std::pair(asked(a).milli_cpu, asked(a).memory.value) > std::pair(asked(b).milli_cpu, asked(b).memory.value);
  });
}

// One node to be: the pools that could still be it shrink with every pod put on it. @return those left; takes its pods
// out of `pods`
std::vector<FreeNode> pack_one(const World& w, std::vector<ReplicaId>& pods) {
  std::vector<FreeNode> could_be;
  for (std::uint32_t p = 0; p < w.pools.size(); ++p)
    if (orderable_node(w, w.pools[p]) != kNone) could_be.push_back(empty_node(w, p));
  std::vector<ReplicaId> left;
  for (const ReplicaId replica : pods) {
    std::vector<FreeNode> with_it;
    for (FreeNode node : could_be)
      if (take_room(w, node, w.replicas[replica])) with_it.push_back(std::move(node));
    if (with_it.empty()) {
      left.push_back(replica);
    } else {
      could_be = std::move(with_it);
    }
  }
  if (left.size() == pods.size()) could_be.clear();  // none goes anywhere
  pods = std::move(left);
  return could_be;
}

bool has_rested(const World& w, const ClusterNode& node) {
  return w.now - node.changed >= *w.scenario.node_scaler.consolidate_after;
}

bool pods_go_elsewhere(const World& w, NodeId id) {
  const ClusterNode& node = w.nodes[id];
  std::vector<FreeNode> others = free_nodes(w);
  for (GpuId g = node.first_gpu; g < node.first_gpu + w.pools[node.pool].per_node; ++g)
    for (const ReplicaId replica : w.gpus[g].replicas)
      if (!w.replicas[replica].deleted && !take_room(w, others, w.replicas[replica], id)) return false;
  return true;
}

}  // namespace

void provision_by_karpenter(World& w) {
  auto pods = pods_without_room(w);
  sort_for_packing(w, pods);
  while (!pods.empty()) {
    const auto could_be = pack_one(w, pods);
    if (could_be.empty()) return;
    const auto price = [&](const FreeNode& node) { return w.pools[node.pool].spec->price_usd_per_hour; };
    const auto cheapest = std::min_element(could_be.begin(), could_be.end(),
                                           [&](const FreeNode& a, const FreeNode& b) { return price(a) < price(b); });
    order_node(w, orderable_node(w, w.pools[cheapest->pool]));
  }
}

void consolidate(World& w) {
  const NodeScalerSpec& spec = w.scenario.node_scaler;
  std::vector<std::uint32_t> staying(w.pools.size());
  std::size_t on = 0, leaving = 0;
  for (const ClusterNode& node : w.nodes) {
    if (node.state == NodeState::absent) continue;
    ++on;
    leaving += node.cordoned ? 1 : 0;
    staying[node.pool] += node.cordoned ? 0 : 1;
  }
  const auto budget = static_cast<std::size_t>(std::ceil(spec.disruption_budget * static_cast<double>(on) - 1e-9));
  const auto may_go = [&](const ClusterNode& node) {
    return node.state == NodeState::ready && !node.cordoned && has_rested(w, node) && leaving < budget &&
           staying[node.pool] > static_cast<std::uint32_t>(w.pools[node.pool].spec->min_nodes);
  };
  const auto let_go = [&](NodeId n, std::string_view reason) {
    ++leaving;
    --staying[w.nodes[n].pool];
    drain_node(w, n, std::nullopt, reason);
  };
  for (NodeId n = 0; n < w.nodes.size(); ++n)
    if (w.nodes[n].replicas == 0 && may_go(w.nodes[n])) let_go(n, "empty");
  if (!spec.when_underused) return;
  std::vector<NodeId> candidates;  // those with the fewest pods first: the least disruption
  for (NodeId n = 0; n < w.nodes.size(); ++n)
    if (w.nodes[n].replicas > 0 && may_go(w.nodes[n])) candidates.push_back(n);
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&](NodeId a, NodeId b) { return w.nodes[a].replicas < w.nodes[b].replicas; });
  for (const NodeId n : candidates)
    if (pods_go_elsewhere(w, n)) return let_go(n, "underutilized");  // one a look
}

}  // namespace windtunnel
