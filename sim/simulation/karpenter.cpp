// Karpenter's provisioning over the simulated nodes.
#include <algorithm>

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

}  // namespace windtunnel
