#include "sim/simulation/relayout_pending.hpp"

#include <algorithm>
#include <map>

#include "sim/simulation/pod_fit.hpp"
#include "sim/simulation/relayout.hpp"

namespace windtunnel {
namespace {

/// A way to cut a node.
struct Recut {
  NodeId node = kNone;
  std::uint32_t layout = 0;
  std::uint32_t gained = 0, moved = 0;  ///< pods more on the node; those that have to end and start again

  [[nodiscard]] bool beats(const Recut& other) const {
    return gained != other.gained ? gained > other.gained : moved < other.moved;
  }
};

// The node's pods that come back: those that are not being deleted.
std::vector<ReplicaId> staying_pods(const World& w, const ClusterNode& node) {
  std::vector<ReplicaId> out;
  for (GpuId g = node.first_gpu; g < node.first_gpu + w.pools[node.pool].per_node; ++g)
    for (const ReplicaId id : w.gpus[g].replicas)
      if (!w.replicas[id].deleted) out.push_back(id);
  std::sort(out.begin(), out.end());
  return out;
}

// As the scheduler will find it: those without a place come first, then the node's own. @return how many more pods run
// on the node then; 0 if none of them waited long enough, or if any model would have fewer there than now
std::uint32_t gained_by(const World& w, FreeNode cut, const std::vector<ReplicaId>& homeless,
                        const std::vector<ReplicaId>& own) {
  const Duration after = w.pools[cut.pool].spec->sharing.relayout_on_pending->after;
  std::map<ModelId, int> more;  // pods of each model, against now
  std::uint32_t seats = 0;
  bool long_enough = false;
  for (const ReplicaId id : own) --more[w.replicas[id].model];
  const auto seat = [&](ReplicaId id) {
    if (!take_room(w, cut, w.replicas[id])) return false;
    ++more[w.replicas[id].model];
    ++seats;
    return true;
  };
  for (const ReplicaId id : homeless)
    if (seat(id)) long_enough = long_enough || w.replicas[id].created + after <= w.now;
  for (const ReplicaId id : own) seat(id);
  const bool all = std::all_of(more.begin(), more.end(), [](const auto& model) { return model.second >= 0; });
  return all && long_enough ? seats - static_cast<std::uint32_t>(own.size()) : 0;
}

bool may_be_cut(const World& w, NodeId id) {
  const ClusterNode& node = w.nodes[id];
  if (node.state != NodeState::ready || node.cordoned || node.drained || node.reclaimed) return false;
  return node.relayouts == 0 || node.relaid + w.pools[node.pool].spec->sharing.relayout_on_pending->keep <= w.now;
}

void look_for_recut(const World& w, NodeId id, const std::vector<ReplicaId>& homeless, Recut& best) {
  const ClusterNode& node = w.nodes[id];
  const std::vector<ReplicaId> own = staying_pods(w, node);
  for (std::uint32_t layout = 0; layout < w.pools[node.pool].spec->sharing.layouts; ++layout) {
    if (layout == node.layout) continue;
    const Recut recut{.node = id,
                      .layout = layout,
                      .gained = gained_by(w, empty_node(w, node.pool, layout), homeless, own),
                      .moved = static_cast<std::uint32_t>(own.size())};
    if (recut.gained > 0 && (best.node == kNone || recut.beats(best))) best = recut;
  }
}

Recut best_recut(const World& w) {
  Recut best;
  const std::vector<ReplicaId> homeless = pods_without_room(w);  // nor on nodes on order
  if (homeless.empty()) return best;
  for (const NodePool& pool : w.pools) {
    if (!pool.spec->sharing.relayout_on_pending) continue;
    for (NodeId n = pool.first_node; n < pool.first_node + pool.nodes; ++n)
      if (may_be_cut(w, n)) look_for_recut(w, n, homeless, best);
  }
  return best;
}

std::optional<Duration> review_interval(const World& w) {
  std::optional<Duration> out;
  for (const NodePool& pool : w.pools)
    if (const auto& spec = pool.spec->sharing.relayout_on_pending)
      out = out ? std::min(*out, spec->after) : spec->after;
  return out;
}

}  // namespace

void watch_layouts(World& w) {
  if (w.layouts_watched || w.pending_pods.empty()) return;
  const auto interval = review_interval(w);
  if (!interval) return;
  w.layouts_watched = true;
  w.heap.push(w.now + *interval, EventKind::layouts_reviewed, 0);
}

void review_layouts(World& w) {
  w.layouts_watched = false;
  if (w.pending_pods.empty()) return;
  watch_layouts(w);
  if (std::any_of(w.nodes.begin(), w.nodes.end(), [](const ClusterNode& node) { return node.relaying; })) return;
  const Recut recut = best_recut(w);
  if (recut.node == kNone) return;
  w.nodes[recut.node].wanted_layout = recut.layout;
  relayout_node(w, recut.node, "for pods that wait; its own leave");
}

}  // namespace windtunnel
