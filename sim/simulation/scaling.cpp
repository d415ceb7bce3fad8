#include "sim/simulation/scaling.hpp"

#include <algorithm>
#include <cmath>

#include "sim/simulation/anatomy.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/preemption.hpp"
#include "sim/simulation/termination.hpp"
#include "sim/simulation/victims.hpp"

namespace windtunnel {

SimTime oldest_waiting(const World& w, const ModelState& m) {
  SimTime oldest = kNever;
  if (!m.queue.empty()) oldest = w.queries[m.queue.front()].stage_arrived;
  for (const ReplicaId replica : m.replicas)
    if (!w.replicas[replica].queue.empty())
      oldest = std::min(oldest, w.queries[w.replicas[replica].queue.front()].stage_arrived);
  return oldest;
}

namespace {

double oldest_age_s(const World& w, const ModelState& m) {
  const SimTime oldest = oldest_waiting(w, m);
  return oldest == kNever ? 0 : to_seconds(w.now - oldest);
}

// Counters and sums as an exporter has them: since time 0, whatever the measurement window threw away.
ScrapeState::Snapshot counters(const World& w, const ModelState& m) {
  const auto& before = m.scrape;
  ScrapeState::Snapshot now{.at = w.now,
                            .completed = m.lifetime_completed,
                            .services = before.service_before.count() + m.service_time.count(),
                            .responses = before.response_before.count() + m.response_time.count(),
                            .arrived = before.arrived_before + static_cast<std::int64_t>(m.counts.arrived),
                            .service_s = before.service_before.sum_s() + m.service_time.sum_s(),
                            .response_s = before.response_before.sum_s() + m.response_time.sum_s(),
                            .response = {}};
  if (m.needs.response_time && m.needs.response_quantile >= 0) {
    now.response = before.response_before;
    now.response->merge(m.response_time);
  }
  return now;
}

// Windows over counters and histograms, as rate() over the scrapes that lie in them.
void look_back(World& w, ModelState& m, Observation& seen) {
  const SignalNeeds& needs = m.needs;
  if (!needs.response_time && !needs.throughput && !needs.processing_time && !needs.arrival_rate) return;
  auto& window = m.scrape.window;
  window.push_back(counters(w, m));
  while (window.size() > 2 && w.now - window[1].at >= needs.window) window.pop_front();
  const auto& first = window.front();
  const auto& last = window.back();
  const double span = to_seconds(last.at - first.at);
  const auto mean = [](double sum, std::uint64_t count) {
    return count > 0 ? sum / static_cast<double>(count) : kNoSample;
  };
  seen.throughput_per_s = span > 0 ? static_cast<double>(last.completed - first.completed) / span : kNoSample;
  seen.arrival_rate_per_s = span > 0 ? static_cast<double>(last.arrived - first.arrived) / span : kNoSample;
  seen.processing_time_s = mean(last.service_s - first.service_s, last.services - first.services);
  seen.response_time_s = mean(last.response_s - first.response_s, last.responses - first.responses);
  if (last.response && last.responses > first.responses)
    seen.response_time_s = last.response->since(*first.response).quantile_s(needs.response_quantile);
}

// The device view: what DCGM publishes for the cards its replicas sit on, whoever caused it.
void look_at_gpus(World& w, ModelState& m, Observation& seen) {
  if (!m.needs.gpu) return;
  auto& before = m.scrape.gpu_busy;
  const double span = to_seconds(w.now - m.scrape.scraped_at);
  double busy = 0, memory = 0;
  std::vector<GpuId> cards;
  for (const ReplicaId replica : m.replicas)
    if (w.replicas[replica].gpu != kNone) cards.push_back(w.replicas[replica].gpu);
  std::sort(cards.begin(), cards.end());
  cards.erase(std::unique(cards.begin(), cards.end()), cards.end());
  for (const GpuId gpu : cards) {
    busy += to_seconds(w.shares.busy(gpu, w.now) - before[gpu]);
    const DeviceLedger& ledger = w.gpus[gpu].ledger;
    memory += static_cast<double>(ledger.used().value) / static_cast<double>(ledger.size().value);
  }
  const auto n = static_cast<double>(cards.size());
  seen.gpu_utilization = cards.empty() || span <= 0 ? kNoSample : busy / n / span;
  seen.gpu_memory_used = cards.empty() ? kNoSample : memory / n;
  for (GpuId gpu = 0; gpu < before.size(); ++gpu) before[gpu] = w.shares.busy(gpu, w.now);
}

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

void scrape(World& w, ModelState& m) {
  Observation& seen = m.scrape.last;
  seen.sampled_at_s = to_seconds(w.now);
  seen.current_replicas = static_cast<int>(m.current.value());
  seen.ready_replicas = static_cast<int>(m.ready_count.value());
  seen.concurrency = std::max(1, m.spec->concurrency.limit) * m.spec->batch.counted();
  seen.queued = m.queued;
  seen.in_service = m.in_service;
  seen.backlog = m.queued + m.in_service;
  seen.oldest_age_s = oldest_age_s(w, m);
  look_back(w, m, seen);
  look_at_gpus(w, m, seen);
  m.scrape.scraped_at = w.now;
  watch_demand(w, m);
}

// What the controller has before it: what was scraped, and its own target's status, which it reads from the API server.
static Observation look(World& w, ModelState& m) {
  if (m.scaling->scrape_interval == Duration{}) scrape(w, m);  // interval 0: read at the decision
  Observation seen = m.scrape.last;
  seen.now_s = to_seconds(w.now);
  seen.current_replicas = static_cast<int>(m.current.value());
  seen.ready_replicas = static_cast<int>(m.ready_count.value());
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
