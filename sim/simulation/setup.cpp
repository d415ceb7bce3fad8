#include "sim/simulation/setup.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "sim/core/error.hpp"
#include "sim/simulation/activation.hpp"
#include "sim/simulation/attended.hpp"
#include "sim/simulation/attended_setup.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/node_life.hpp"
#include "sim/simulation/node_scaling.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/pool_setup.hpp"
#include "sim/simulation/preemption.hpp"
#include "sim/simulation/relayout.hpp"
#include "sim/simulation/scaling.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/simulation/sharing_setup.hpp"
#include "sim/simulation/spot.hpp"
#include "sim/simulation/transfers.hpp"
#include "sim/simulation/vertical.hpp"
#include "sim/simulation/workload_setup.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

std::size_t gpu_count(const Scenario& s) {
  std::size_t count = 0;
  for (const auto& pool : s.node_pools)
    count += static_cast<std::size_t>(pool.max_nodes) * static_cast<std::size_t>(pool.gpus) *
             std::max<std::size_t>(1, pool.sharing.instances.size());
  return count;
}

std::size_t longest_pipeline(const Scenario& s) {
  std::size_t longest = 1;
  for (const auto& p : s.pipelines) longest = std::max(longest, p.stages.size());
  return longest;
}

bool any_trace(const Scenario& s) {
  return std::any_of(s.workload.begin(), s.workload.end(), reads_trace);
}

bool any_variants(const Scenario& s) {
  return std::any_of(s.models.begin(), s.models.end(), [](const auto& m) { return m.variants != nullptr; });
}

std::vector<ThresholdCount> thresholds(const std::vector<Duration>& at) {
  std::vector<ThresholdCount> counts;
  for (const Duration d : at) counts.push_back({to_seconds(d), 0});
  return counts;
}

Law noise_of(const ModelSpec& spec) {
  return spec.latency.empty() ? Law{} : spec.latency.begin()->second.noise;
}

// The caller's policy, else the scenario's; none where the number of replicas is fixed.
std::unique_ptr<ScalingPolicy> policy_of(World& w, const ScalingSpec& scaling) {
  auto policy = w.options.make_policy ? w.options.make_policy(scaling) : nullptr;
  if (policy != nullptr) {
    w.notes.push_back("scaling." + scaling.model + ": decided by the caller's policy, not by " + scaling.policy);
    return policy;
  }
  if (scaling.policy == "fixed") return nullptr;
  const auto* row = find_entry(policy_registry(), scaling.policy);
  SIM_CHECK(row != nullptr, "policy \"" + scaling.policy + "\" got past the loader");
  return row->make(scaling.params);
}

// Whether something from outside can end a process of the model with batches inside: its termination, its probes, its
// node.
bool can_be_ended(const World& w, const ModelSpec& spec) {
  if (spec.termination.grace || spec.probe.startup || spec.probe.liveness || spec.probe.blocked_while_busy) return true;
  return w.scenario.node_scaler.kind == NodeScalerKind::cluster_autoscaler ||
         w.scenario.node_scaler.kind == NodeScalerKind::karpenter ||
         std::any_of(w.pools.begin(), w.pools.end(), [](const NodePool& pool) { return pool.spec->spot.has_value(); });
}

// Whether a process of the model can end with batches inside: then these must be kept.
bool can_die_at_work(const World& w, const ModelSpec& spec) {
  const MemorySpec& memory = spec.memory;
  if (memory.per_item.value > 0 || !memory.phases.empty() || memory.pool || memory.paging_bytes_per_s > 0 ||
      memory.leak.per_query.value > 0 || memory.leak.per_hour.value > 0 || spec.variants != nullptr)
    return true;
  const bool on_host = spec.host_memory.steady.value > 0 || spec.host_memory.loading.value > 0;
  return std::any_of(w.pools.begin(), w.pools.end(), [&](const NodePool& pool) {
    return pool.mode->soft_limit() || (on_host && pool.spec->host_memory.value > 0);
  });
}

void add_model(World& w, const ModelSpec& spec, const ScalingSpec& scaling) {
  ModelState& m = w.models.emplace_back(Dispatcher(spec.dispatch, w.streams.stream("dispatch/" + spec.name)));
  m.spec = &spec;
  m.scaling = &scaling;
  m.id = static_cast<ModelId>(w.models.size() - 1);
  m.noise = LawSampler(noise_of(spec));
  m.batch_limit = spec.concurrency.limit > 0 ? static_cast<std::uint32_t>(spec.concurrency.limit) : ~0U;
  m.prefetch = static_cast<std::uint32_t>(spec.queue.prefetch);
  m.pull = spec.dispatch == DispatchKind::pull && m.prefetch == 0;
  if (w.options.make_phases) m.phases = w.options.make_phases(spec);
  m.uses_memory = can_die_at_work(w, spec) || m.phases != nullptr;
  m.token_pool = spec.memory.pool.has_value();
  m.tracks_running = m.uses_memory || w.any_faults || scaling.preempt || spec.queue.preemptive || can_be_ended(w, spec);
  m.wakes = scaling.keep_alive.has_value();
  m.late_endpoints = spec.network.endpoints > Duration{} && !m.pull;
  m.serving_clock = spec.faults.fatal_fault ||
                    (spec.faults.crash && spec.faults.crash->clock == FaultClock::while_serving) ||
                    (spec.faults.pause && spec.faults.pause->clock == FaultClock::while_serving);
  m.batches = spec.batch.max > 1;
  m.limited = spec.max_queue > 0 || spec.max_in_system > 0 || spec.variants != nullptr;
  m.link_to = link_of(w, spec.network.to_replica, EventKind::query_delivered);
  m.link_back = link_of(w, spec.network.back, EventKind::response_returned);
  if (w.attended) add_broker(w, m);
  m.response_at = spec.thresholds;
  m.queueing_at = spec.queueing_thresholds;
  m.detailed = !spec.thresholds.empty() || !spec.queueing_thresholds.empty();
  m.response_thresholds = thresholds(spec.thresholds);
  m.queueing_thresholds = thresholds(spec.queueing_thresholds);
  m.slo_target = spec.slo.response_time.value_or(Duration{-1});
  check_preemption(w, m);
  m.policy = policy_of(w, scaling);
  if (m.policy == nullptr) return;  // nothing to decide: no scrapes, no events
  m.needs = m.policy->needs();
  if (m.needs.gpu) m.scrape.gpu_busy.resize(w.gpus.size());
  m.ends_after = static_cast<std::uint32_t>(m.policy->queries_per_replica());
  if (m.policy->decides()) w.heap.push(first_decision(w, m), EventKind::policy_due, m.id);
  if (m.policy->poll_interval()) w.heap.push(SimTime{}, EventKind::policy_polled, m.id);
  if (scaling.scrape_interval > Duration{}) w.heap.push(SimTime{}, EventKind::scraped, m.id);
}

bool is_plain(const ModelState& m) {
  return !m.uses_memory && !m.tracks_running && !m.serving_clock && !m.batches && !m.brokered && !m.ranked &&
         m.ends_after == 0;
}

void add_pipeline(World& w, const PipelineSpec& spec, const std::map<std::string, ModelId>& ids) {
  PipelineState& p = w.pipelines.emplace_back();
  p.spec = &spec;
  for (const auto& stage : spec.stages) p.stages.push_back(ids.at(stage));
  p.response_thresholds = thresholds(spec.thresholds);
  p.slo_target = spec.slo.response_time.value_or(Duration{-1});
  p.stage_times.resize(p.stages.size());
  if (!spec.is_chain()) p.graph = make_graph(spec);
}

void bring_up(World& w) {
  start_spot_clocks(w);
  start_relayout_clocks(w);
  start_node_scaler(w);
  for (const NodePool& pool : w.pools)
    for (int n = 0; n < pool.spec->initial_nodes; ++n) order_node(w, pool.first_node + static_cast<NodeId>(n), true);
  // One of each model in turn, so that a small cluster starts with some of every model.
  int most = 0;
  for (const auto& m : w.models) most = std::max(most, m.scaling->initial);
  for (int i = 0; i < most; ++i)
    for (auto& m : w.models)
      if (i < m.scaling->initial) create_replica(w, m);
  std::vector<ReplicaId> waiting;
  waiting.swap(w.pending_pods);
  for (const ReplicaId replica : waiting) {
    if (place(w, replica)) {
      start_ready(w, replica);
    } else {
      w.pending_pods.push_back(replica);
    }
  }
  request_scheduling(w);
  // What is there at time 0 was always there: the smallest count is not the 0 before it.
  for (auto& m : w.models) {
    m.current.reset(w.now);
    m.ready_count.reset(w.now);
    m.placed.reset(w.now);
    m.paused.reset(w.now);
    if (m.wakes && m.current.value() > 0) begin_idle(w, m);
  }
}

}  // namespace

std::unique_ptr<World> make_world(const Scenario& s, const RunOptions& options) {
  const bool logs = options.observer != nullptr && options.observer->wants_queries();
  auto world = std::make_unique<World>(s, options, gpu_count(s), longest_pipeline(s),
                                       logs || any_trace(s) || needs_attention(s) || any_variants(s));
  World& w = *world;
  w.attended = needs_attention(s);
  w.swaps = any_variants(s);
  w.log_queries = logs;
  w.log_memory = options.observer != nullptr && options.observer->wants_memory();
  w.horizon = s.to_empty && s.horizon == Duration{} ? kNever : SimTime{} + s.horizon;
  w.models.reserve(s.models.size());
  w.any_faults = std::any_of(s.models.begin(), s.models.end(), [](const auto& m) { return m.faults.any(); });
  w.store.transfers = SharedBandwidth(s.weights_store_bytes_per_s);
  for (const auto& pool : s.node_pools) add_pool(w, pool);
  if (options.observer != nullptr && options.observer->wants_holdings())
    w.histories = std::make_unique<LedgerHistories>(w.gpus.size(), w.nodes.size());
  std::map<std::string, ModelId> ids;
  for (std::size_t i = 0; i < s.models.size(); ++i) {
    add_model(w, s.models[i], s.scaling[i]);
    w.models.back().plain = is_plain(w.models.back());
    ids[s.models[i].name] = static_cast<ModelId>(i);
  }
  for (const auto& pipeline : s.pipelines) add_pipeline(w, pipeline, ids);
  for (const VerticalSpec& vertical : s.vertical) start_vertical(w, w.models[ids.at(vertical.model)], vertical);
  set_sharing(w);
  if (w.swaps) make_card_links(w);
  bring_up(w);
  w.workloads.reserve(s.workload.size());
  for (const auto& workload : s.workload) add_workload(w, workload, ids);
  const Duration step = w.horizon == kNever
                            ? std::chrono::seconds(1)
                            : std::max<Duration>(s.horizon / SampledSeries::kPoints, std::chrono::milliseconds(1));
  w.series = std::make_unique<SampledSeries>(step);
  announce_series(w);
  w.heap.push(SimTime{} + step, EventKind::sampled, 0);
  if (s.warm_up > Duration{}) w.heap.push(SimTime{} + s.warm_up, EventKind::window_begins, 0);
  if (options.observer != nullptr && options.observer->wants_samples()) {
    // As often as the fastest scrape there is, so that the streamed series show what policies saw.
    w.stream_step = std::chrono::seconds(15);
    for (const auto& scaling : s.scaling)
      if (scaling.scrape_interval > Duration{}) w.stream_step = std::min(w.stream_step, scaling.scrape_interval);
    w.heap.push(SimTime{} + w.stream_step, EventKind::sampled, 1);
  }
  start_metrics(w);
  if (options.observer != nullptr) options.observer->on_series(w.series->names());
  return world;
}

}  // namespace windtunnel
