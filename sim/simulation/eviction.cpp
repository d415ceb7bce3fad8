#include "sim/simulation/eviction.hpp"

#include <algorithm>

#include "sim/core/stable_order.hpp"
#include "sim/simulation/memory.hpp"

namespace windtunnel {
namespace {

// Those above the soft limit, the largest excess first; equals in order of placement.
std::vector<ReplicaId> eviction_candidates(const World& w, GpuId gpu, Bytes soft) {
  std::vector<ReplicaId> above;
  for (const ReplicaId id : w.gpus[gpu].replicas)
    if (held(w.replicas[id]) > soft) above.push_back(id);
  stable_order(above.begin(), above.end(),
               [&](ReplicaId a, ReplicaId b) { return held(w.replicas[a]) > held(w.replicas[b]); });
  return above;
}

}  // namespace

MemoryVerdict evict_for(World& w, ReplicaId requester, const MemoryRequest& request, Bytes soft) {
  const GpuId gpu = w.replicas[requester].gpu;
  std::vector<ReplicaId> victims = eviction_candidates(w, gpu, soft);
  Bytes most = request.device_size - request.device_used;
  std::size_t enough = 0;  // so many of them
  for (std::size_t i = 0; i < victims.size() && enough == 0; ++i) {
    most += held(w.replicas[victims[i]]);
    if (victims[i] == requester || most >= request.asked) enough = i + 1;
  }
  if (enough == 0) return MemoryVerdict::device_full;
  victims.resize(enough);
  for (const ReplicaId victim : victims) {
    kill_replica(w, victim,
                 {.cause = KillCause::soft_limit_eviction,
                  .mechanism = KillMechanism::sigkill,
                  .exit_code = 137,
                  .asked = request.asked,
                  .blast_radius = static_cast<std::uint32_t>(enough - 1)});
    if (victim == requester) return MemoryVerdict::requester_evicted;
  }
  return MemoryVerdict::granted;
}

}  // namespace windtunnel
