#include "sim/simulation/placement.hpp"

#include <algorithm>
#include <cmath>

#include "models/sharing/mig.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/start_times.hpp"
#include "sim/simulation/transfers.hpp"

namespace windtunnel {
namespace {

const LatencySpec* latency_on(const ModelSpec& model, const GpuType& gpu) {
  const auto it = model.latency.find(gpu.name);
  if (it != model.latency.end()) return &it->second;
  const auto any = model.latency.find("*");
  return any != model.latency.end() ? &any->second : nullptr;
}

std::uint32_t slots_left(const World& w, const GpuState& gpu) {
  const NodePool& pool = w.pools[gpu.pool];
  const auto limit = static_cast<std::uint32_t>(pool.mode->client_limit());
  const std::uint32_t slots = limit > 0 ? std::min(pool.slots, limit) : pool.slots;
  const auto taken = static_cast<std::uint32_t>(gpu.replicas.size());
  return slots > taken ? slots - taken : 0;
}

// Whether that GPU of a card of the pool (0 where cards are not cut) may take the model.
bool may_take(const NodePool& pool, std::uint32_t of_card, ModelId id, const ModelSpec& model) {
  if (latency_on(model, pool.spec->gpu) == nullptr) return false;
  const auto& instances = pool.spec->sharing.instances;
  return instances.empty() ? model.mig_profile.empty() : static_cast<bool>(instances[of_card].holds[id]);
}

/// The least is best.
struct GpuRank {
  std::int64_t instance = 0;  ///< memory of a MIG instance: the smallest that fits
  std::size_t taken = 0, same = 0;
  auto operator<=>(const GpuRank&) const = default;
};

// Spread prefers the emptiest GPU, then the one with fewest of the same model; pack the fullest. Then the lowest id.
GpuId choose_gpu(const World& w, ModelId model) {
  GpuId best = kNone;
  GpuRank best_rank;
  for (const NodePool& pool : w.pools) {
    const bool cut = !pool.instance_modes.empty();
    if (!cut && !may_take(pool, 0, model, *w.models[model].spec)) continue;
    for (NodeId n = pool.first_node; n < pool.first_node + pool.nodes; ++n) {
      if (w.nodes[n].state != NodeState::ready) continue;
      for (GpuId g = w.nodes[n].first_gpu; g < w.nodes[n].first_gpu + pool.per_node; ++g) {
        const GpuState& gpu = w.gpus[g];
        if (slots_left(w, gpu) == 0) continue;
        const std::uint32_t of_card = (g - w.nodes[n].first_gpu) % pool.per_card;
        if (cut && !may_take(pool, of_card, model, *w.models[model].spec)) continue;
        const std::size_t taken = gpu.replicas.size();
        const auto same = static_cast<std::size_t>(std::count_if(
            gpu.replicas.begin(), gpu.replicas.end(), [&](ReplicaId r) { return w.replicas[r].model == model; }));
        const GpuRank rank{.instance = cut ? gpu.ledger.size().value : 0,
                           .taken = pool.spec->placement == Placement::spread ? taken : pool.slots - taken,
                           .same = same};
        if (best == kNone || rank < best_rank) {
          best = g;
          best_rank = rank;
          if (rank == GpuRank{}) return best;
        }
      }
    }
    if (best != kNone) return best;  // pools are tried in the order of the file
  }
  return best;
}

void occupy(World& w, ReplicaId replica, GpuId g) {
  Replica& r = w.replicas[replica];
  GpuState& gpu = w.gpus[g];
  const NodePool& pool = w.pools[gpu.pool];
  ModelState& m = w.models[r.model];
  const LatencySpec& latency = *latency_on(*m.spec, pool.spec->gpu);
  r.gpu = g;
  // What the mode costs, and a share of the card, fall on the GPU part of the work alone. A law knows of the share
  // itself.
  const double share = gpu.mode->solo_share();
  const double slowdown = latency.time ? 1 : slice_slowdown(latency.sm_activity, share);
  const double factor = gpu.mode->work_factor() * slowdown;
  const double longer = 1 + (factor - 1) * latency.gpu_active;
  r.fixed_ns = latency.fixed_s * 1e9 * longer;
  r.per_item_ns = latency.per_item_s * 1e9 * longer;
  r.gpu_active = latency.gpu_active * factor / longer;
  r.latency = &latency;
  r.longer = longer;
  r.solo_share = share;
  r.most_share = gpu.mode->largest_share(m.spec->mps_active_threads > 0 ? m.spec->mps_active_threads : 1);
  r.by_law = latency.time.has_value();
  r.special = latency.gpu_active < 1 || !latency.is_plain();
  r.sm_activity = std::min(1.0, latency.sm_activity / share);  // of the SMs there are here
  const Bytes usable = gpu.ledger.size() - driver_reserve(pool);
  r.limit =
      m.spec->memory_limit ? m.spec->memory_limit : pool.mode->default_limit(usable, static_cast<int>(pool.slots));
  if (pool.per_model_curve) w.shares.set_equal(g, w.curves[gpu.pool * w.models.size() + r.model].get());
  gpu.replicas.push_back(replica);
  ClusterNode& node = w.nodes[gpu.node];
  ++node.replicas;
  ++node.generation;  // an idle timer on its way is stale now
  node.meter->add_replica(w.now, r.model);
  m.placed.add(1, w.now);
}

NodeId absent_node(const World& w, const NodePool& pool) {
  for (NodeId n = pool.first_node; n < pool.first_node + pool.nodes; ++n)
    if (w.nodes[n].state == NodeState::absent) return n;
  return kNone;
}

/// Slots on nodes that are on order, by GPU of a card.
struct Coming {
  std::vector<std::uint32_t> slots;

  explicit Coming(const NodePool& pool) : slots(pool.per_card) {}
  void add_node(const NodePool& pool) {
    for (auto& n : slots) n += static_cast<std::uint32_t>(pool.spec->gpus) * pool.slots;
  }
  /// Takes a slot of the smallest GPU that may take the model. @return whether there was one
  bool take(const NodePool& pool, ModelId id, const ModelSpec& model) {
    std::uint32_t best = kNone;
    const auto& instances = pool.spec->sharing.instances;
    for (std::uint32_t c = 0; c < slots.size(); ++c) {
      if (slots[c] == 0 || !may_take(pool, c, id, model)) continue;
      if (best == kNone || instances[c].memory < instances[best].memory) best = c;
    }
    if (best != kNone) --slots[best];
    return best != kNone;
  }
};

bool may_take_somewhere(const NodePool& pool, ModelId id, const ModelSpec& model) {
  for (std::uint32_t c = 0; c < pool.per_card; ++c)
    if (may_take(pool, c, id, model)) return true;
  return false;
}

// Nodes for pending replicas: those on order count first.
void order_nodes(World& w) {
  std::vector<Coming> coming;
  for (const NodePool& pool : w.pools) coming.emplace_back(pool);
  for (const ClusterNode& node : w.nodes)
    if (node.state == NodeState::ordered) coming[node.pool].add_node(w.pools[node.pool]);
  for (const ReplicaId replica : w.pending_pods) {
    const ModelId id = w.replicas[replica].model;
    const ModelSpec& model = *w.models[id].spec;
    for (std::size_t p = 0; p < w.pools.size(); ++p) {
      const NodePool& pool = w.pools[p];
      if (!may_take_somewhere(pool, id, model)) continue;
      if (coming[p].take(pool, id, model)) break;
      const NodeId node = absent_node(w, pool);
      if (node == kNone) continue;
      order_node(w, node);
      coming[p].add_node(pool);
      (void)coming[p].take(pool, id, model);
      break;
    }
  }
}

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
  w.nodes_on.add(on ? 1 : -1, w.now);
  w.gpus_on.add(on ? pool.spec->gpus : -pool.spec->gpus, w.now);
}

void watch_idle(World& w, NodeId id) {
  ClusterNode& node = w.nodes[id];
  if (node.replicas > 0) return;
  w.heap.push(w.now + w.pools[node.pool].spec->scale_down_after, EventKind::node_idle, id, ++node.generation);
}

}  // namespace

void request_scheduling(World& w) {
  if (w.pods_wait || w.pending_pods.empty()) return;
  w.pods_wait = true;
  w.heap.push(w.now, EventKind::pods_scheduled, 0);
}

bool place(World& w, ReplicaId replica) {
  const GpuId gpu = choose_gpu(w, w.replicas[replica].model);
  if (gpu == kNone) return false;
  occupy(w, replica, gpu);
  return true;
}

void schedule_pods(World& w) {
  w.pods_wait = false;
  std::vector<ReplicaId> waiting;
  waiting.swap(w.pending_pods);
  std::vector<ReplicaId> left;
  for (const ReplicaId replica : waiting) {
    if (place(w, replica)) {
      part_pending_time(w, replica);
      start_process(w, replica);
    } else {
      left.push_back(replica);
    }
  }
  w.pending_pods.insert(w.pending_pods.begin(), left.begin(), left.end());
  order_nodes(w);
}

namespace {

Duration driver_time(World& w, NodeId id, std::uint32_t order) {
  const NodePool& pool = w.pools[w.nodes[id].pool];
  Rng rng = w.streams.keyed("driver/" + pool.spec->name, id - pool.first_node, order);
  LawSampler law(pool.spec->driver);
  return to_duration(law(rng));
}

}  // namespace

void order_node(World& w, NodeId id, bool at_once) {
  ClusterNode& node = w.nodes[id];
  NodePool& pool = w.pools[node.pool];
  node.state = NodeState::ordered;
  ++node.generation;
  ++pool.on;
  ++w.nodes_ordered;
  switch_gpus(w, node, true);
  node.meter->on(w.now);
  Rng rng = w.streams.keyed("provision/" + pool.spec->name, id - pool.first_node, node.orders++);
  LawSampler law(pool.spec->provision);
  const Duration machine = at_once ? Duration{} : to_duration(law(rng));
  const Duration delay = machine + (at_once ? Duration{} : driver_time(w, id, node.orders - 1));
  node.ordered = w.now;
  node.provisioned = w.now + machine;
  node.usable = w.now + delay;
  if (at_once) {
    node.state = NodeState::ready;
    watch_idle(w, id);
  } else {
    w.heap.push(w.now + delay, EventKind::node_ready, id, node.generation);
  }
}

void node_ready(World& w, NodeId id) {
  w.nodes[id].state = NodeState::ready;
  watch_idle(w, id);
  request_scheduling(w);
}

void release_slot(World& w, NodeId id, ModelId model) {
  ClusterNode& node = w.nodes[id];
  --node.replicas;
  node.meter->remove_replica(w.now, model);
  watch_idle(w, id);
}

void node_idle(World& w, NodeId id) {
  ClusterNode& node = w.nodes[id];
  NodePool& pool = w.pools[node.pool];
  if (pool.on <= static_cast<std::uint32_t>(pool.spec->min_nodes)) return;
  node.state = NodeState::absent;
  ++node.generation;
  forget_images(w, id);
  --pool.on;
  switch_gpus(w, node, false);
  node.meter->off(w.now);
}

}  // namespace windtunnel
