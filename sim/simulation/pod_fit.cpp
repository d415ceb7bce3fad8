#include "sim/simulation/pod_fit.hpp"

#include <limits>

#include "sim/simulation/placement.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max() / 2;

// The GPU of a card with room that suits the model best, the smallest; kNone if there is none.
std::uint32_t best_slot(const World& w, const FreeNode& node, ModelId model) {
  const NodePool& pool = w.pools[node.pool];
  const ModelSpec& spec = *w.models[model].spec;
  if (spec.requests.milli_cpu > node.milli_cpu || spec.requests.memory > node.memory) return kNone;
  const auto& instances = pool.spec->sharing.instances;
  std::uint32_t best = kNone;
  for (std::uint32_t c = 0; c < node.slots.size(); ++c) {
    if (node.slots[c] == 0 || !may_take(pool, c, model, spec)) continue;
    if (best == kNone || instances[c].memory < instances[best].memory) best = c;
  }
  return best;
}

void take_slot(const World& w, FreeNode& node, std::uint32_t slot, ModelId model) {
  --node.slots[slot];
  node.milli_cpu -= w.models[model].spec->requests.milli_cpu;
  node.memory -= w.models[model].spec->requests.memory;
}

Bytes slot_size(const World& w, const FreeNode& node, std::uint32_t slot) {
  const auto& instances = w.pools[node.pool].spec->sharing.instances;
  return instances.empty() ? Bytes{} : instances[slot].memory;
}

}  // namespace

FreeNode empty_node(const World& w, std::uint32_t p) {
  const NodePool& pool = w.pools[p];
  const NodePoolSpec& spec = *pool.spec;
  FreeNode out{.pool = p, .node = kNone, .slots = {}, .milli_cpu = kUnlimited, .memory = Bytes{kUnlimited}};
  out.slots.assign(pool.per_card, static_cast<std::uint32_t>(spec.gpus) * pool.slots);
  if (spec.milli_cpu > 0) out.milli_cpu = spec.milli_cpu;
  if (spec.host_memory.value > 0) out.memory = spec.host_memory;
  return out;
}

FreeNode free_on(const World& w, NodeId id) {
  const ClusterNode& node = w.nodes[id];
  const NodePool& pool = w.pools[node.pool];
  FreeNode out = empty_node(w, node.pool);
  out.node = id;
  out.slots.assign(pool.per_card, 0);
  for (std::uint32_t g = 0; g < pool.per_node; ++g)
    out.slots[g % pool.per_card] += slots_left(w, w.gpus[node.first_gpu + g]);
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

bool take_room(const World& w, FreeNode& node, ModelId model) {
  const std::uint32_t slot = best_slot(w, node, model);
  if (slot != kNone) take_slot(w, node, slot, model);
  return slot != kNone;
}

bool take_room(const World& w, std::span<FreeNode> nodes, ModelId model, NodeId except) {
  FreeNode* best = nullptr;
  std::uint32_t best_of_card = kNone;
  for (FreeNode& node : nodes) {
    if (except != kNone && node.node == except) continue;
    const std::uint32_t slot = best_slot(w, node, model);
    if (slot == kNone) continue;
    if (best != nullptr && slot_size(w, node, slot) >= slot_size(w, *best, best_of_card)) continue;
    best = &node;
    best_of_card = slot;
    if (slot_size(w, node, slot).value == 0) break;  // not cut: none is smaller
  }
  if (best == nullptr) return false;
  take_slot(w, *best, best_of_card, model);
  return true;
}

std::vector<ReplicaId> pods_without_room(const World& w) {
  std::vector<FreeNode> nodes = free_nodes(w);
  std::vector<ReplicaId> out;
  for (const ReplicaId replica : w.pending_pods)
    if (!take_room(w, nodes, w.replicas[replica].model)) out.push_back(replica);
  return out;
}

}  // namespace windtunnel
