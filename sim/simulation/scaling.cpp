#include "sim/simulation/scaling.hpp"

#include <algorithm>
#include <cmath>

#include "sim/simulation/anatomy.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/preemption.hpp"
#include "sim/simulation/rollout.hpp"
#include "sim/simulation/scraping.hpp"
#include "sim/simulation/termination.hpp"
#include "sim/simulation/victims.hpp"

namespace windtunnel {

namespace {

ReplicaId draining_replica(const World& w, const ModelState& m) {
  for (const ReplicaId id : m.replicas)
    if (w.replicas[id].state == ReplicaState::draining && w.replicas[id].deleted &&
        !w.nodes[w.gpus[w.replicas[id].gpu].node].cordoned)
      return id;
  return kNone;
}

double backlog_time_s(const ModelState& m) {
  const double backlog = m.queued + m.in_service;
  const double processing = m.service_time.mean_s();
  const auto ready = static_cast<double>(std::max<std::int64_t>(1, m.ready_count.value()));
  const double room = static_cast<double>(std::max(1, m.spec->concurrency.limit)) * m.spec->batch.counted();
  return backlog * processing / (ready * room);
}

}  // namespace

// What the controller has before it: what was scraped, and its own target's status, which it reads from the API server.
static Observation look(World& w, ModelState& m) {
  if (m.scaling->scrape_interval == Duration{}) scrape(w, m);  // interval 0: read at the decision
  Observation seen = m.scrape.last;
  seen.now_s = to_seconds(w.now);
  seen.current_replicas = static_cast<int>(m.current.value());
  seen.ready_replicas = static_cast<int>(m.ready_count.value());
  seen.explained = w.options.observer != nullptr && w.options.observer->wants_decisions();
  if (m.needs.metrics) seen.metrics = w.metric_path->views[m.id].get();
  return seen;
}

// Log, count and obey.
static void carry_out(World& w, ModelState& m, const Observation& seen, const ScalingDecision& decision, bool polls) {
  const ScalingSpec& spec = *m.scaling;
  int desired = std::clamp(decision.desired_replicas, spec.min, spec.max);
  if (m.wakes) desired = m.current.value() == 0 ? 0 : std::max(desired, 1);  // to and from zero is the activator's
  ++m.decisions;
  if (desired > seen.current_replicas) ++m.scale_ups;
  if (desired < seen.current_replicas) ++m.scale_downs;
  if (w.options.observer != nullptr)
    w.options.observer->on_decision({w.now, m.id, seen.current_replicas, seen.ready_replicas,
                                     decision.proposed.value_or(decision.desired_replicas), desired, decision.value,
                                     decision.reason, std::string(m.policy->loop_name(polls)), decision.inputs,
                                     decision.limits, decision.conditions});
  note_proposal(w, m, seen, decision.proposed.value_or(decision.desired_replicas));
  const std::uint32_t first = m.created;
  scale_to(w, m, desired);
  if (desired > seen.current_replicas) begin_scale_up(w, m, seen, desired, first);
}

void decide(World& w, ModelState& m) {
  const Observation seen = look(w, m);
  carry_out(w, m, seen, m.policy->decide(seen), false);
}

SimTime first_decision(const World& w, const ModelState& m) {
  const Duration interval = m.scaling->interval;
  if (!m.scaling->seeded_phase) return SimTime{} + interval;
  Rng rng = w.streams.stream("sync_phase/" + m.spec->name);
  return SimTime{} + interval + to_duration(to_seconds(interval) * rng.uniform());
}

Duration until_next_decision(const World& w, const ModelState& m) {
  const Duration jitter = m.scaling->interval_jitter;
  if (jitter == Duration{}) return m.scaling->interval;
  const auto occurrence = static_cast<std::uint64_t>(w.now.time_since_epoch().count());
  Rng rng = w.streams.keyed("sync_jitter/" + m.spec->name, 0, occurrence);
  return m.scaling->interval + to_duration(to_seconds(jitter) * rng.uniform());
}

void poll(World& w, ModelState& m) {
  const Observation seen = look(w, m);
  if (const auto decision = m.policy->poll(seen)) carry_out(w, m, seen, *decision, true);
}

void scale_to(World& w, ModelState& m, int desired) {
  while (m.current.value() < desired) {
    const ReplicaId draining = m.scaling->reuse_draining ? draining_replica(w, m) : kNone;
    if (draining != kNone) {
      reuse(w, draining);
    } else {
      create_replica(w, m);
    }
  }
  if (m.current.value() > desired)
    for (const ReplicaId victim : victims(w, m, static_cast<std::size_t>(m.current.value() - desired))) {
      if (m.scaling->preempt && w.outstanding[victim] > 0) put_back_work(w, victim);
      drain(w, victim);
    }
  request_scheduling(w);
  rollout_moved(w, m);
}

void announce_series(World& w) {
  for (const auto& m : w.models) {
    const std::string base = "models." + m.spec->name + ".";
    for (const auto* name : {"queued", "in_service", "backlog", "replicas", "ready_replicas"})
      w.series->announce(base + name, "1");
    w.series->announce(base + "backlog_time", "s");
  }
  w.series->announce("cluster.nodes", "1");
  w.series->announce("cluster.busy_gpus", "1");
  w.series->announce("cluster.memory_used", "bytes");
}

void sample(World& w, bool measured) {
  auto& values = w.sample;
  values.clear();
  for (auto& m : w.models) {
    const double backlog_time = backlog_time_s(m);
    if (measured) {
      m.backlog_time_sum += backlog_time;
      m.backlog_time_max = std::max(m.backlog_time_max, backlog_time);
      ++m.backlog_time_samples;
    }
    values.insert(values.end(), {static_cast<double>(m.queued), static_cast<double>(m.in_service),
                                 static_cast<double>(m.queued + m.in_service), static_cast<double>(m.current.value()),
                                 static_cast<double>(m.ready_count.value()), backlog_time});
  }
  double busy = 0, used = 0, stranded = 0;
  int full = 0;
  for (GpuId card = 0; card < w.gpus.size();) {
    const NodePool& pool = w.pools[w.gpus[card].pool];
    bool any_active = false, all_taken = true;
    Bytes free = pool.unusable[w.nodes[w.gpus[card].node].layout];
    for (const GpuId end = card + pool.per_card; card < end; ++card) {
      const GpuState& gpu = w.gpus[card];
      if (!is_there(w, gpu)) continue;
      any_active = any_active || w.shares.active(card) > 0;
      all_taken = all_taken && gpu.replicas.size() >= pool.slots;
      used += static_cast<double>(gpu.ledger.used().value);
      free += gpu.ledger.free();
    }
    busy += any_active ? 1 : 0;
    if (!all_taken) continue;
    ++full;
    stranded += static_cast<double>(free.value);
  }
  if (measured && full > 0) {
    w.stranded_sum += stranded / full;
    ++w.stranded_samples;
  }
  values.insert(values.end(), {static_cast<double>(w.nodes_on.value()), busy, used});
}

}  // namespace windtunnel
