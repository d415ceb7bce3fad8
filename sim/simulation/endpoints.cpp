#include "sim/simulation/endpoints.hpp"

#include <algorithm>

#include "sim/simulation/rollout.hpp"
#include "sim/simulation/serving.hpp"

namespace windtunnel {
namespace {

void enlist(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (r.listed) return;
  r.listed = true;
  auto& list = w.models[r.model].ready;
  list.insert(std::lower_bound(list.begin(), list.end(), replica), replica);
}

void strike_off(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (!r.listed) return;
  r.listed = false;
  ModelState& m = w.models[r.model];
  m.ready.erase(std::lower_bound(m.ready.begin(), m.ready.end(), replica));
  if (r.state == ReplicaState::gone) m.spare_slots.push_back(replica);  // nobody knows of it any more
}

void tell_list(World& w, ReplicaId replica, bool listed) {
  Replica& r = w.replicas[replica];
  r.to_be_listed = listed;
  const ModelState& m = w.models[r.model];
  if (!m.late_endpoints || w.now == SimTime{}) {  // what is there at time 0 was always there
    if (listed) {
      enlist(w, replica);
    } else {
      strike_off(w, replica);
    }
    return;
  }
  r.endpoints_tag = ++w.generations;
  w.heap.push(w.now + m.spec->network.endpoints, EventKind::endpoints_updated, replica, r.endpoints_tag);
}

// It is told to end, or has ended, or is not there yet: nobody listens.
bool refuses(const Replica& r) {
  return r.state != ReplicaState::ready && r.state != ReplicaState::paused && r.state != ReplicaState::wedged;
}

}  // namespace

void mark_ready(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (!r.counted) w.models[r.model].ready_count.add(1, w.now);
  r.counted = true;
  tell_list(w, replica, true);
  rollout_moved(w, w.models[r.model]);
}

void become_ready(World& w, ReplicaId replica) {
  mark_ready(w, replica);
  ModelState& m = w.models[w.replicas[replica].model];
  if (!m.pull) dispatch_waiting(w, m);
}

void leave_ready(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (r.counted) w.models[r.model].ready_count.add(-1, w.now);
  r.counted = false;
  if (r.listed || r.to_be_listed) tell_list(w, replica, false);
  rollout_moved(w, w.models[r.model]);
}

void endpoints_updated(World& w, ReplicaId replica) {
  if (!w.replicas[replica].to_be_listed) return strike_off(w, replica);
  enlist(w, replica);
  ModelState& m = w.models[w.replicas[replica].model];
  if (!m.pull) dispatch_waiting(w, m);
}

void send_by_late_list(World& w, ModelState& m, QueryId id) {
  Query& q = w.queries[id];
  for (;;) {
    const ReplicaId replica = m.dispatcher.choose(m.ready, w.outstanding);
    if (!refuses(w.replicas[replica])) return send_to(w, m, replica, id);
    ++m.refused;
    ++q.deliveries;
    q.started = w.now;
    if (m.spec->on_kill == OnKill::redeliver && q.deliveries < m.spec->max_deliveries) continue;
    m.queued_area += (w.now - q.enqueued).count();
    --m.queued;
    end_query(w, m, id, Ending::failed);
    return;
  }
}

}  // namespace windtunnel
