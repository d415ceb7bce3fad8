#include "sim/simulation/pod_fit.hpp"

#include <limits>

#include "sim/simulation/placement.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max() / 2;

// Of a MIG instance; all alike where cards are not cut.
Bytes slot_size(const World& w, const FreeNode& node, std::uint32_t gpu) {
  const NodePool& pool = w.pools[node.pool];
  return pool.spec->sharing.instances.empty() ? Bytes{} : pool.spec->sharing.instances[gpu % pool.per_card].memory;
}

// The GPU with room that suits the pod best, the smallest; kNone if there is none.
std::uint32_t best_slot(const World& w, const FreeNode& node, const Replica& pod) {
  const NodePool& pool = w.pools[node.pool];
  const PodRequests asked = requests_of(w, pod);
  if (asked.milli_cpu > node.milli_cpu || asked.memory > node.memory) return kNone;
  const bool by_memory = pool.spec->fit_memory;
  const Bytes limit = by_memory ? limit_on(w, pod, node.pool) : Bytes{};
  std::uint32_t best = kNone;
  for (std::uint32_t g = 0; g < node.slots.size(); ++g) {
    if (node.slots[g] == 0 || !may_take(pool, g % pool.per_card, pod.model, *w.models[pod.model].spec)) continue;
    if (by_memory && limit > node.unpromised[g]) continue;
    if (best == kNone || slot_size(w, node, g) < slot_size(w, node, best)) best = g;
  }
  return best;
}

void take_slot(const World& w, FreeNode& node, std::uint32_t gpu, const Replica& pod) {
  const PodRequests asked = requests_of(w, pod);
  --node.slots[gpu];
  if (!node.unpromised.empty()) node.unpromised[gpu] -= limit_on(w, pod, node.pool);
  node.milli_cpu -= asked.milli_cpu;
  node.memory -= asked.memory;
}

}  // namespace

FreeNode empty_node(const World& w, std::uint32_t p) {
  return empty_node(w, p, w.pools[p].layout);
}

FreeNode empty_node(const World& w, std::uint32_t p, std::uint32_t layout) {
  const NodePool& pool = w.pools[p];
  const NodePoolSpec& spec = *pool.spec;
  FreeNode out{
      .pool = p, .node = kNone, .slots = {}, .unpromised = {}, .milli_cpu = kUnlimited, .memory = Bytes{kUnlimited}};
  out.slots.assign(pool.per_node, pool.slots);
  if (const auto& instances = spec.sharing.instances; !instances.empty())
    for (std::uint32_t g = 0; g < pool.per_node; ++g)
      if (instances[g % pool.per_card].layout != layout) out.slots[g] = 0;
  if (spec.fit_memory)
    for (std::uint32_t g = 0; g < pool.per_node; ++g) {
      const Bytes size = slot_size(w, out, g);
      out.unpromised.push_back(size.value > 0 ? size : spec.gpu.memory - driver_reserve(pool));
    }
  if (spec.milli_cpu > 0) out.milli_cpu = spec.milli_cpu;
  if (spec.host_memory.value > 0) out.memory = spec.host_memory;
  return out;
}

FreeNode free_on(const World& w, NodeId id) {
  const ClusterNode& node = w.nodes[id];
  const NodePool& pool = w.pools[node.pool];
  FreeNode out = empty_node(w, node.pool);
  out.node = id;
  for (std::uint32_t g = 0; g < pool.per_node; ++g) {
    const GpuState& gpu = w.gpus[node.first_gpu + g];
    out.slots[g] = slots_left(w, gpu);
    if (!out.unpromised.empty()) out.unpromised[g] = unpromised(w, gpu);
  }
  out.milli_cpu -= node.milli_cpu;
  out.memory -= node.memory;
  return out;
}

std::vector<FreeNode> free_nodes(const World& w) {
  std::vector<FreeNode> out;
  for (NodeId n = 0; n < w.nodes.size(); ++n)
    if (w.nodes[n].state != NodeState::absent && !w.nodes[n].cordoned) out.push_back(free_on(w, n));
  return out;
}

bool take_room(const World& w, FreeNode& node, const Replica& pod) {
  const std::uint32_t slot = best_slot(w, node, pod);
  if (slot != kNone) take_slot(w, node, slot, pod);
  return slot != kNone;
}

bool take_room(const World& w, std::span<FreeNode> nodes, const Replica& pod, NodeId except) {
  FreeNode* best = nullptr;
  std::uint32_t best_of_card = kNone;
  for (FreeNode& node : nodes) {
    if (except != kNone && node.node == except) continue;
    const std::uint32_t slot = best_slot(w, node, pod);
    if (slot == kNone) continue;
    if (best != nullptr && slot_size(w, node, slot) >= slot_size(w, *best, best_of_card)) continue;
    best = &node;
    best_of_card = slot;
    if (slot_size(w, node, slot).value == 0) break;  // not cut: none is smaller
  }
  if (best == nullptr) return false;
  take_slot(w, *best, best_of_card, pod);
  return true;
}

std::vector<ReplicaId> pods_without_room(const World& w) {
  std::vector<FreeNode> nodes = free_nodes(w);
  std::vector<ReplicaId> out;
  for (const ReplicaId replica : w.pending_pods)
    if (!take_room(w, nodes, w.replicas[replica])) out.push_back(replica);
  return out;
}

}  // namespace windtunnel
