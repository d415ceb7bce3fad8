#include "sim/simulation/probes.hpp"

#include "sim/cluster/probe_ticks.hpp"
#include "sim/simulation/endpoints.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/termination.hpp"

namespace windtunnel {
namespace {

const ProbeSpec& probes_of(const World& w, const Replica& r) {
  return w.models[r.model].spec->probe;
}

const std::optional<ProbeTicker>& ticker_of(const ProbeSpec& spec, ProbeKind kind) {
  switch (kind) {
    case kStartupProbe: return spec.startup;
    case kReadinessProbe: return spec.readiness;
    default: return spec.liveness;
  }
}

EventKind sent_event(ProbeKind kind) {
  return kind == kReadinessProbe ? EventKind::readiness_probed : EventKind::liveness_probed;
}

// Whether something but a wedge can keep the replica from answering.
bool can_be_deaf(const World& w, const Replica& r) {
  const ModelSpec& spec = *w.models[r.model].spec;
  return spec.probe.blocked_while_busy || spec.faults.pause.has_value();
}

bool answers_now(const World& w, const Replica& r) {
  return r.state != ReplicaState::paused && !(probes_of(w, r).blocked_while_busy && r.active > 0);
}

// Other probes wait for the startup probe's success.
SimTime others_begin(const World& w, const Replica& r) {
  const auto& startup = probes_of(w, r).startup;
  return startup ? tick_at_or_after(r.probes.first[kStartupProbe], startup->period, r.ready_since) : r.ready_since;
}

void judge_readiness(World& w, ReplicaId replica, bool success) {
  Replica& r = w.replicas[replica];
  const ProbeTicker& ticker = *probes_of(w, r).readiness;
  std::uint32_t& in_a_row = r.probes.in_a_row[kReadinessProbe];
  if (success == r.counted) {  // nothing new
    in_a_row = 0;
    return;
  }
  ++in_a_row;
  const int threshold = success ? ticker.success_threshold : ticker.failure_threshold;
  if (in_a_row < static_cast<std::uint32_t>(threshold)) return;
  in_a_row = 0;
  if (!success) return leave_ready(w, replica);
  become_ready(w, replica);
}

void judge_liveness(World& w, ReplicaId replica, bool success) {
  Replica& r = w.replicas[replica];
  std::uint32_t& in_a_row = r.probes.in_a_row[kLivenessProbe];
  in_a_row = success ? 0 : in_a_row + 1;
  if (in_a_row < static_cast<std::uint32_t>(probes_of(w, r).liveness->failure_threshold)) return;
  in_a_row = 0;
  stop_for_probe(w, replica);
}

void judge(World& w, ReplicaId replica, ProbeKind kind, bool success) {
  if (kind == kReadinessProbe) {
    judge_readiness(w, replica, success);
  } else {
    judge_liveness(w, replica, success);
  }
}

bool is_probed(const Replica& r) {
  return !r.deleted && (r.state == ReplicaState::ready || r.state == ReplicaState::paused);
}

}  // namespace

void start_tickers(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  const ProbeSpec& spec = probes_of(w, r);
  if (!spec.startup && !spec.readiness && !spec.liveness) return;
  r.probes = {};
  Rng rng = w.streams.keyed("probe/" + w.models[r.model].spec->name, r.ordinal, r.starts);
  for (const ProbeKind kind : {kStartupProbe, kReadinessProbe, kLivenessProbe}) {
    const double phase = rng.uniform();  // drawn for all: one probe more moves no other
    const auto& ticker = ticker_of(spec, kind);
    if (ticker) r.probes.first[kind] = w.now + ticker->initial_delay + to_duration(phase * to_seconds(ticker->period));
  }
  const ProbeKind kind = spec.startup ? kStartupProbe : kLivenessProbe;
  const auto& ticker = ticker_of(spec, kind);
  if (!ticker) return;
  // Nobody listens yet, so that every one of its probes is refused at once until it serves.
  w.heap.push(r.probes.first[kind] + ticker->period * (ticker->failure_threshold - 1), EventKind::startup_failed,
              replica, r.generation);
}

bool await_readiness(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  const auto& readiness = probes_of(w, r).readiness;
  if (!readiness) return false;
  const SimTime first = tick_at_or_after(r.probes.first[kReadinessProbe], readiness->period, others_begin(w, r));
  w.heap.push(first + readiness->period * (readiness->success_threshold - 1), EventKind::readiness_reached, replica,
              r.generation);
  return true;
}

void watch_by_probes(World& w, ReplicaId replica) {
  const Replica& r = w.replicas[replica];
  const ProbeSpec& spec = probes_of(w, r);
  if ((!spec.readiness && !spec.liveness) || !can_be_deaf(w, r)) return;
  for (const ProbeKind kind : {kReadinessProbe, kLivenessProbe}) {
    const auto& ticker = ticker_of(spec, kind);
    if (!ticker) continue;
    const SimTime next = tick_at_or_after(r.probes.first[kind], ticker->period, others_begin(w, r));
    w.heap.push(next, sent_event(kind), replica, r.generation);
  }
}

void startup_failed(World& w, ReplicaId replica) {
  if (w.replicas[replica].state == ReplicaState::starting) stop_for_probe(w, replica);
}

void send_probe(World& w, ReplicaId replica, ProbeKind kind) {
  const Replica& r = w.replicas[replica];
  if (!is_probed(r)) return;  // wedged, or on its way out: others see to that
  const ProbeTicker& ticker = *ticker_of(probes_of(w, r), kind);
  w.heap.push(w.now + ticker.period, sent_event(kind), replica, r.generation);
  if (kind == kReadinessProbe && !r.counted && r.ready_at < r.ready_since) return;  // its first success is on its way
  if (answers_now(w, r)) return judge(w, replica, kind, true);
  w.heap.push(w.now + ticker.timeout,
              kind == kReadinessProbe ? EventKind::readiness_answered : EventKind::liveness_answered, replica,
              r.generation);
}

void probe_answered(World& w, ReplicaId replica, ProbeKind kind) {
  const Replica& r = w.replicas[replica];
  if (!is_probed(r)) return;
  const SimTime sent = w.now - ticker_of(probes_of(w, r), kind)->timeout;
  const bool batch_ended = r.state != ReplicaState::paused && r.probes.answered >= sent;
  judge(w, replica, kind, answers_now(w, r) || batch_ended);
}

Duration deaf_time(const World& w, const Replica& r, ProbeKind kind) {
  const ProbeSpec& spec = probes_of(w, r);
  const auto& ticker = ticker_of(spec, kind);
  if (!ticker) return spec.period * spec.failure_threshold;
  const SimTime next = tick_at_or_after(r.probes.first[kind], ticker->period, w.now);
  return next + ticker->period * (ticker->failure_threshold - 1) + ticker->timeout - w.now;
}

}  // namespace windtunnel
