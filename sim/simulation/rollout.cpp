#include "sim/simulation/rollout.hpp"

#include <algorithm>

#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/termination.hpp"
#include "sim/simulation/vertical.hpp"
#include "sim/simulation/victims.hpp"

namespace windtunnel {
namespace {

bool is_old(const ModelState& m, const Replica& r) {
  return r.pod_template != newest_template(m);
}

RolloutPods count_pods(const World& w, const ModelState& m) {
  RolloutPods pods{.wanted = static_cast<int>(m.current.value())};
  for (const ReplicaId id : m.replicas) {
    const Replica& r = w.replicas[id];
    if (r.deleted) continue;
    ++(is_old(m, r) ? pods.old : pods.fresh);
    if (r.counted) ++(is_old(m, r) ? pods.old_available : pods.fresh_available);
  }
  return pods;
}

// In the order of a scale-in, as the old ReplicaSet's: those that are not ready come first there anyway.
std::vector<ReplicaId> old_pods(const World& w, const ModelState& m, bool available, int count) {
  std::vector<ReplicaId> out;
  if (count == 0) return out;
  for (const ReplicaId id : victims(w, m, m.replicas.size())) {
    const Replica& r = w.replicas[id];
    if (is_old(m, r) && r.counted == available && static_cast<int>(out.size()) < count) out.push_back(id);
  }
  return out;
}

}  // namespace

void begin_rollout(World& w, ModelState& m) {
  m.vertical->rolling = true;
  rollout_moved(w, m);
}

void rollout_moved(World& w, ModelState& m) {
  if (m.vertical == nullptr || !m.vertical->rolling || m.vertical->step_pending) return;
  m.vertical->step_pending = true;
  w.heap.push(w.now, EventKind::rollout_due, m.id);
}

void step_rollout(World& w, ModelState& m) {
  VerticalState& vertical = *m.vertical;
  vertical.step_pending = false;
  const RolloutPods pods = count_pods(w, m);
  if (pods.old == 0 && pods.fresh >= pods.wanted) {
    vertical.rolling = false;
    return;
  }
  const RolloutStep step = next_rollout_step(vertical.spec->rollout, pods);
  std::vector<ReplicaId> leaving = old_pods(w, m, false, step.remove_unavailable);
  for (const ReplicaId id : old_pods(w, m, true, step.remove_available)) leaving.push_back(id);
  for (int i = 0; i < step.create; ++i) (void)replace_replica(w, m);
  for (const ReplicaId id : leaving) retire_pod(w, id);
  vertical.replaced += leaving.size();
  request_scheduling(w);
  if (!leaving.empty()) rollout_moved(w, m);  // some go without a word: those that were pending
}

}  // namespace windtunnel
