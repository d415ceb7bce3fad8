// What a run hands out: counts that balance, distributions, kills, money. Reports are made from it and nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/vertical/limit_rules.hpp"
#include "sim/core/histogram.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"
#include "sim/metrics/series.hpp"
#include "sim/workload/arrival_source.hpp"

namespace windtunnel {

/// Law 1: arrived = completed + failed + timed_out + rejected + in_flight + queued. All count from time 0 on the same
/// footing: queries that arrived inside the measured window, plus those present when it began.
struct QueryCounts {
  std::uint64_t arrived = 0, completed = 0, failed = 0, timed_out = 0, rejected = 0, in_flight = 0, queued = 0;
  std::uint64_t redelivered = 0;  ///< deliveries beyond the first; not part of the balance
};

/// Time-weighted mean and largest value over the measured window.
struct TimeWeighted {
  double mean = 0, max = 0, min = 0;
};

/// Cause, mechanism and exit code are three things (law 6).
enum class KillCause {
  device_full,
  own_vram_limit,
  host_ram_limit,
  neighbour_fault,
  soft_limit_eviction,
  probe,
  crash,         ///< the process ended of itself
  gpu_fault,     ///< a fatal fault of its own
  grace_period,  ///< deleted, and still running when its grace period was over
  sigterm,       ///< deleted with work inside, and its process does not wait for it
  node_lost,     ///< its node went
};
enum class KillMechanism { process_exit, sigkill, sigterm };

struct KillRecord {
  SimTime at;
  ReplicaId replica = kNone;
  std::uint32_t model = 0;
  NodeId node = kNone;
  GpuId gpu = kNone;
  KillCause cause = KillCause::device_full;
  KillMechanism mechanism = KillMechanism::process_exit;
  int exit_code = 1;
  std::string_view reason = "Error";  ///< as Kubernetes shows it: Completed, Error or OOMKilled
  /// The instant that device figures and holdings are of: just before `at`; of a wedged replica that of the refusal.
  SimTime ledger_at{};
  Bytes asked{};     ///< the allocation that was refused
  Bytes own_used{};  ///< the victim's device memory at ledger_at
  Bytes device_used{}, device_size{};
  Bytes host_used{}, host_limit{};
  std::uint32_t queries_lost = 0;  ///< redelivered or failed with it
  std::uint32_t sharers = 0;       ///< replicas on the device, the victim included
  // Whose doing it was, the victim itself included; none where the device was full and nobody over a limit.
  std::uint32_t culprit_model = kNone;
  std::uint32_t culprit_replica = kNone;
  std::uint32_t blast_radius = 0;  ///< how many others died of the same event
};

/// What one replica holds on a device.
struct DeviceHolding {
  std::uint32_t model = 0;
  ReplicaId replica = kNone;
  Bytes context{}, weights{};  ///< weights: those swapped in included
  Bytes reserved{};            ///< work memory and token pool
  SimTime since{};             ///< of this amount: it took or returned something last
};

/// What of a process a change of a ledger was for.
enum class MemoryPart : std::uint8_t {
  context,
  weights,
  variant,
  work,     ///< of batches; kept after them by a caching allocator
  pool,     ///< of tokens
  process,  ///< all it had: it ended
  loading,  ///< main memory while weights are being staged
  serving,  ///< and afterwards
};

/// One entry of a ledger before a kill: of its device, or of its node's main memory where the cause is host_ram_limit.
struct LedgerChange {
  SimTime at{};
  std::uint32_t model = 0;
  ReplicaId replica = kNone;  ///< ordinal among its model's
  MemoryPart part = MemoryPart::work;
  bool refused = false;  ///< asked for, not granted: own_used and total_used are as they were
  Bytes change{};        ///< taken, or asked for; negative: returned
  Bytes own_used{};      ///< by that replica, afterwards
  Bytes total_used{};    ///< of the whole ledger, afterwards; of a device with what its driver keeps
};

/// One word between a process and the device's ledger: a grant, a return or a refusal.
struct MemoryRecord {
  SimTime at;
  ReplicaId replica = kNone;  ///< ordinal among its model's
  std::uint32_t model = 0;
  GpuId gpu = kNone;
  bool refused = false;
  Bytes change{};                                  ///< asked for, or (negative) given back
  Bytes own_used{}, device_used{}, device_size{};  ///< after it
  std::optional<Bytes> own_limit;                  ///< where there is one that counts the context: own_used's bound
};

/// The same of main memory: what a container and its node hold after a change.
struct HostMemoryRecord {
  SimTime at;
  std::uint32_t model = 0;
  ReplicaId replica = kNone;  ///< ordinal among its model's
  NodeId node = kNone;
  Bytes own_used{}, own_limit{};   ///< limit 0: none
  Bytes node_used{}, node_size{};  ///< size 0: not limited
};

struct KillCounts {
  std::uint64_t total = 0, oom = 0, exit_137 = 0;
  std::map<std::string, std::uint64_t> by_cause;  ///< names of KillCause
  std::map<std::string, std::uint64_t> by_exit_code;
};

/// Attainment counts queries that ended in the window: completed within the target over all that ended.
struct SloResult {
  bool has_target = false;
  double target_s = 0;
  std::uint64_t met = 0, ended = 0;
};

struct ThresholdCount {
  double at_s = 0;
  std::uint64_t at_or_below = 0;
};

/// Sums over starts that became ready, in seconds: from the replica's creation, or a restarted container's, to ready.
struct ColdStartResult {
  std::uint64_t starts = 0;
  double scheduling_s = 0, node_s = 0, driver_s = 0, pull_s = 0, container_s = 0, import_s = 0, weights_s = 0,
         warm_up_s = 0;
  std::optional<double> probe_s;  ///< from being able to serve to the readiness probe's success; where there is one
};

/// Where the time from demand to served capacity goes, in this order; see docs/decision_log.md.
inline constexpr std::array<std::string_view, 8> kScaleUpParts = {"scrape", "window", "loop", "limit",
                                                                  "node",   "pull",   "load", "probe"};
enum ScaleUpPart : std::size_t {
  kScaleUpScrape,  ///< from the demand to the first scrape that showed it
  kScaleUpWindow,  ///< until the scrape on which the policy first asked for as many
  kScaleUpLoop,    ///< until it asked
  kScaleUpLimit,   ///< until windows, limits and bounds let it
  kScaleUpNode,    ///< scheduling, and a node where one was missing
  kScaleUpPull,
  kScaleUpLoad,   ///< container, framework, weights, first batch
  kScaleUpProbe,  ///< until it counts as ready
};

/// One scale-up, from the demand that called for it until the last of its replicas served.
struct ScaleUpRecord {
  SimTime demanded, decided, served;
  std::uint32_t model = 0;
  int from = 0, to = 0;
  std::array<Duration, kScaleUpParts.size()> parts{};  ///< sum to served - demanded
};

/// Sums over the scale-ups that were served in the measured window.
struct ScaleUpSums {
  bool kept = false;  ///< a policy decides: the figures mean something
  std::uint64_t events = 0;
  std::array<Duration, kScaleUpParts.size()> parts{};
};

/// What a broker did; each counts once for each query it happened to.
struct QueueCounts {
  std::uint64_t dead_letters = 0;  ///< failed for having been delivered too often; part of failed
  std::uint64_t abandoned = 0;     ///< left the queue when their client gave up; part of timed_out
  std::uint64_t cancelled = 0;     ///< another branch of their pipeline failed; part of failed
  std::uint64_t dropped = 0;       ///< made room for a newcomer; part of rejected
  std::uint64_t ack_timeouts = 0;  ///< hand-outs that were not answered in time
  std::uint64_t duplicates = 0;    ///< services whose answer nobody took: another one was first
  std::uint64_t orphans = 0;       ///< services for clients that had gone
  std::uint64_t preemptions = 0;
};

/// What the clients of one workload saw.
struct ClientCounts {
  std::uint64_t attempts = 0, retries = 0;
  std::uint64_t timeouts = 0;  ///< attempts given up
  std::uint64_t gave_up = 0;   ///< queries without an answer after their last attempt
  std::uint64_t queries = 0;   ///< that ended
};

struct ClientResult {
  std::string workload;
  ClientCounts counts;
};

struct ClassResult {
  int priority = 1;
  std::uint64_t completed = 0;
  Histogram response_time, queueing_delay;
  std::vector<ThresholdCount> response_thresholds;
};

struct BatchResult {
  bool given = false;  ///< more than one query may go together
  std::uint64_t begun = 0, queries = 0, full = 0;
};

/// Variants swapped in and out of device memory. A hit found its variant there.
struct SwapCounts {
  std::uint64_t hits = 0, misses = 0, evictions = 0;  ///< batches; variants
  std::optional<std::uint64_t> fetched;               ///< ahead, where that is done
  Bytes bytes{};                                      ///< swapped in
  double time_s = 0;                                  ///< spent on that
};

/// What was recommended for one resource of a model at the end of a run; limit 0: none.
struct MemoryResult {
  Bytes seen{};  ///< largest sample
  Bytes limit{}, target{}, lower{}, upper{};
  std::uint64_t ooms = 0, samples = 0;
  std::vector<Bytes> peaks;  ///< of each container and interval
  LimitsByRule by_rule{};
};

struct VerticalResult {
  std::uint64_t changes = 0, replaced = 0;  ///< of limits; pods for it
  std::optional<MemoryResult> host, gpu;
};

struct ModelResult {
  std::string name;
  QueryCounts queries;
  Histogram response_time, queueing_delay, service_time;
  double slowdown_sum = 0;  ///< sum over completed queries of response time / solo service time
  std::vector<ThresholdCount> response_thresholds, queueing_thresholds;
  std::uint64_t waited = 0;  ///< completed queries with a queueing delay above 0
  TimeWeighted queued, in_service, backlog, backlog_time_s, replicas, ready_replicas, busy_replicas;
  double empty_share = 0;  ///< share of the window with backlog 0
  std::uint64_t scale_ups = 0, scale_downs = 0, decisions = 0;
  KillCounts kills;
  std::uint64_t oom_events = 0, restarts = 0;
  std::uint64_t alloc_retries = 0;  ///< refusals after which the allocator handed its cache back and asked again
  std::uint64_t failed_starts = 0;  ///< kills of processes that were not ready yet
  bool has_faults = false;          ///< the model has faults of its own; else the next two are 0
  std::uint64_t pauses = 0;
  double paused_s = 0;         ///< replica time stood still
  bool has_endpoints = false;  ///< network.endpoints: the next one counts
  std::uint64_t refused = 0;   ///< deliveries to a replica that had ended or was ending
  double redelivery_s = 0;     ///< from each service that was cut short to the query's next one, summed
  double lost_work_s = 0;      ///< GPU work thrown away by kills and refusals
  SloResult slo;
  ColdStartResult cold_start;
  ScaleUpSums scale_up;
  double replica_seconds = 0;  ///< pending-to-gone excluded: from placed on a GPU to gone
  double cost_usd = 0;
  double extrapolated_share = 0;  ///< law 9
  BatchResult batches;
  std::optional<SwapCounts> swaps;         ///< where the model has variants
  std::optional<QueueCounts> queue;        ///< where the scenario says something of it
  std::optional<VerticalResult> vertical;  ///< where somebody watches its memory
  std::vector<ClassResult> classes;        ///< by priority, where the queue has classes
};

/// A stage's part in its pipeline, over queries that completed.
struct StageResult {
  std::string model;
  std::uint64_t visits = 0, critical = 0;  ///< visits that ended; those on the longest way through
  double time_s = 0, critical_time_s = 0;  ///< sums
};

struct PipelineResult {
  std::string name;
  QueryCounts queries;
  Histogram response_time;
  std::vector<ThresholdCount> response_thresholds;
  SloResult slo;
  std::vector<StageResult> stages = {};
};

struct ClusterResult {
  double node_hours = 0, gpu_hours = 0, cost_usd = 0;
  double gpu_utilization = 0;  ///< busy GPU time over GPU time
  double gpu_switching = 0;    ///< time in switches between replicas over GPU time; where turns are run one by one
  double memory_used_mean_bytes = 0, memory_used_max_bytes = 0;  ///< over GPUs and time; on one GPU
  double stranded_memory_bytes = 0;  ///< mean free memory of full devices: slots all taken, memory left over
  std::uint64_t nodes_ordered = 0;
  /// Where an autoscaler, spot capacity or failing orders are stated.
  struct Nodes {
    std::uint64_t orders_failed = 0, given_back = 0, reclaimed = 0;  ///< reclaimed: taken by their owner
    std::uint64_t pods_evicted = 0;                                  ///< deleted and replaced because of their node
  };
  std::optional<Nodes> nodes{};
  std::optional<std::uint64_t> relayouts{};  ///< nodes whose cards were cut anew; where a pool changes its layout
  double unattributed_cost_usd = 0;          ///< node time with no replica on it: part of the total, of no model
};

struct EngineResult {
  std::uint64_t events = 0, queries = 0;
  double wall_s = 0, cpu_s = 0;
  std::int64_t peak_rss_bytes = 0;
};

struct RunResult {
  std::uint64_t seed = 0;
  double horizon_s = 0, warm_up_s = 0;
  double measured_s = 0;  ///< window that was really measured (to_empty makes it longer)
  bool interrupted = false;
  std::vector<ModelResult> models;
  std::vector<PipelineResult> pipelines;
  std::vector<ClientResult> clients;  ///< of workloads whose clients do more than wait
  std::optional<QueryCounts> totals;  ///< root queries, each once whatever its stages; see summary.cpp if empty
  ClusterResult cluster;
  EngineResult engine;
  std::vector<Series> series;
  std::vector<std::pair<std::string, SourceCounts>> sources;  ///< by workload name
  std::vector<std::string> notes;  ///< what a reader must know: factors applied, unstable queues, ...
};

/// Something that happened to a node, for a log: ordered, ready, failed, noticed, drained, given_back, lost.
struct NodeRecord {
  SimTime at;
  NodeId node = kNone;
  std::uint32_t pool = 0;
  std::string_view what;
  std::string reason;
};

struct DecisionRecord {
  SimTime at;
  std::uint32_t model = 0;
  int current = 0, ready = 0, proposed = 0, desired = 0;  ///< proposed by the policy, desired after min and max
  double value = 0;                                       ///< what the policy compared with its target, in its own unit
  std::string reason;
  std::string loop{};                     ///< which of the policy's loops
  std::string inputs{};                   ///< as seen, in the controller's words
  std::string limits{};                   ///< what changed the proposal; empty: nothing
  std::vector<std::string> conditions{};  ///< of the controller's status
};

/// One query's life, for those who ask for it.
struct QueryRecord {
  std::uint64_t serial = 0;  ///< order of arrival over the whole run, from 0
  std::uint32_t model = 0;   ///< of the last stage
  std::uint32_t pipeline = kNone;
  SimTime arrived, ended;
  Duration queueing_delay{}, service_time{};
  bool completed = true;
};

/// Told what happens as it happens; every call is on the run's own thread, in simulated order.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /// Asked about every 10 ms of real time. @return false to stop the run cleanly.
  virtual bool on_progress(double /*simulated_s*/, double /*horizon_s*/, std::uint64_t /*queries*/) { return true; }
  virtual void on_decision(const DecisionRecord&) {}
  /// Whether anybody reads decisions: only then are their inputs, limits and conditions put into words.
  [[nodiscard]] virtual bool wants_decisions() const { return true; }
  /// Once the last of its replicas serves.
  virtual void on_scale_up(const ScaleUpRecord&) {}
  virtual void on_kill(const KillRecord&) {}
  virtual void on_node(const NodeRecord&) {}
  /// After on_kill, if wanted: who held what on the device at the kill's ledger_at, the victim included.
  virtual bool wants_holdings() const { return false; }
  virtual void on_holdings(const std::vector<DeviceHolding>&) {}
  /// After on_holdings, under the same wish: how the ledger came there, its last changes up to ledger_at, oldest first.
  virtual void on_history(const std::vector<LedgerChange>&) {}
  /// Whether anybody looks at samples: only then are they worth taking at full resolution.
  virtual bool wants_samples() const { return false; }
  /// A sample of every series, in the order announced by on_series.
  virtual void on_series(const std::vector<Series>& /*names and units only*/) {}
  virtual void on_sample(double /*at_s*/, const std::vector<double>& /*values*/) {}
  /// Only called when wants_memory() said true at the start.
  virtual bool wants_memory() const { return false; }
  virtual void on_memory(const MemoryRecord&) {}
  virtual void on_host_memory(const HostMemoryRecord&) {}
  /// Only called when wants_queries() said true at the start.
  virtual bool wants_queries() const { return false; }
  virtual void on_query(const QueryRecord&) {}
};

}  // namespace windtunnel
