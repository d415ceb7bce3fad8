// Karpenter's consolidation: nodes that are not needed go, and those that one cheaper node could stand for.
#include <algorithm>
#include <array>
#include <cmath>

#include "sim/core/stable_order.hpp"
#include "sim/simulation/node_life.hpp"
#include "sim/simulation/node_scaling.hpp"
#include "sim/simulation/pod_fit.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostTogether = 100;  // [S] candidates of one multi-node consolidation

// What may still be disrupted now.
struct Allowance {
  std::size_t budget = 0;              ///< nodes
  std::vector<std::uint32_t> staying;  ///< by pool
};

Allowance allowance_now(const World& w) {
  Allowance out{.budget = 0, .staying = std::vector<std::uint32_t>(w.pools.size())};
  std::size_t on = 0, leaving = 0;
  for (const ClusterNode& node : w.nodes) {
    if (node.state == NodeState::absent) continue;
    ++on;
    leaving += node.cordoned ? 1 : 0;
    out.staying[node.pool] += node.cordoned ? 0 : 1;
  }
  const double share = w.scenario.node_scaler.disruption_budget;
  const auto most = static_cast<std::size_t>(std::ceil(share * static_cast<double>(on) - 1e-9));
  out.budget = most - std::min(most, leaving);
  return out;
}

// @return whether the node may go; it is then counted as gone
bool take_allowance(const World& w, const ClusterNode& node, Allowance& left) {
  const bool rested = w.now - node.changed >= *w.scenario.node_scaler.consolidate_after;
  if (node.state != NodeState::ready || node.cordoned || !rested || left.budget == 0) return false;
  if (left.staying[node.pool] <= static_cast<std::uint32_t>(w.pools[node.pool].spec->min_nodes)) return false;
  --left.budget;
  --left.staying[node.pool];
  return true;
}

// Whether the cluster does without some nodes.
struct Plan {
  bool works = false;
  std::uint32_t pool = kNone;  ///< of the one node that it takes instead
};

// The cheapest pool, cheaper than all of them together, of which one node takes the pods.
std::uint32_t replacement_pool(const World& w, std::span<const NodeId> leaving, std::span<const ReplicaId> pods) {
  double price = 0;
  bool any_spot = false;
  for (const NodeId n : leaving) {
    price += w.pools[w.nodes[n].pool].spec->price_usd_per_hour;
    any_spot = any_spot || w.pools[w.nodes[n].pool].spec->spot.has_value();
  }
  std::uint32_t best = kNone;
  for (std::uint32_t p = 0; p < w.pools.size(); ++p) {
    const NodePoolSpec& spec = *w.pools[p].spec;
    // One of their own kind would stand for those that are kept of them: that is a deletion.
    const bool same = std::any_of(leaving.begin(), leaving.end(), [&](NodeId n) { return w.nodes[n].pool == p; });
    if (same || spec.price_usd_per_hour >= price || (any_spot && spec.spot)) continue;
    if (orderable_node(w, w.pools[p]) == kNone) continue;
    FreeNode fresh = empty_node(w, p);
    const bool takes_all =
        std::all_of(pods.begin(), pods.end(), [&](ReplicaId pod) { return take_room(w, fresh, w.replicas[pod]); });
    if (!takes_all) continue;
    price = spec.price_usd_per_hour;
    best = p;
  }
  return best;
}

Plan plan_without(const World& w, std::span<const NodeId> leaving) {
  std::vector<FreeNode> others = free_nodes(w);
  std::erase_if(others, [&](const FreeNode& free) {
    return std::find(leaving.begin(), leaving.end(), free.node) != leaving.end();
  });
  std::vector<ReplicaId> left;
  for (const NodeId n : leaving) {
    const ClusterNode& node = w.nodes[n];
    for (GpuId g = node.first_gpu; g < node.first_gpu + w.pools[node.pool].per_node; ++g)
      for (const ReplicaId replica : w.gpus[g].replicas)
        if (!w.replicas[replica].deleted && !take_room(w, others, w.replicas[replica])) left.push_back(replica);
  }
  if (left.empty()) return {.works = true, .pool = kNone};
  const std::uint32_t pool = replacement_pool(w, leaving, left);
  return {.works = pool != kNone, .pool = pool};
}

void carry_out_plan(World& w, std::span<const NodeId> leaving, const Plan& plan) {
  if (plan.pool == kNone) {
    for (const NodeId n : leaving) drain_node(w, n, std::nullopt, "underutilized");
    return;
  }
  NodeReplacement& replacement = w.scaler.replacement.emplace();
  replacement.fresh = orderable_node(w, w.pools[plan.pool]);
  order_node(w, replacement.fresh);
  replacement.orders = w.nodes[replacement.fresh].orders;
  for (const NodeId n : leaving) {
    w.nodes[n].cordoned = true;
    replacement.leaving.push_back(n);
    replacement.leaving_orders.push_back(w.nodes[n].orders);
  }
}

// Old nodes go when the new one is there, and stay when it will not come.
void go_on_replacing(World& w) {
  const NodeReplacement now = *w.scaler.replacement;
  const ClusterNode& fresh = w.nodes[now.fresh];
  const bool lost = fresh.state == NodeState::absent || fresh.orders != now.orders;
  if (!lost && fresh.state != NodeState::ready) return;
  w.scaler.replacement.reset();
  for (std::size_t i = 0; i < now.leaving.size(); ++i) {
    ClusterNode& node = w.nodes[now.leaving[i]];
    if (node.state != NodeState::ready || node.orders != now.leaving_orders[i] || node.drained || node.reclaimed)
      continue;
    if (lost) {
      node.cordoned = false;
      w.room_came = true;
    } else {
      drain_node(w, now.leaving[i], std::nullopt, "replaced by a cheaper node");
    }
  }
}

// Those with the fewest pods first: the least disruption.
std::vector<NodeId> candidates_in_order(const World& w) {
  std::vector<NodeId> out;
  const Allowance now = allowance_now(w);
  for (NodeId n = 0; n < w.nodes.size(); ++n) {
    Allowance alone = now;
    if (w.nodes[n].replicas > 0 && take_allowance(w, w.nodes[n], alone)) out.push_back(n);
  }
  stable_order(out.begin(), out.end(), [&](NodeId a, NodeId b) { return w.nodes[a].replicas < w.nodes[b].replicas; });
  return out;
}

// The most nodes from the front that can go together, by halving as Karpenter looks for them; two at least.
bool consolidate_several(World& w, std::span<const NodeId> candidates) {
  Allowance left = allowance_now(w);
  std::vector<NodeId> together;
  for (const NodeId n : candidates)
    if (together.size() < kMostTogether && take_allowance(w, w.nodes[n], left)) together.push_back(n);
  std::size_t works = 0, low = 2, high = together.size();
  Plan plan;
  while (low <= high) {
    const std::size_t middle = (low + high) / 2;
    const Plan tried = plan_without(w, std::span(together).first(middle));
    if (tried.works) {
      works = middle;
      plan = tried;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  if (works == 0) return false;
  carry_out_plan(w, std::span(together).first(works), plan);
  return true;
}

}  // namespace

void consolidate(World& w) {
  if (w.scaler.replacement) return go_on_replacing(w);
  Allowance left = allowance_now(w);
  for (NodeId n = 0; n < w.nodes.size(); ++n)
    if (w.nodes[n].replicas == 0 && take_allowance(w, w.nodes[n], left)) drain_node(w, n, std::nullopt, "empty");
  if (!w.scenario.node_scaler.when_underused) return;
  const std::vector<NodeId> candidates = candidates_in_order(w);
  if (candidates.empty() || consolidate_several(w, candidates)) return;
  for (const NodeId n : candidates) {
    const std::array one = {n};
    const Plan plan = plan_without(w, one);
    if (!plan.works) continue;
    return carry_out_plan(w, one, plan);  // one a look
  }
}

}  // namespace windtunnel
