#include "sim/simulation/victims.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "sim/cluster/victim_order.hpp"

namespace windtunnel {
namespace {

// Of the API server, at random: what decides between pods whose ages are alike. Keyed, so that no policy moves it.
std::string uid_of(const World& w, const ModelState& m, const Replica& r) {
  Rng rng = w.streams.keyed("pod_uid/" + m.spec->name, r.ordinal, 0);
  return fmt::format("{:016x}", rng());
}

// Pending until its containers have started.
ReplicaPhase deletion_phase_of(const Replica& r) {
  const bool starts = r.state == ReplicaState::starting && r.stage <= kContainer && r.starts <= 1;
  return r.state == ReplicaState::pending || starts ? ReplicaPhase::pending : ReplicaPhase::running;
}

std::vector<PodStanding> standings(const World& w, const ModelState& m, std::span<const ReplicaId> ids) {
  std::map<NodeId, std::uint32_t> on_node;
  for (const ReplicaId id : ids)
    if (w.replicas[id].gpu != kNone) ++on_node[w.gpus[w.replicas[id].gpu].node];
  std::vector<PodStanding> out;
  for (const ReplicaId id : ids) {
    const Replica& r = w.replicas[id];
    const bool assigned = r.gpu != kNone;
    out.push_back({.uid = uid_of(w, m, r),
                   .assigned = assigned,
                   .phase = deletion_phase_of(r),
                   .ready = r.counted,
                   .deletion_cost = m.scaling->by_load ? static_cast<int>(w.outstanding[id]) : 0,
                   .rank = assigned ? on_node[w.gpus[r.gpu].node] : 0,
                   .ready_age = w.now - r.ready_at,
                   .restarts = r.starts > 0 ? r.starts - 1 : 0,
                   .age = w.now - r.created});
  }
  return out;
}

// Those without work first, and those that are on their way last; then the youngest.
std::vector<std::size_t> idle_first(const World& w, std::span<const ReplicaId> ids) {
  const auto rank = [&](std::size_t i) {
    const Replica& r = w.replicas[ids[i]];
    const int phase = r.state != ReplicaState::ready ? 2 : w.outstanding[ids[i]] > 0 ? 1 : 0;
    return std::tuple(phase, -r.ready_since.time_since_epoch().count(), -static_cast<std::int64_t>(r.ordinal));
  };
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return order;
}

}  // namespace

std::vector<ReplicaId> victims(const World& w, const ModelState& m, std::size_t count) {
  std::vector<ReplicaId> ids;
  for (const ReplicaId id : m.replicas)
    if (!w.replicas[id].deleted) ids.push_back(id);
  const auto order = m.scaling->idle_first ? idle_first(w, ids) : victim_order(standings(w, m, ids));
  std::vector<ReplicaId> out;
  for (std::size_t i = 0; i < count && i < order.size(); ++i) out.push_back(ids[order[i]]);
  return out;
}

}  // namespace windtunnel
