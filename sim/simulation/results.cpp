#include "sim/simulation/results.hpp"

#include <algorithm>

#include "sim/simulation/attended.hpp"
#include "sim/simulation/extrapolation.hpp"
#include "sim/simulation/map_notes.hpp"
#include "sim/simulation/queue_results.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

struct Bill {
  double total = 0, unattributed = 0;
  std::vector<double> by_model;
};

Bill bill(const World& w) {
  Bill sum;
  sum.by_model.resize(w.models.size());
  for (const ClusterNode& node : w.nodes) {
    const NodeBill part = node.meter->bill(w.now);
    sum.total += part.total_usd;
    sum.unattributed += part.unattributed_usd;
    for (std::size_t m = 0; m < sum.by_model.size(); ++m) sum.by_model[m] += part.by_model_usd[m];
  }
  return sum;
}

// What every query inside has spent so far in its present place, taken off at the window's beginning (sign -1) and
// put on at its end (+1): the areas are then exact without an integral at every event.
void settle_areas(World& w, int sign) {
  for (QueryId id = 0; id < w.queries.slots(); ++id) {
    const Query& q = w.queries[id];
    ModelState& m = w.models[q.model];
    if (q.state == QueryState::queued) m.queued_area += sign * (w.now - q.enqueued).count();
    if (q.state == QueryState::in_service) m.in_service_area += sign * (w.now - q.started).count();
  }
  for (ModelState& m : w.models) {
    for (const ReplicaId id : m.replicas)
      if (w.replicas[id].active > 0) m.busy_area += sign * (w.now - w.replicas[id].busy_since).count();
    if (m.queued + m.in_service == 0) m.empty_area += sign * (w.now - m.empty_since).count();
  }
}

void zero(ModelState& m, SimTime now) {
  if (m.needs.response_time || m.needs.processing_time || m.keeps_past) {
    m.scrape.response_before.merge(m.response_time);
    m.scrape.service_before.merge(m.service_time);
  }
  m.response_time.reset();
  m.queueing_delay.reset();
  m.service_time.reset();
  m.scrape.arrived_before += static_cast<std::int64_t>(m.counts.arrived);
  m.counts = {};
  m.slowdown_sum = 0;
  for (auto& t : m.response_thresholds) t.at_or_below = 0;
  for (auto& t : m.queueing_thresholds) t.at_or_below = 0;
  m.waited = m.slo_met = m.slo_ended = 0;
  m.queued_area = m.in_service_area = m.busy_area = m.empty_area = 0;
  m.max_queued = m.queued;
  m.max_in_service = m.in_service;
  m.max_backlog = m.queued + m.in_service;
  m.scale_ups = m.scale_downs = m.decisions = m.preempted_unwaited = 0;
  m.kills = {};
  m.swaps = {};
  m.oom_events = m.restarts = m.alloc_retries = m.failed_starts = m.pauses = m.refused = 0;
  m.redelivery_ns = 0;
  m.lost_work = 0;
  m.start_times = {};
  m.cold_starts = 0;
  m.scale_up.sums = {};
  m.backlog_time_sum = m.backlog_time_max = 0;
  m.backlog_time_samples = 0;
  m.begun = m.begun_outside = 0;
  m.batches_begun = m.batched = m.full_batches = 0;
  if (m.broker != nullptr) zero(*m.broker);
  m.current.reset(now);
  m.ready_count.reset(now);
  m.placed.reset(now);
  m.paused.reset(now);
}

void zero(PipelineState& p) {
  p.counts = {};
  p.response_time.reset();
  for (auto& t : p.response_thresholds) t.at_or_below = 0;
  p.slo_met = p.slo_ended = 0;
  std::fill(p.stage_times.begin(), p.stage_times.end(), StageTimes{});
}

TimeWeighted weighted(const Integrator& i, SimTime now, double span) {
  return {span > 0 ? i.integral_s(now) / span : 0, static_cast<double>(i.max()), static_cast<double>(i.min())};
}

double mean_of(__int128 area, double span) {
  return span > 0 ? static_cast<double>(area) * 1e-9 / span : 0;
}

// Where queries are now; law 1's last two terms.
void count_present(const World& w, std::vector<ModelResult>& models, std::vector<PipelineResult>& pipelines,
                   QueryCounts& roots) {
  for (QueryId id = 0; id < w.queries.slots(); ++id) {
    const Query& q = w.queries[id];
    const Presence here = presence_of(w, id);
    if (here.at_model) ++(here.queued ? models[q.model].queries.queued : models[q.model].queries.in_flight);
    if (!here.as_root) continue;
    ++(here.queued ? roots.queued : roots.in_flight);
    if (q.pipeline == kNoPipeline) continue;
    ++(here.queued ? pipelines[q.pipeline].queries.queued : pipelines[q.pipeline].queries.in_flight);
  }
}

ColdStartResult cold_start_result(const ModelState& m) {
  const StartTimes& t = m.start_times;
  return {.starts = m.cold_starts,
          .scheduling_s = to_seconds(t.scheduling),
          .node_s = to_seconds(t.node),
          .driver_s = to_seconds(t.driver),
          .pull_s = to_seconds(t.stages[kPull]),
          .container_s = to_seconds(t.stages[kContainer]),
          .import_s = to_seconds(t.stages[kImport]),
          .weights_s = to_seconds(t.stages[kLoad]),
          .warm_up_s = to_seconds(t.stages[kFirstBatch]),
          .probe_s = m.spec->probe.readiness ? std::optional(to_seconds(t.probe)) : std::nullopt};
}

ModelResult model_result(const World& w, const ModelState& m, double span, double cost) {
  ModelResult out;
  out.name = m.spec->name;
  out.queries = m.counts;
  out.response_time = m.response_time;
  out.queueing_delay = m.queueing_delay;
  out.service_time = m.service_time;
  out.slowdown_sum = m.slowdown_sum;
  out.response_thresholds = m.response_thresholds;
  out.queueing_thresholds = m.queueing_thresholds;
  out.waited = m.waited - std::min(m.waited, m.preempted_unwaited);
  out.queued = {mean_of(m.queued_area, span), static_cast<double>(m.max_queued), 0};
  out.in_service = {mean_of(m.in_service_area, span), static_cast<double>(m.max_in_service), 0};
  out.backlog = {out.queued.mean + out.in_service.mean, static_cast<double>(m.max_backlog), 0};
  const double samples = static_cast<double>(std::max<std::uint64_t>(1, m.backlog_time_samples));
  out.backlog_time_s = {m.backlog_time_sum / samples, m.backlog_time_max, 0};
  out.replicas = weighted(m.current, w.now, span);
  out.ready_replicas = weighted(m.ready_count, w.now, span);
  out.busy_replicas = {mean_of(m.busy_area, span), 0, 0};
  out.empty_share = mean_of(m.empty_area, span);
  out.scale_ups = m.scale_ups;
  out.scale_up = m.scale_up.sums;
  out.scale_up.kept = m.policy != nullptr;
  out.scale_downs = m.scale_downs;
  out.decisions = m.decisions;
  out.kills = m.kills;
  out.oom_events = m.oom_events;
  out.alloc_retries = m.alloc_retries;
  out.failed_starts = m.failed_starts;
  out.restarts = m.restarts;
  out.has_faults = m.spec->faults.any();
  out.pauses = m.pauses;
  out.paused_s = m.paused.integral_s(w.now);
  out.has_endpoints = m.late_endpoints;
  out.refused = m.refused;
  out.redelivery_s = static_cast<double>(m.redelivery_ns) * 1e-9;
  out.lost_work_s = static_cast<double>(m.lost_work) * 1e-9;
  out.slo = {m.spec->slo.response_time.has_value(), to_seconds(m.spec->slo.response_time.value_or(Duration{})),
             m.slo_met, m.slo_ended};
  out.cold_start = cold_start_result(m);
  out.replica_seconds = m.placed.integral_s(w.now);
  out.cost_usd = cost;
  // Over the deliveries of the window, all of them where every GPU type of the model has a law, table or range.
  if (m.begun > 0) out.extrapolated_share = static_cast<double>(m.begun_outside) / static_cast<double>(m.begun);
  out.batches = {m.batches, m.batches_begun, m.batched, m.full_batches};
  if (m.spec->variants != nullptr) {
    out.swaps = m.swaps;
    if (m.spec->variants->fetch_ahead && !out.swaps->fetched) out.swaps->fetched = 0;
  }
  if (m.broker != nullptr) add_queue_results(out, *m.broker);
  out.vertical = vertical_result(w, m);
  return out;
}

PipelineResult pipeline_result(const World& w, const PipelineState& p) {
  return {.name = p.spec->name,
          .queries = p.counts,
          .response_time = p.response_time,
          .response_thresholds = p.response_thresholds,
          .slo = {p.spec->slo.response_time.has_value(), to_seconds(p.spec->slo.response_time.value_or(Duration{})),
                  p.slo_met, p.slo_ended},
          .stages = stage_results(w, p)};
}

ClusterResult cluster_result(World& w, double cost, double unattributed) {
  ClusterResult out;
  const double gpu_s = w.gpus_on.integral_s(w.now);
  out.node_hours = w.nodes_on.integral_s(w.now) / 3600;
  out.gpu_hours = gpu_s / 3600;
  out.cost_usd = cost;
  out.unattributed_cost_usd = unattributed;
  double busy_s = 0, switching_s = 0, byte_s = 0;
  for (GpuId g = 0; g < w.gpus.size(); ++g) {
    const GpuState& gpu = w.gpus[g];
    busy_s += to_seconds(w.shares.busy(g, w.now) - gpu.busy_before) * gpu.share;
    switching_s += to_seconds(w.shares.switching(g, w.now) - gpu.switching_before) * gpu.share;
    byte_s += w.gpus[g].ledger.byte_seconds(w.now);
    out.memory_used_max_bytes =
        std::max(out.memory_used_max_bytes, static_cast<double>(w.gpus[g].ledger.max_used().value));
  }
  out.gpu_utilization = gpu_s > 0 ? busy_s / gpu_s : 0;
  out.gpu_switching = gpu_s > 0 ? switching_s / gpu_s : 0;
  out.memory_used_mean_bytes = gpu_s > 0 ? byte_s / gpu_s : 0;
  out.stranded_memory_bytes = w.stranded_samples > 0 ? w.stranded_sum / static_cast<double>(w.stranded_samples) : 0;
  out.nodes_ordered = w.nodes_ordered;
  if (std::any_of(w.pools.begin(), w.pools.end(), [](const auto& pool) { return pool.spec->sharing.layouts > 1; }))
    out.relayouts = w.relayouts;
  const bool stated = w.scenario.node_scaler.kind != NodeScalerKind::on_demand ||
                      std::any_of(w.pools.begin(), w.pools.end(), [](const NodePool& pool) {
                        return pool.spec->spot || pool.spec->provision_failure_share > 0;
                      });
  if (stated)
    out.nodes = ClusterResult::Nodes{.orders_failed = w.orders_failed,
                                     .given_back = w.nodes_given_back,
                                     .reclaimed = w.nodes_reclaimed,
                                     .pods_evicted = w.pods_evicted};
  return out;
}

}  // namespace

void begin_window(World& w) {
  w.window_start = w.now;
  const auto note_arrivals = [&w](std::int64_t sign) {  // counters of exporters do not begin anew
    if (w.metric_path == nullptr) return;
    for (const ModelState& m : w.models)
      w.metric_path->arrived_before[m.id] += sign * static_cast<std::int64_t>(m.counts.arrived);
  };
  note_arrivals(1);
  for (ModelState& m : w.models) zero(m, w.now);
  for (PipelineState& p : w.pipelines) zero(p);
  for (WorkloadState& workload : w.workloads)
    if (workload.clients != nullptr) workload.clients->counts = {};
  w.direct = {};
  settle_areas(w, -1);
  for (QueryId id = 0; id < w.queries.slots(); ++id) {
    const Query& q = w.queries[id];
    const Presence here = presence_of(w, id);
    if (here.at_model) {
      ++w.models[q.model].counts.arrived;
      --w.models[q.model].scrape.arrived_before;
    }
    if (!here.as_root) continue;
    ++(q.pipeline == kNoPipeline ? w.direct.arrived : w.pipelines[q.pipeline].counts.arrived);
  }
  note_arrivals(-1);
  for (GpuId g = 0; g < w.gpus.size(); ++g) {
    w.gpus[g].busy_before = w.shares.busy(g, w.now);
    w.gpus[g].switching_before = w.shares.switching(g, w.now);
    w.gpus[g].ledger.reset(w.now);
  }
  w.nodes_on.reset(w.now);
  w.gpus_on.reset(w.now);
  w.relayouts = w.nodes_ordered = w.orders_failed = w.nodes_given_back = w.nodes_reclaimed = w.pods_evicted = 0;
  w.stranded_sum = 0;
  w.stranded_samples = 0;
  Bill before = bill(w);
  w.cost_before = before.total;
  w.unattributed_before = before.unattributed;
  w.model_cost_before = std::move(before.by_model);
}

RunResult collect(World& w) {
  settle_areas(w, +1);
  RunResult out;
  out.seed = w.options.seed;
  out.horizon_s = w.horizon == kNever ? to_seconds(w.now) : to_seconds(w.horizon);
  out.warm_up_s = to_seconds(w.scenario.warm_up);
  out.measured_s = to_seconds(w.now - w.window_start);
  out.interrupted = w.interrupted;
  w.model_cost_before.resize(w.models.size());
  const Bill total = bill(w);
  for (const ModelState& m : w.models)
    out.models.push_back(model_result(w, m, out.measured_s, total.by_model[m.id] - w.model_cost_before[m.id]));
  for (const PipelineState& p : w.pipelines) out.pipelines.push_back(pipeline_result(w, p));
  QueryCounts roots = w.direct;
  for (const PipelineState& p : w.pipelines) {
    roots.arrived += p.counts.arrived;
    roots.completed += p.counts.completed;
    roots.failed += p.counts.failed;
    roots.timed_out += p.counts.timed_out;
    roots.rejected += p.counts.rejected;
  }
  for (const ModelState& m : w.models) roots.redelivered += m.counts.redelivered;
  count_present(w, out.models, out.pipelines, roots);
  out.totals = roots;
  out.clients = client_results(w);
  out.cluster = cluster_result(w, total.total - w.cost_before, total.unattributed - w.unattributed_before);
  out.engine.events = w.events;
  out.engine.queries = w.arrivals;
  out.series = w.series->take();
  for (const auto& workload : w.workloads)
    if (workload.source != nullptr) out.sources.emplace_back(workload.spec->name, workload.source->counts());
  out.notes = w.notes;
  for (const auto& [name, counts] : out.sources)
    for (auto& note : map_notes(name, counts)) out.notes.push_back(std::move(note));
  for (auto& note : extrapolation_notes(w)) out.notes.push_back(std::move(note));
  for (const ModelState& m : w.models)
    if (m.policy != nullptr)
      if (auto note = m.policy->closing_note(); !note.empty())
        out.notes.push_back("scaling." + m.scaling->model + ": " + note);
  return out;
}

}  // namespace windtunnel
