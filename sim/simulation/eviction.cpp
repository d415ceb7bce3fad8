#include "sim/simulation/eviction.hpp"

#include <algorithm>

#include "sim/simulation/memory.hpp"

namespace windtunnel {
namespace {

// Those above the soft limit, the largest excess first; equals in order of placement.
std::vector<ReplicaId> eviction_candidates(const World& w, GpuId gpu, Bytes soft) {
  std::vector<ReplicaId> above;
  for (const ReplicaId id : w.gpus[gpu].replicas)
    if (held(w.replicas[id]) > soft) above.push_back(id);
  std::stable_sort(above.begin(), above.end(),
                   [&](ReplicaId a, ReplicaId b) { return held(w.replicas[a]) > held(w.replicas[b]); });
  return above;
}

}  // namespace

MemoryVerdict evict_for(World& w, ReplicaId requester, const MemoryRequest& request, Bytes soft) {
  const GpuId gpu = w.replicas[requester].gpu;
  const std::vector<ReplicaId> victims = eviction_candidates(w, gpu, soft);
  Bytes most = request.device_size - request.device_used;
  bool enough = false;
  for (const ReplicaId victim : victims) {
    most += held(w.replicas[victim]);
    enough = enough || victim == requester || most >= request.asked;
  }
  if (!enough) return MemoryVerdict::device_full;
  for (const ReplicaId victim : victims) {
    kill_replica(w, victim,
                 {.cause = KillCause::soft_limit_eviction,
                  .mechanism = KillMechanism::sigkill,
                  .exit_code = 137,
                  .asked = request.asked});
    if (victim == requester) return MemoryVerdict::requester_evicted;
    if (w.gpus[gpu].ledger.free() >= request.asked) break;
  }
  return MemoryVerdict::granted;
}

}  // namespace windtunnel
