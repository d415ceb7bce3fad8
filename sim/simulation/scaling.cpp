#include "sim/simulation/scaling.hpp"

#include <algorithm>
#include <cmath>

#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/scraping.hpp"

namespace windtunnel {
namespace {

// Scale-in order of a ReplicaSet, as far as it applies here: no node yet, not ready, ready for the shorter time. Or
// those without work first, and those that are on their way last.
ReplicaId choose_victim(const World& w, const ModelState& m) {
  const auto phase = [&](ReplicaId id) {
    const ReplicaState state = w.replicas[id].state;
    if (!m.scaling->idle_first) return state == ReplicaState::pending ? 0 : state == ReplicaState::ready ? 2 : 1;
    return state != ReplicaState::ready ? 2 : w.outstanding[id] > 0 ? 1 : 0;
  };
  const auto rank = [&](ReplicaId id) {
    const Replica& r = w.replicas[id];
    return std::tuple(phase(id), -r.ready_since.time_since_epoch().count(), -static_cast<std::int64_t>(r.ordinal));
  };
  ReplicaId victim = kNone;
  for (const ReplicaId id : m.replicas) {
    if (w.replicas[id].deleted) continue;
    if (victim == kNone || rank(id) < rank(victim)) victim = id;
  }
  return victim;
}

ReplicaId draining_replica(const World& w, const ModelState& m) {
  for (const ReplicaId id : m.replicas)
    if (w.replicas[id].state == ReplicaState::draining) return id;
  return kNone;
}

double backlog_time_s(const ModelState& m) {
  const double backlog = m.queued + m.in_service;
  const double processing = m.service_time.mean_s();
  const auto ready = static_cast<double>(std::max<std::int64_t>(1, m.ready_count.value()));
  const double room = static_cast<double>(std::max(1, m.spec->concurrency.limit)) * m.spec->batch.max;
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
  if (m.needs.metrics) seen.metrics = w.metric_path->views[m.id].get();
  return seen;
}

// Log, count and obey.
static void carry_out(World& w, ModelState& m, const Observation& seen, const ScalingDecision& decision, bool polls) {
  const ScalingSpec& spec = *m.scaling;
  const int desired = std::clamp(decision.desired_replicas, spec.min, spec.max);
  ++m.decisions;
  if (desired > seen.current_replicas) ++m.scale_ups;
  if (desired < seen.current_replicas) ++m.scale_downs;
  if (w.options.observer != nullptr)
    w.options.observer->on_decision({w.now, m.id, seen.current_replicas, seen.ready_replicas,
                                     decision.proposed.value_or(decision.desired_replicas), desired, decision.value,
                                     decision.reason, std::string(m.policy->loop_name(polls)), decision.inputs,
                                     decision.limits, decision.conditions});
  scale_to(w, m, desired);
}

void decide(World& w, ModelState& m) {
  const Observation seen = look(w, m);
  carry_out(w, m, seen, m.policy->decide(seen), false);
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
  while (m.current.value() > desired) drain(w, choose_victim(w, m));
  request_scheduling(w);
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
    Bytes free = pool.unusable;
    for (const GpuId end = card + pool.per_card; card < end; ++card) {
      const GpuState& gpu = w.gpus[card];
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
