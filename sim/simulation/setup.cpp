#include "sim/simulation/setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "sim/core/error.hpp"
#include "sim/serving/concurrency.hpp"
#include "sim/simulation/activation.hpp"
#include "sim/simulation/attended.hpp"
#include "sim/simulation/attended_setup.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/node_life.hpp"
#include "sim/simulation/node_scaling.hpp"
#include "sim/simulation/offered_load.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/preemption.hpp"
#include "sim/simulation/relayout.hpp"
#include "sim/simulation/scaling.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/simulation/spot.hpp"
#include "sim/simulation/transfers.hpp"
#include "sim/simulation/vertical.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kBlock = 256;  // arrivals fetched at once

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

// Where each instance of one of a MIG pool's layouts lies, and what of a card is in none.
void note_layout(World& w, NodePool& pool, std::uint32_t layout) {
  const NodePoolSpec& spec = *pool.spec;
  Bytes free = spec.gpu.memory - spec.gpu.driver_reserve;
  double unused = 1;
  std::string names;
  for (const MigInstance& instance : spec.sharing.instances) {
    if (instance.layout != layout) continue;
    free -= instance.memory;
    unused -= instance.compute_share;
    names += (names.empty() ? "" : ", ") + instance.profile + "@" + std::to_string(instance.start);
  }
  pool.unusable.resize(std::max<std::size_t>(pool.unusable.size(), layout + 1));
  pool.unusable[layout] = std::max(free, Bytes{});
  const auto slices = std::lround(unused * spec.sharing.compute_slices);
  const auto& changes = spec.sharing.relayouts;
  const std::string when = layout == 0 ? ""
                           : layout > changes.size()
                               ? "when pods wait for it "
                               : fmt::format("from {:g} s on ", to_seconds(changes[layout - 1].at));
  w.notes.push_back("cluster.node_pools." + spec.name + ": " + when + "each card has the instances " + names + "; " +
                    std::to_string(slices) + " compute slices and " +
                    std::to_string(pool.unusable[layout].value / kMiB) + " MiB of it are in none");
}

// The instances of a MIG pool's cards, each a GPU to the engine; those of all its layouts, of which one is there.
void add_instances(World& w, NodePool& pool, const SharingEntry& row) {
  const SharingSpec& sharing = pool.spec->sharing;
  if (sharing.instances.empty()) return;
  for (const MigInstance& instance : sharing.instances) {
    SharingSpec one = sharing;
    one.compute_share = instance.compute_share;
    pool.instance_modes.push_back(row.make(one));
  }
  pool.per_card = static_cast<std::uint32_t>(sharing.instances.size());
  for (std::uint32_t layout = 0; layout < sharing.layouts; ++layout) note_layout(w, pool, layout);
}

void add_pool(World& w, const NodePoolSpec& spec) {
  NodePool& pool = w.pools.emplace_back();
  pool.spec = &spec;
  const auto* row = find_entry(sharing_registry(), spec.sharing.mode);
  SIM_CHECK(row != nullptr, "sharing mode \"" + spec.sharing.mode + "\" got past the loader");
  pool.mode = row->make(spec.sharing);
  pool.first_node = static_cast<NodeId>(w.nodes.size());
  pool.nodes = static_cast<std::uint32_t>(spec.max_nodes);
  pool.slots = static_cast<std::uint32_t>(spec.sharing.replicas);
  add_instances(w, pool, *row);
  pool.per_node = static_cast<std::uint32_t>(spec.gpus) * pool.per_card;
  const bool one_batch_each = std::all_of(w.scenario.models.begin(), w.scenario.models.end(),
                                          [](const auto& m) { return m.concurrency.limit == 1; });
  const bool one_weight = !pool.mode->has_weights() || std::all_of(w.scenario.models.begin(), w.scenario.models.end(),
                                                                   [](const auto& m) { return m.compute_weight == 1; });
  pool.equal = pool.mode->equal_shares() && (pool.slots == 1 || (one_batch_each && one_weight));
  pool.per_model_curve = pool.equal && pool.slots == 1;
  const auto id = static_cast<std::uint32_t>(w.pools.size() - 1);
  for (int n = 0; n < spec.max_nodes; ++n) {
    ClusterNode& node = w.nodes.emplace_back();
    node.pool = id;
    node.first_gpu = static_cast<GpuId>(w.gpus.size());
    node.pulls.transfers = SharedBandwidth(spec.pull_bytes_per_s);
    node.meter = std::make_unique<NodeMeter>(spec.price_usd_per_hour, spec.minimum_billing, w.scenario.models.size());
    for (std::uint32_t g = 0; g < pool.per_node; ++g) {
      GpuState& gpu = w.gpus.emplace_back();
      gpu.node = static_cast<NodeId>(w.nodes.size() - 1);
      gpu.pool = id;
      gpu.mode = pool.mode.get();
      gpu.ledger = DeviceLedger(spec.gpu.memory);
      if (pool.instance_modes.empty()) continue;
      const MigInstance& instance = spec.sharing.instances[g % pool.per_card];
      gpu.mode = pool.instance_modes[g % pool.per_card].get();
      gpu.share = instance.compute_share;
      gpu.layout = instance.layout;
      gpu.ledger = DeviceLedger(instance.memory);
    }
  }
}

// What a mode may know of a replica with a law, a table or contention figures of its own. Under `compute_share` also
// the time of a plain one is asked for.
void add_law(const Replica& r, Sharer& sharer) {
  const LatencySpec& latency = *r.latency;
  if (latency.time) sharer.time = &*latency.time;
  if (latency.contention) sharer.contention = &*latency.contention;
  sharer.items = r.items_on_gpu;
  sharer.solo_s = latency.solo_s(r.items_on_gpu, r.solo_share);
  sharer.card_share = r.solo_share;
  sharer.host_s = latency.host_s(r.items_on_gpu);
}

// Speeds of the batches on a GPU whose replicas have rates of their own: the mode splits the GPU among busy replicas,
// each replica its part among its batches.
RateFunction rates_of(World& w, const SharingMode* mode) {
  struct Scratch {
    std::vector<ReplicaId> busy;
    std::vector<std::uint32_t> batches;
    std::vector<Sharer> sharers;
    std::vector<double> rates;
  };
  return [&w, mode, s = Scratch{}](std::span<const ReplicaId> replicas, std::span<double> out) mutable {
    s.busy.clear();
    s.batches.clear();
    s.sharers.clear();
    for (const ReplicaId id : replicas) {
      const auto it = std::find(s.busy.begin(), s.busy.end(), id);
      if (it != s.busy.end()) {
        ++s.batches[static_cast<std::size_t>(it - s.busy.begin())];
        continue;
      }
      const Replica& r = w.replicas[id];
      const ModelSpec& model = *w.models[r.model].spec;
      s.busy.push_back(id);
      s.batches.push_back(1);
      s.sharers.push_back({.cap = model.mps_active_threads > 0 ? model.mps_active_threads : 1.0,
                           .sm_activity = r.sm_activity,
                           .duty = r.duty,
                           .weight = model.compute_weight});
      if (r.special) add_law(r, s.sharers.back());
    }
    s.rates.resize(s.busy.size());
    mode->rates(s.sharers, s.rates);
    for (std::size_t i = 0; i < replicas.size(); ++i) {
      const auto k = static_cast<std::size_t>(std::find(s.busy.begin(), s.busy.end(), replicas[i]) - s.busy.begin());
      const auto& concurrency = w.models[w.replicas[replicas[i]].model].spec->concurrency;
      out[i] = s.rates[k] * total_speed(concurrency, s.batches[k]) / s.batches[k];
    }
  };
}

// The turns of a pool whose mode has them run one by one. A replica's batches share its slices.
TurnRules turns_of(World& w, const SliceRules& rules) {
  return {.switch_cost = rules.switch_cost,
          .shared_speed = rules.shared_speed,
          .slice =
              [&w, slice = to_seconds(rules.slice)](ReplicaId id) {
                return std::max(to_duration(slice * w.models[w.replicas[id].model].spec->compute_weight), Duration{1});
              },
          .batch_speed =
              [&w](ReplicaId id, std::uint32_t batches) {
                return total_speed(w.models[w.replicas[id].model].spec->concurrency, batches) / batches;
              }};
}

// A cap on time kept by windows, over the rates of those that still may run in the present one.
WindowRules windows_of(World& w, const SharingMode* mode, const CapWindow& window) {
  return {.period = window.period,
          .rates = rates_of(w, mode),
          .budget_ns =
              [&w, window](ReplicaId id) {
                const double share = std::min(1.0, window.share * w.replicas[id].duty);
                return std::max(1.0, share * static_cast<double>(window.period.count()));
              },
          .side_by_side = window.side_by_side};
}

void set_sharing(World& w) {
  const std::size_t models = w.models.size();
  w.curves.resize(w.pools.size() * (models + 1));
  for (std::size_t p = 0; p < w.pools.size(); ++p) {
    const SharingMode* mode = w.pools[p].mode.get();
    if (!w.pools[p].equal) continue;
    if (!w.pools[p].per_model_curve) {
      w.curves[w.pools.size() * models + p] =
          std::make_unique<ShareCurve>([mode](std::uint32_t k) { return 1 / mode->equal_rate(static_cast<int>(k)); });
      continue;
    }
    for (std::size_t m = 0; m < models; ++m)
      w.curves[p * models + m] =
          std::make_unique<ShareCurve>([mode, &concurrency = w.models[m].spec->concurrency](std::uint32_t k) {
            return k / (total_speed(concurrency, k) * mode->equal_rate(1));
          });
  }
  for (GpuId g = 0; g < w.gpus.size(); ++g) {
    const std::uint32_t p = w.gpus[g].pool;
    if (const auto slices = w.gpus[g].mode->slices()) {
      w.shares.set_turns(g, turns_of(w, *slices));
      continue;
    }
    if (const auto window = w.gpus[g].mode->cap_window()) {
      w.shares.set_windows(g, windows_of(w, w.gpus[g].mode, *window));
      continue;
    }
    if (!w.pools[p].equal) w.shares.set_rated(g, rates_of(w, w.gpus[g].mode));
    if (w.pools[p].equal && !w.pools[p].per_model_curve)
      w.shares.set_equal(g, w.curves[w.pools.size() * models + p].get());
  }
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

// A name's targets: one pipeline, one model, or all copies of a model ("name-0", "name-1", ...).
std::vector<Target> targets_of(const World& w, const std::string& name, const std::map<std::string, ModelId>& ids) {
  for (std::uint16_t p = 0; p < w.pipelines.size(); ++p)
    if (w.pipelines[p].spec->name == name) return {{.model = w.pipelines[p].stages.front(), .pipeline = p}};
  if (const auto it = ids.find(name); it != ids.end()) return {{.model = it->second}};
  std::vector<Target> copies;
  for (int i = 0;; ++i) {
    const auto it = ids.find(name + "-" + std::to_string(i));
    if (it == ids.end()) break;
    copies.push_back({.model = it->second});
  }
  SIM_CHECK(!copies.empty(), "workload target \"" + name + "\" got past the loader");
  return copies;
}

void set_variant(const World& w, Target& target, std::string_view name) {
  if (name.empty()) return;
  const auto index = w.models[target.model].spec->variants->index_of(name);
  SIM_CHECK(index.has_value(), "a variant that is none got past the loader");
  target.variant = *index;
}

void add_workload(World& w, const WorkloadSpec& spec, const std::map<std::string, ModelId>& ids) {
  std::vector<Target> targets;
  const auto* trace = std::get_if<TraceSpec>(&spec.source);
  if (trace != nullptr && !trace->map.empty()) {
    for (const auto& [label, target] : trace->map) {
      const bool whole = ids.contains(target) || std::any_of(w.pipelines.begin(), w.pipelines.end(),
                                                             [&](const auto& p) { return p.spec->name == target; });
      const VariantName named = whole ? VariantName{target, {}} : split_variant(target);
      targets.push_back(targets_of(w, named.model, ids).front());
      set_variant(w, targets.back(), named.variant);
    }
  } else {
    targets = targets_of(w, spec.target, ids);
    for (Target& target : targets) set_variant(w, target, spec.variant);
  }
  const int count = static_cast<int>(targets.size());
  const auto id = static_cast<std::uint32_t>(w.workloads.size());
  if (std::holds_alternative<ClosedSpec>(spec.source)) {
    w.workloads.push_back({.spec = &spec,
                           .scaled = nullptr,
                           .source = nullptr,
                           .targets = std::move(targets),
                           .noise_rng = w.streams.stream("noise/" + spec.name),
                           .block = {},
                           .id = id,
                           .clients = make_clients(w, spec)});
    start_clients(w, w.workloads.back());
    return;
  }
  auto scaled = std::make_unique<WorkloadSpec>(with_factor(w.scenario, spec, w.notes));
  auto source = make_source(*scaled, w.streams, count);
  w.workloads.push_back({.spec = &spec,
                         .scaled = std::move(scaled),
                         .source = std::move(source),
                         .targets = std::move(targets),
                         .noise_rng = w.streams.stream("noise/" + spec.name),
                         .block = std::vector<Arrival>(kBlock),
                         .id = id,
                         .clients = w.attended ? make_clients(w, spec) : nullptr});
  refill(w, w.workloads.back());
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
