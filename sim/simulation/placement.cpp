#include "sim/simulation/placement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "models/sharing/mig.hpp"
#include "sim/cluster/node_score.hpp"
#include "sim/cluster/scheduler_backoff.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/node_scaling.hpp"
#include "sim/simulation/start_times.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

const LatencySpec* latency_on(const ModelSpec& model, const GpuType& gpu) {
  const auto it = model.latency.find(gpu.name);
  if (it != model.latency.end()) return &it->second;
  const auto any = model.latency.find("*");
  return any != model.latency.end() ? &any->second : nullptr;
}

Bytes usable_memory(const NodePool& pool, const GpuState& gpu) {
  return gpu.ledger.size() - driver_reserve(pool);
}

std::optional<Bytes> default_limit(const NodePool& pool, Bytes usable) {
  return pool.mode->default_limit(usable, static_cast<int>(pool.slots));
}

// Requests, never use. A resource the pool says nothing of is not limited.
bool has_requested_room(const World& w, const ClusterNode& node, const PodRequests& asked) {
  const NodePoolSpec& pool = *w.pools[node.pool].spec;
  const bool cpu = asked.milli_cpu == 0 || pool.milli_cpu == 0 || node.milli_cpu + asked.milli_cpu <= pool.milli_cpu;
  const bool memory =
      asked.memory.value == 0 || pool.host_memory.value == 0 || node.memory + asked.memory <= pool.host_memory;
  return cpu && memory;
}

/// The least is best.
struct GpuRank {
  std::int64_t instance = 0;  ///< memory of a MIG instance: the smallest that fits
  std::size_t taken = 0, same = 0;
  auto operator<=>(const GpuRank&) const = default;
};

/// The best so far.
struct BestGpu {
  GpuId gpu = kNone;
  GpuRank rank{};
  [[nodiscard]] bool is_perfect() const { return gpu != kNone && rank == GpuRank{}; }
};

// Spread prefers the emptiest GPU, then the one with fewest of the same model; pack the fullest. Then the lowest id.
void look_on_node(const World& w, const NodePool& pool, NodeId n, const Replica& pod, BestGpu& best) {
  const ModelId model = pod.model;
  const bool cut = !pool.instance_modes.empty();
  for (GpuId g = w.nodes[n].first_gpu; g < w.nodes[n].first_gpu + pool.per_node; ++g) {
    const GpuState& gpu = w.gpus[g];
    if (slots_left(w, gpu) == 0) continue;
    if (pool.spec->fit_memory && limit_on(w, pod, gpu.pool) > unpromised(w, gpu)) continue;
    const std::uint32_t of_card = (g - w.nodes[n].first_gpu) % pool.per_card;
    if (cut && !may_take(pool, of_card, model, *w.models[model].spec)) continue;
    const std::size_t taken = gpu.replicas.size();
    const auto same = static_cast<std::size_t>(std::count_if(
        gpu.replicas.begin(), gpu.replicas.end(), [&](ReplicaId r) { return w.replicas[r].model == model; }));
    const GpuRank rank{.instance = cut ? gpu.ledger.size().value : 0,
                       .taken = pool.spec->placement == Placement::spread ? taken : pool.slots - taken,
                       .same = same};
    if (best.gpu == kNone || rank < best.rank) best = {g, rank};
    if (best.is_perfect()) return;
  }
}

bool takes_pod(const World& w, NodeId n, const PodRequests& asked) {
  const ClusterNode& node = w.nodes[n];
  return node.state == NodeState::ready && !node.cordoned && has_requested_room(w, node, asked);
}

bool may_run_on(const NodePool& pool, ModelId id, const ModelSpec& model) {
  return !pool.instance_modes.empty() || may_take(pool, 0, id, model);
}

// Pools are tried in the order of the file.
GpuId first_choice(const World& w, const Replica& pod) {
  const ModelId model = pod.model;
  const ModelSpec& spec = *w.models[model].spec;
  const PodRequests asked = requests_of(w, pod);
  for (const NodePool& pool : w.pools) {
    if (!may_run_on(pool, model, spec)) continue;
    BestGpu best;
    for (NodeId n = pool.first_node; n < pool.first_node + pool.nodes && !best.is_perfect(); ++n)
      if (takes_pod(w, n, asked)) look_on_node(w, pool, n, pod, best);
    if (best.gpu != kNone) return best.gpu;
  }
  return kNone;
}

// Of one node with the new pod on it, 0 to 100.
std::int64_t score_of(const World& w, NodeId n, const PodRequests& pod) {
  const SchedulerSpec& spec = *w.scenario.scheduler;
  const ClusterNode& node = w.nodes[n];
  const NodePoolSpec& pool = *w.pools[node.pool].spec;
  const auto at_least = [](std::int64_t asked, std::int64_t unstated) { return asked > 0 ? asked : unstated; };
  // Scores, unlike room, count a pod that asks for nothing as a little.
  std::int64_t milli_cpu = at_least(pod.milli_cpu, kUnstatedMilliCpu);
  std::int64_t memory = at_least(pod.memory.value, kUnstatedMemory);
  std::int64_t slots = 0;
  for (GpuId g = node.first_gpu; g < node.first_gpu + w.pools[node.pool].per_node; ++g) {
    for (const ReplicaId id : w.gpus[g].replicas) {
      const PodRequests asked = requests_of(w, w.replicas[id]);
      milli_cpu += at_least(asked.milli_cpu, kUnstatedMilliCpu);
      memory += at_least(asked.memory.value, kUnstatedMemory);
      ++slots;
    }
  }
  std::array<NodeResource, 3> resources{};
  std::size_t used = 0;
  const auto add = [&](std::int64_t allocatable, std::int64_t requested, std::int64_t weight) {
    if (weight > 0) resources[used++] = {allocatable, requested, weight};
  };
  add(pool.milli_cpu, milli_cpu, spec.cpu_weight);
  add(pool.host_memory.value, memory, spec.memory_weight);
  add(static_cast<std::int64_t>(w.pools[node.pool].per_node) * w.pools[node.pool].slots, slots + 1, spec.gpu_weight);
  const std::span<const NodeResource> known(resources.data(), used);
  switch (spec.scoring) {
    case NodeScoring::most_allocated: return score_most_allocated(known);
    case NodeScoring::requested_to_capacity: return score_requested_to_capacity(known, spec.shape);
    case NodeScoring::least_allocated: break;
  }
  return score_least_allocated(known);
}

// The node with the highest score, drawn among equals; on it the GPU the device plugin prefers.
GpuId scored_choice(const World& w, const Replica& r) {
  const ModelSpec& model = *w.models[r.model].spec;
  const PodRequests asked = requests_of(w, r);
  std::vector<GpuId> best;
  std::int64_t highest = -1;
  for (const NodePool& pool : w.pools) {
    if (!may_run_on(pool, r.model, model)) continue;
    for (NodeId n = pool.first_node; n < pool.first_node + pool.nodes; ++n) {
      if (!takes_pod(w, n, asked)) continue;
      BestGpu on_node;
      look_on_node(w, pool, n, r, on_node);
      if (on_node.gpu == kNone) continue;
      const std::int64_t score = score_of(w, n, asked);
      if (score > highest) best.clear();
      highest = std::max(highest, score);
      if (score == highest) best.push_back(on_node.gpu);
    }
  }
  if (best.empty()) return kNone;
  if (best.size() == 1) return best.front();
  Rng rng = w.streams.keyed("scheduler/" + model.name, r.ordinal, r.schedule_attempts);
  return best[rng.below(static_cast<std::uint32_t>(best.size()))];
}

void occupy(World& w, ReplicaId replica, GpuId g) {
  Replica& r = w.replicas[replica];
  GpuState& gpu = w.gpus[g];
  const NodePool& pool = w.pools[gpu.pool];
  ModelState& m = w.models[r.model];
  const LatencySpec& latency = *latency_on(*m.spec, pool.spec->gpu);
  r.gpu = g;
  ++w.fleet_changes;
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
  r.work_factor = gpu.mode->work_factor();
  r.solo_share = share;
  r.most_share = gpu.mode->largest_share(m.spec->mps_active_threads > 0 ? m.spec->mps_active_threads : 1);
  r.by_law = latency.time.has_value();
  r.special = latency.gpu_active < 1 || !latency.is_plain();
  r.sm_activity = std::min(1.0, latency.sm_activity / share);  // of the SMs there are here
  r.limit = gpu_limit_of(w, r);
  if (!r.limit) r.limit = default_limit(pool, usable_memory(pool, gpu));
  gpu.promised += r.limit.value_or(Bytes{});
  if (pool.per_model_curve) w.shares.set_equal(g, w.curves[gpu.pool * w.models.size() + r.model].get());
  gpu.replicas.push_back(replica);
  ClusterNode& node = w.nodes[gpu.node];
  ++node.replicas;
  ++node.generation;  // an idle timer on its way is stale now
  const PodRequests asked = requests_of(w, r);
  node.milli_cpu += asked.milli_cpu;
  node.memory += asked.memory;
  node.changed = w.now;
  node.meter->add_replica(w.now, r.model);
  m.placed.add(1, w.now);
}

// The scheduler's back-off queue is emptied each second.
SimTime next_flush(SimTime at) {
  constexpr Duration kEach = std::chrono::seconds(1);
  const auto ns = at.time_since_epoch().count();
  return SimTime{kEach * ((ns + kEach.count() - 1) / kEach.count())};
}

// @return whether the scheduler looks at the pod now; else it will later
bool is_tried(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (!w.scenario.scheduler || r.schedule_attempts == 0) return true;
  if (w.room_came && !r.room_came) {
    r.room_came = true;
    if (r.schedule_after > w.now) w.heap.push(r.schedule_after, EventKind::pods_scheduled, 0);
  }
  return r.room_came && r.schedule_after <= w.now;
}

void found_no_room(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ++r.schedule_attempts;
  if (!w.scenario.scheduler) return;
  const SchedulerSpec& spec = *w.scenario.scheduler;
  r.room_came = false;
  r.schedule_after = next_flush(w.now + scheduler_backoff(r.schedule_attempts, spec.backoff_first, spec.backoff_most));
}

}  // namespace

Bytes unpromised(const World& w, const GpuState& gpu) {
  return usable_memory(w.pools[gpu.pool], gpu) - gpu.promised;
}

Bytes limit_on(const World& w, const Replica& pod, std::uint32_t p) {
  if (const auto own = gpu_limit_of(w, pod)) return *own;
  const NodePool& pool = w.pools[p];
  return default_limit(pool, pool.spec->gpu.memory - driver_reserve(pool)).value_or(Bytes{});
}

std::uint32_t slots_left(const World& w, const GpuState& gpu) {
  if (!is_there(w, gpu)) return 0;
  const NodePool& pool = w.pools[gpu.pool];
  const auto limit = static_cast<std::uint32_t>(pool.mode->client_limit());
  const std::uint32_t slots = limit > 0 ? std::min(pool.slots, limit) : pool.slots;
  const auto taken = static_cast<std::uint32_t>(gpu.replicas.size());
  return slots > taken ? slots - taken : 0;
}

bool may_take(const NodePool& pool, std::uint32_t of_card, ModelId id, const ModelSpec& model) {
  if (latency_on(model, pool.spec->gpu) == nullptr) return false;
  const auto& instances = pool.spec->sharing.instances;
  return instances.empty() ? model.mig_profile.empty() : static_cast<bool>(instances[of_card].holds[id]);
}

void request_scheduling(World& w) {
  if (w.pods_wait || w.pending_pods.empty()) return;
  w.pods_wait = true;
  w.heap.push(w.now, EventKind::pods_scheduled, 0);
}

bool place(World& w, ReplicaId replica) {
  const GpuId gpu = w.scenario.scheduler ? scored_choice(w, w.replicas[replica]) : first_choice(w, w.replicas[replica]);
  if (gpu == kNone) return false;
  occupy(w, replica, gpu);
  return true;
}

void schedule_pods(World& w) {
  w.pods_wait = false;
  std::vector<ReplicaId> waiting;
  waiting.swap(w.pending_pods);
  std::vector<ReplicaId> left;
  std::uint32_t fresh = 0;  // found no room for the first time
  for (const ReplicaId replica : waiting) {
    if (is_tried(w, replica)) {
      if (place(w, replica)) {
        part_pending_time(w, replica);
        start_process(w, replica);
        continue;
      }
      fresh += w.replicas[replica].schedule_attempts == 0 ? 1 : 0;
      found_no_room(w, replica);
    }
    left.push_back(replica);
  }
  w.room_came = false;
  w.pending_pods.insert(w.pending_pods.begin(), left.begin(), left.end());
  pods_found_no_room(w, fresh);
}

}  // namespace windtunnel
