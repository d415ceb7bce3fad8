#include "sim/simulation/termination.hpp"

#include <algorithm>
#include <utility>

#include "sim/cluster/exit_status.hpp"
#include "sim/simulation/endpoints.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/memory.hpp"
#include "sim/simulation/serving.hpp"

namespace windtunnel {
namespace {

constexpr Duration kAfterHook = std::chrono::seconds(2);  // [S] kubelet: what SIGTERM gets when the hook used up all

KillReason ended(KillCause cause, KillMechanism mechanism, ContainerEnd end) {
  return {.cause = cause, .mechanism = mechanism, .exit_code = exit_status(end).code};
}

void drain_from_now(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (r.state == ReplicaState::paused) {  // when it goes on
    w.faults[replica].before = ReplicaState::draining;
    return;
  }
  if (r.state != ReplicaState::ready) return;  // wedged: its probe or the grace period ends it
  r.state = ReplicaState::draining;
  drain_or_remove(w, replica);
}

// SIGKILL after the grace period; SIGTERM now, or after the hook. An earlier end on its way is replaced.
void begin_termination(World& w, ReplicaId replica, std::optional<Duration> most) {
  Replica& r = w.replicas[replica];
  const TerminationSpec& spec = w.models[r.model].spec->termination;
  std::optional<Duration> grace = spec.grace;
  if (most) grace = std::min(grace.value_or(*most), *most);
  const Duration hook = std::min(spec.pre_stop, grace.value_or(spec.pre_stop));
  const bool used_up = grace && spec.pre_stop > Duration{} && spec.pre_stop >= *grace;
  const SimTime kill_at = grace ? w.now + *grace + (used_up ? kAfterHook : Duration{}) : kNever;
  if (r.termination_tag != 0 && r.killed_at <= kill_at) return;
  r.termination_tag = ++w.generations;
  r.killed_at = kill_at;
  if (grace) w.heap.push(kill_at, EventKind::grace_over, replica, r.termination_tag);
  if (hook > Duration{}) {
    w.heap.push(w.now + hook, EventKind::sigterm_sent, replica, r.termination_tag);
  } else {
    sigterm_sent(w, replica);
  }
}

void delete_pod(World& w, ReplicaId replica, std::optional<Duration> most) {
  Replica& r = w.replicas[replica];
  r.deleted = true;
  r.finishing = false;
  switch (r.state) {
    case ReplicaState::pending:
      std::erase(w.pending_pods, replica);
      remove_pod(w, replica);
      break;
    case ReplicaState::ready:
    case ReplicaState::paused:
    case ReplicaState::wedged:
      leave_ready(w, replica);
      begin_termination(w, replica, most);
      break;
    case ReplicaState::draining:  // its liveness had failed
      begin_termination(w, replica, most);
      break;
    case ReplicaState::starting:
    case ReplicaState::backing_off:
      end_process(w, replica);
      remove_pod(w, replica);
      break;
    case ReplicaState::gone: break;
  }
}

bool has_process(const Replica& r) {
  return r.state != ReplicaState::pending && r.state != ReplicaState::backing_off && r.state != ReplicaState::gone;
}

}  // namespace

void drain(World& w, ReplicaId replica, std::optional<Duration> most) {
  w.models[w.replicas[replica].model].current.add(-1, w.now);
  delete_pod(w, replica, most);
}

void retire_pod(World& w, ReplicaId replica) {
  delete_pod(w, replica, std::nullopt);
}

void drain_or_remove(World& w, ReplicaId replica) {
  if (w.outstanding[replica] > 0) return;
  if (std::exchange(w.replicas[replica].finishing, false)) {  // a job has done its queries
    w.models[w.replicas[replica].model].current.add(-1, w.now);
    w.replicas[replica].deleted = true;
  }
  if (!w.replicas[replica].deleted)
    return kill_replica(w, replica, ended(KillCause::probe, KillMechanism::sigterm, ContainerEnd::clean_exit));
  end_process(w, replica);
  remove_pod(w, replica);
}

void reuse(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  r.deleted = false;
  r.termination_tag = 0;
  r.killed_at = kNever;
  w.models[r.model].current.add(1, w.now);
  join_ready(w, replica);
}

void sigterm_sent(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  switch (w.models[r.model].spec->termination.on_sigterm) {
    case OnSigterm::ignore: return;
    case OnSigterm::drain: return drain_from_now(w, replica);
    case OnSigterm::exit: break;
  }
  if (w.outstanding[replica] > 0 || !r.deleted)
    return kill_replica(w, replica,
                        ended(r.deleted ? KillCause::sigterm : KillCause::probe, KillMechanism::sigterm,
                              ContainerEnd::sigterm_default_action));
  end_process(w, replica);
  remove_pod(w, replica);
}

void grace_over(World& w, ReplicaId replica) {
  const Replica& r = w.replicas[replica];
  if (r.state == ReplicaState::wedged) return kill_wedged(w, replica);
  const KillCause cause = r.deleted ? KillCause::grace_period : KillCause::probe;
  kill_replica(w, replica, ended(cause, KillMechanism::sigkill, ContainerEnd::grace_period_overrun));
}

void stop_for_probe(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (r.deleted || r.termination_tag != 0) return;  // ends already
  const ModelSpec& spec = *w.models[r.model].spec;
  r.termination_tag = ++w.generations;
  r.killed_at = w.now + spec.probe.grace;
  w.heap.push(r.killed_at, EventKind::grace_over, replica, r.termination_tag);
  if (spec.termination.on_sigterm != OnSigterm::ignore && r.state != ReplicaState::starting) leave_ready(w, replica);
  if (r.state == ReplicaState::starting && spec.termination.on_sigterm != OnSigterm::ignore)
    return kill_replica(w, replica,
                        ended(KillCause::probe, KillMechanism::sigterm, ContainerEnd::sigterm_default_action));
  sigterm_sent(w, replica);
}

void evict_pod(World& w, ReplicaId replica, std::optional<Duration> most) {
  ++w.pods_evicted;
  if (w.replicas[replica].deleted) {
    if (most && has_process(w.replicas[replica])) begin_termination(w, replica, most);
    return;
  }
  const ModelId model = w.replicas[replica].model;
  delete_pod(w, replica, most);
  replace_replica(w, w.models[model]);
}

void lose_pod(World& w, ReplicaId replica) {
  const bool replaced = !w.replicas[replica].deleted;
  const ModelId model = w.replicas[replica].model;
  if (replaced) {
    w.replicas[replica].deleted = true;
    w.replicas[replica].finishing = false;
    ++w.pods_evicted;
  }
  if (has_process(w.replicas[replica])) {
    kill_replica(w, replica, ended(KillCause::node_lost, KillMechanism::sigkill, ContainerEnd::grace_period_overrun));
  } else {
    end_process(w, replica);
    remove_pod(w, replica);
  }
  if (replaced) replace_replica(w, w.models[model]);
}

}  // namespace windtunnel
