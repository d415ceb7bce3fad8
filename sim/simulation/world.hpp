// Everything one run holds, as plain data. What happens to it stands in serving, memory, lifecycle, scaling and
// observing beside this file; each is a set of functions over a World.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/memory/allocator.hpp"
#include "models/memory/resident_set.hpp"
#include "models/sharing/sharing_mode.hpp"
#include "policies/policy.hpp"
#include "sim/cluster/batch_window.hpp"
#include "sim/cluster/billing.hpp"
#include "sim/cluster/device_ledger.hpp"
#include "sim/cluster/provision_backoff.hpp"
#include "sim/cluster/restart_backoff.hpp"
#include "sim/core/histogram.hpp"
#include "sim/core/rng.hpp"
#include "sim/engine/delay_links.hpp"
#include "sim/engine/event_heap.hpp"
#include "sim/engine/gpu_shares.hpp"
#include "sim/engine/id_list.hpp"
#include "sim/metrics/integrator.hpp"
#include "sim/metrics/sampled_series.hpp"
#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/serving/dispatcher.hpp"
#include "sim/serving/idle_ring.hpp"
#include "sim/serving/query_pool.hpp"
#include "sim/serving/query_queue.hpp"
#include "sim/serving/ranked_queue.hpp"
#include "sim/simulation/fault_state.hpp"
#include "sim/simulation/graph_state.hpp"
#include "sim/simulation/ledger_history.hpp"
#include "sim/simulation/metric_path.hpp"
#include "sim/simulation/phase_source.hpp"
#include "sim/simulation/queue_state.hpp"
#include "sim/simulation/shared_bandwidth.hpp"
#include "sim/simulation/simulation.hpp"
#include "sim/simulation/vertical_state.hpp"
#include "sim/workload/arrival_source.hpp"

namespace windtunnel {

/// Stages of a cold start, in order.
enum ColdStage : std::uint8_t { kPull, kContainer, kImport, kLoad, kFirstBatch, kColdStages };

/// A batch in service of a model whose replicas can die, or stand still, with it inside. Where the model has no memory
/// to run out of, only its head and size are kept.
struct RunningBatch {
  QueryId head = kNone;     ///< its first query
  std::uint32_t phase = 0;  ///< of its memory
  double size = 0;
  double gpu_work_ns = 0;  ///< of the whole batch
  BatchPhase next{};       ///< the phase that runs, or is about to ask for its memory
  WorkMemory held{};
  std::int64_t blocks = 0;        ///< of a token pool
  std::uint32_t variant = kNone;  ///< that it needs on the device
  bool loading = false;           ///< which is on its way
  Duration after_load{};          ///< from then until its work begins
};

/// A variant on its way to a replica's device.
struct VariantLoad {
  ReplicaId replica = kNone;  ///< none: a free slot
  std::uint32_t variant = 0;
  SimTime began{};
  Duration rest{};  ///< from its last byte until it can be used
};

/// Where a start's time went, from the replica's creation (a restart's: the container's) until it was ready.
struct StartTimes {
  Duration scheduling{};  ///< pending beyond what its node took
  Duration node{}, driver{};
  std::array<Duration, kColdStages> stages{};
  Duration probe{};  ///< from being able to serve to readiness
};

/// Probes with tickers of their own.
enum ProbeKind : std::uint8_t { kStartupProbe, kReadinessProbe, kLivenessProbe, kProbes };

/// A replica's probes, where its model has some.
struct ProbeState {
  std::array<SimTime, kProbes> first{};           ///< tick of this process
  std::array<std::uint32_t, kProbes> in_a_row{};  ///< failures; for an unready replica's readiness: successes
  SimTime answered{};                             ///< its last batch was over: what waited was answered
};

/// The refusal that wedged a replica, and the device's ledger at that instant: by the time a probe ends it, neighbours
/// may hold something else.
struct WedgeRecord {
  SimTime at{};
  KillCause cause = KillCause::device_full;
  Bytes asked{}, own_used{}, device_used{};
  std::uint32_t sharers = 0;
  std::vector<DeviceHolding> holdings;
  std::vector<LedgerChange> history;
};

struct alignas(64) Replica {
  // Hot: read at every batch, one cache line.
  ModelId model = 0;
  GpuId gpu = kNone;
  ReplicaState state = ReplicaState::pending;
  bool in_idle_ring = false;
  bool waiting_for_company = false;  ///< a batch_wait_over is on its way
  bool special = false;              ///< a host phase, a law, a table, ...: not only fixed and per_item on the GPU
  std::uint32_t active = 0;          ///< batches in service
  std::uint32_t generation = 0;      ///< unique over the run; changes when the process ends
  QueryQueue queue;                  ///< push dispatch only
  double fixed_ns = 0, per_item_ns = 0;
  SimTime busy_since{};
  std::int64_t busy_ns = 0;  ///< with a batch in service, all stretches but the present one

  double gpu_active = 1, sm_activity = 1, duty = 1;
  const LatencySpec* latency = nullptr;
  double solo_share = 1;    ///< of the SMs at which its work is counted
  double work_factor = 1;   ///< on its GPU work, that the sharing mode costs
  double most_share = 1;    ///< of the SMs that it may use
  bool by_law = false;      ///< its time is not fixed_ns + per_item_ns * size
  double items_on_gpu = 0;  ///< of its batch begun last, for whose size the rates of all its batches are; where special
  std::vector<RunningBatch> running;  ///< batches in service; kept where the model tracks them
  // Memory. `live` is what running batches have of `reserved`; `paged` are weights that found no room on the device.
  Bytes context{}, weights{}, variants{}, reserved{}, pool{}, live{}, leaked{}, paged{}, host{};
  SimTime held_since{};                      ///< it took or returned device memory last
  ResidentSet residents;                     ///< what `variants` are
  std::int64_t blocks = 0, blocks_used = 0;  ///< of the token pool
  std::uint64_t served = 0;                  ///< queries begun by this process
  std::optional<Bytes> limit;
  // Life.
  std::uint32_t ordinal = 0;  ///< among its model's replicas: keys its randomness
  std::uint32_t starts = 0;
  std::uint8_t stage = 0;
  bool deleted = false;                            ///< scaled in: does not come back after its process ends
  bool finishing = false;                          ///< a job that has taken all it will: ends with its last batch
  std::uint32_t taken = 0;                         ///< queries this process of a job has begun
  std::array<Duration, kColdStages> stage_time{};  ///< drawn, for stages that follow a law
  bool loading = false;                            ///< weights come from the store just now
  bool times_start = false;                        ///< a cold start, not one of time 0
  SimTime created{}, stage_began{};
  StartTimes times;
  SimTime ready_since{};                ///< it can serve
  SimTime ready_at{};                   ///< and its readiness says so
  bool counted = false;                 ///< among the ready ones that controllers see
  bool listed = false;                  ///< in the dispatcher's list
  bool to_be_listed = false;            ///< as the list will have it once it hears of it
  std::uint32_t endpoints_tag = 0;      ///< of what it is about to hear
  std::uint32_t termination_tag = 0;    ///< of SIGTERM and SIGKILL on their way; 0: none
  SimTime killed_at = kNever;           ///< SIGKILL comes, where it is on its way
  std::uint32_t schedule_attempts = 0;  ///< failed ones
  bool room_came = true;                ///< it is worth another try
  SimTime schedule_after{};             ///< the scheduler leaves it alone until then
  ProbeState probes;
  std::uint32_t pod_template = 0;  ///< of its model's, where limits change
  std::uint32_t scale_up = kNone;  ///< of its model, while it has not served yet
  RestartBackoff backoff;
  std::unique_ptr<WedgeRecord> wedge;  ///< where it is wedged
};

/// What a scrape keeps of a model between scrapes.
struct ScrapeState {
  Observation last;
  struct Snapshot {
    SimTime at;
    std::uint64_t completed = 0, services = 0, responses = 0;
    std::int64_t arrived = 0;
    double service_s = 0, response_s = 0;  ///< sums over queries
    std::optional<Histogram> response;     ///< where a quantile is asked for
  };
  std::deque<Snapshot> window;                ///< oldest first; only what the policy needs
  Histogram response_before, service_before;  ///< what the measurement window's beginning threw away
  std::int64_t arrived_before = 0;            ///< the same
  std::vector<Duration> gpu_busy;             ///< by GPU, at the last scrape; only when asked for
  std::vector<GpuId> cards;                   ///< of its replicas: room for each scrape
  SimTime scraped_at{};
};

/// What the scale-ups of one model wait for; see anatomy.hpp.
struct ScaleUpTrace {
  SimTime calm_at{};                ///< last scrape without more work than the ready replicas hold
  std::optional<SimTime> demanded;  ///< since when there is more
  SimTime shown{};                  ///< the scrape that first showed it
  struct Asked {
    SimTime at, sampled;
    int replicas;
  };
  std::vector<Asked> asked;  ///< of an unbroken run of proposals above the current count: those above all before
  struct Open {
    ScaleUpRecord record;
    std::uint32_t waiting = 0;  ///< replicas that do not serve yet
    bool served = false;        ///< one of them does
  };
  std::map<std::uint32_t, Open> open;
  std::uint32_t next = 0;
  ScaleUpSums sums;
};

struct ModelState {
  // Hot: touched by every query, so kept together.
  std::uint32_t queued = 0, in_service = 0, max_queued = 0, max_in_service = 0, max_backlog = 0;
  std::uint32_t batch_limit = 1;  ///< batches in service on one replica
  std::uint32_t link_to = kNone, link_back = kNone;
  bool pull = true, uses_memory = false, limited = false, token_pool = false, pending = false, detailed = false;
  bool plain = false;            ///< its batches are one query each, with nothing to be looked after but its time
  bool batches = false;          ///< more than one query may go together
  bool brokered = false;         ///< the scenario says something of its queue
  bool ranked = false;           ///< its queue is not simply first come, first served
  std::uint32_t prefetch = 0;    ///< queries a replica may hold; 0: the queue keeps them until they are worked on
  bool wakes = false;            ///< keep_alive is given
  bool tracks_running = false;   ///< its replicas can die, or stand still, with work in service
  bool serving_clock = false;    ///< some fault comes nearer while it serves
  bool late_endpoints = false;   ///< the dispatcher's list lags behind
  std::uint32_t ends_after = 0;  ///< queries a replica takes before it ends, as a job; 0: never
  bool counts_served = false;    ///< somebody reads its servers' counters
  bool keeps_past = false;       ///< somebody reads histograms since time 0
  ModelId id = 0;
  __int128 queued_area = 0, in_service_area = 0, busy_area = 0;  ///< sums of ns over queries (replicas): exact
  std::uint64_t lifetime_completed = 0;                          ///< since time 0, for throughput seen by scrapes
  std::uint64_t waited = 0, slo_met = 0, slo_ended = 0;
  Duration slo_target{};
  QueryCounts counts;
  SimTime empty_since{};
  QueryQueue queue;  ///< pull: all; push: those that found no ready replica
  IdleRing idle;
  std::vector<ReplicaId> ready;  ///< take work, ascending
  Dispatcher dispatcher;
  Histogram response_time, queueing_delay, service_time;
  LawSampler noise;
  std::unique_ptr<QueueState> broker;  ///< where the scenario says something of its queue or of clients

  std::unique_ptr<PhaseSource> phases;  ///< a caller's own; else memory.phases hold
  const ModelSpec* spec = nullptr;
  const ScalingSpec* scaling = nullptr;

  // Fleet.
  std::vector<ReplicaId> replicas;  ///< not gone, in order of creation
  std::uint32_t created = 0;
  Integrator current, ready_count;     ///< not draining; ready
  Integrator placed;                   ///< on a GPU, whatever their state
  std::vector<ReplicaId> spare_slots;  ///< of replicas that are gone
  std::uint32_t idle_turn = 0;         ///< keep_alive: the idle time or visit that goes on
  std::unique_ptr<ScalingPolicy> policy;
  SignalNeeds needs;
  std::unique_ptr<VerticalState> vertical;  ///< where somebody watches its memory
  ScrapeState scrape;

  // Measurements since the window began, besides those above.
  __int128 empty_area = 0, lost_work = 0;
  double slowdown_sum = 0;  ///< kept where exact thresholds are asked for
  std::vector<ThresholdCount> response_thresholds, queueing_thresholds;
  std::vector<Duration> response_at, queueing_at;
  std::uint64_t scale_ups = 0, scale_downs = 0, decisions = 0;
  std::uint64_t preempted_unwaited = 0;  ///< queries that had begun at once before they were put back
  KillCounts kills;
  SwapCounts swaps;
  std::uint64_t oom_events = 0, restarts = 0, alloc_retries = 0, failed_starts = 0, pauses = 0, refused = 0;
  Integrator paused;           ///< replicas that stand still
  __int128 redelivery_ns = 0;  ///< from each service that was cut short to the query's next one
  StartTimes start_times;      ///< sums over those that became ready
  std::uint64_t cold_starts = 0;
  ScaleUpTrace scale_up;
  double backlog_time_sum = 0, backlog_time_max = 0;
  std::uint64_t backlog_time_samples = 0;
  std::uint64_t begun = 0, begun_outside = 0;  ///< queries of special batches; those outside the measured range
  std::uint64_t batches_begun = 0, batched = 0, full_batches = 0;  ///< where more than one query may go together

  explicit ModelState(Dispatcher d) : dispatcher(d) {}
};

struct PipelineState {
  const PipelineSpec* spec = nullptr;
  std::vector<ModelId> stages;
  QueryCounts counts;
  Histogram response_time;
  std::vector<ThresholdCount> response_thresholds;
  std::uint64_t slo_met = 0, slo_ended = 0;
  Duration slo_target{};
  std::vector<StageTimes> stage_times;  ///< by stage
  std::unique_ptr<GraphState> graph;    ///< where it is no chain
};

/// Where an arrival may go: a model, or the first stage of a pipeline.
struct Target {
  ModelId model = 0;
  std::uint16_t pipeline = kNoPipeline;
  std::uint32_t variant = kNone;  ///< of the model, where one is named
};

struct WorkloadState {
  const WorkloadSpec* spec = nullptr;
  std::unique_ptr<WorkloadSpec>
      scaled;  ///< the same with its offered load turned into a factor; the source may refer to it
  std::unique_ptr<ArrivalSource> source;
  std::vector<Target> targets;
  Rng noise_rng;
  std::vector<Arrival> block;
  std::size_t cursor = 0, filled = 0;
  SimTime next = kNever;
  std::uint32_t id = 0;
  std::uint64_t taken_in = 0;            ///< queries so far; counted where models have variants
  std::unique_ptr<ClientState> clients;  ///< where they do more than wait for ever
};

/// What shares are counted on: a card, or one MIG instance of it.
struct GpuState {
  NodeId node = 0;
  std::uint32_t pool = 0;
  std::vector<ReplicaId> replicas;  ///< in order of placement
  DeviceLedger ledger;
  Duration busy_before{}, switching_before{};  ///< busy time before the window, and its part in switches
  SimTime takes_clients_at{};                  ///< after a fatal fault that took all: not before
  Bytes promised{};                            ///< sum of its replicas' limits
  const SharingMode* mode = nullptr;           ///< the pool's, or its instance's
  double share = 1;                            ///< of a card's compute: below 1 for a MIG instance
  std::uint32_t layout = 0;                    ///< a MIG instance: it is there while its node has that layout
};

/// A bandwidth with its next event.
struct SharedLink {
  SharedBandwidth transfers;
  SimTime planned = kNever;
  std::uint32_t generation = 0;
};

/// A start that waits for its image.
struct Waiting {
  ModelId model;
  ReplicaId replica;
  std::uint32_t generation;
};

enum class NodeState : std::uint8_t { absent, ordered, ready };

struct ClusterNode {
  std::uint32_t pool = 0;
  GpuId first_gpu = 0;
  NodeState state = NodeState::absent;
  std::uint32_t generation = 0, orders = 0, replicas = 0;
  Bytes host_used{};
  // What its pods request, beside GPU slots.
  std::int64_t milli_cpu = 0;
  Bytes memory{};
  bool cordoned = false;                                       ///< takes no more pods
  bool drained = false;                                        ///< goes when its last pod has left
  bool reclaimed = false;                                      ///< its owner takes it
  bool relaying = false;                                       ///< its cards are to be cut anew
  std::uint32_t layout = 0, wanted_layout = 0, relayouts = 0;  ///< the present one; to be had; changes so far
  SimTime relaid{};                                            ///< the last of them
  SimTime unneeded_since = kNever;
  SimTime changed{};  ///< a pod came or left, or it became ready
  std::set<ModelId> images;
  SharedLink pulls;  ///< by model
  std::vector<Waiting> waiting;
  SimTime ordered{}, provisioned{}, usable{};
  std::unique_ptr<NodeMeter> meter;
};

struct NodePool {
  const NodePoolSpec* spec = nullptr;
  std::unique_ptr<SharingMode> mode;
  std::vector<std::unique_ptr<SharingMode>> instance_modes;  ///< mig: by instance of a card
  std::uint32_t per_card = 1;                                ///< GPUs, as counted here, on one card: MIG instances
  std::uint32_t per_node = 1;                                ///< the same on one node
  std::vector<Bytes> unusable{{}};                           ///< mig: memory of a card in no instance, by layout
  std::uint32_t layout = 0;                                  ///< mig: that its nodes have, or are to have
  NodeId first_node = 0;
  std::uint32_t nodes = 0, on = 0;  ///< most; ordered or ready
  std::uint32_t slots = 1;          ///< replicas on one GPU
  bool equal = true;                ///< virtual time applies
  bool per_model_curve = false;     ///< one replica a GPU: its own concurrency decides
  ProvisionBackoff backoff;
  std::vector<SimTime> zone_out_until;       ///< spot: by zone
  std::vector<std::uint32_t> zone_reclaims;  ///< so far: keys the next draw
};

/// Karpenter's: nodes that go once the cheaper one is there.
struct NodeReplacement {
  NodeId fresh = kNone;
  std::uint32_t orders = 0;     ///< of the fresh one: told apart from a later life
  std::vector<NodeId> leaving;  ///< cordoned meanwhile
  std::vector<std::uint32_t> leaving_orders;
};

/// What the node scaler remembers.
struct NodeScalerState {
  std::optional<NodeReplacement> replacement;
  BatchWindow window;
  std::uint32_t window_tag = 0, loop_tag = 0;
  SimTime last_add{}, last_delete{};
  bool added = false, deleted = false;  ///< the two above hold
  std::uint64_t choices = 0;            ///< keys the expander's draws
};

struct World {
  const Scenario& scenario;
  RunOptions options;
  RngStreams streams;
  SimTime now{};
  SimTime window_start{}, horizon = kNever;

  QueryPool queries;
  GpuShares shares;
  EventHeap heap;
  DelayLinks links;
  SimTime next_arrival = kNever;    ///< of all workloads
  std::uint32_t next_workload = 0;  ///< the first that it is of
  bool attended = false;            ///< clients or brokers do more than wait for a query: its extra is kept
  bool swaps = false;               ///< some model has variants: the same

  std::vector<ModelState> models;
  std::vector<PipelineState> pipelines;
  std::vector<WorkloadState> workloads;
  std::vector<Replica> replicas;
  std::vector<FaultState> faults;          ///< by replica, if any model has faults
  std::vector<std::uint32_t> outstanding;  ///< by replica: queued at it or in service on it
  std::vector<GpuState> gpus;
  std::vector<ClusterNode> nodes;
  std::vector<NodePool> pools;
  SharedLink store;                                 ///< of weights, by replica, and of variants
  std::vector<SharedLink> card_links;               ///< of variants from the host, at each card's first GPU
  std::vector<VariantLoad> variant_loads;           ///< by slot
  std::vector<std::unique_ptr<ShareCurve>> curves;  ///< pools x models, then one a pool

  IdList pending_models;                ///< pull: look for work to hand out once this instant's releases are over
  IdList pending_replicas;              ///< push: the same
  std::vector<ReplicaId> pending_pods;  ///< replicas no GPU has a slot for yet, in order of creation
  bool pods_wait = false;               ///< a pods_scheduled is on its way
  bool room_came = false;               ///< since pods were scheduled last
  bool layouts_watched = false;         ///< a layouts_reviewed is on its way
  std::uint32_t generations = 0;
  std::uint64_t fleet_changes = 0;  ///< rises with who is on which GPU, and which nodes are there
  QueryCounts direct;               ///< queries that belong to no pipeline
  std::uint64_t visits = 0;         ///< of stages, where queries are attended
  std::uint64_t expected = 0;       ///< closed loops: clients that will ask again
  std::uint64_t events = 0, arrivals = 0;
  SimTime last_settled{};

  std::unique_ptr<MetricPath> metric_path;  ///< where a policy or a recording asks for it
  std::unique_ptr<SampledSeries> series;
  std::vector<double> sample;
  Duration stream_step{};  ///< between samples streamed to an observer
  bool log_queries = false, log_memory = false, interrupted = false, any_deadline = false, any_faults = false;
  double stranded_sum = 0;
  std::uint64_t stranded_samples = 0;
  Integrator nodes_on, gpus_on;
  std::uint64_t nodes_ordered = 0, orders_failed = 0, nodes_given_back = 0, nodes_reclaimed = 0, pods_evicted = 0,
                relayouts = 0;
  NodeScalerState scaler;
  std::vector<double> model_cost_before;  ///< USD billed before the window, by model
  double cost_before = 0, unattributed_before = 0;
  std::vector<std::string> notes;
  std::unique_ptr<LedgerHistories> histories;  ///< where somebody looks at kills

  World(const Scenario& s, const RunOptions& o, std::size_t gpu_count, std::size_t stages, bool extra)
      : scenario(s), options(o), streams(o.seed), queries(stages, extra), shares(gpu_count) {}
};

/// A MIG instance of another layout than its node has now is not there.
inline bool is_there(const World& w, const GpuState& gpu) {
  return gpu.layout == w.nodes[gpu.node].layout;
}

/// Kept by the driver on that GPU; a MIG instance's memory is what is left of it.
inline Bytes driver_reserve(const NodePool& pool) {
  return pool.instance_modes.empty() ? pool.spec->gpu.driver_reserve : Bytes{};
}

}  // namespace windtunnel
