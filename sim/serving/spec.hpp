// What a scenario says about models and pipelines.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/latency/batch_time.hpp"
#include "models/latency/contention.hpp"
#include "sim/core/law.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"
#include "sim/serving/fault_spec.hpp"
#include "sim/serving/pod_spec.hpp"
#include "sim/serving/slo_spec.hpp"
#include "sim/serving/variants_spec.hpp"

namespace windtunnel {

/// Where a profile was measured; outside it is extrapolation (law 9). 0 to infinity and 0 to 1: not said.
struct MeasuredRange {
  double least_items = 0, most_items = std::numeric_limits<double>::infinity();
  double least_share = 0, most_share = 1;
};

/// How long one batch takes alone on a whole GPU of one type: fixed + per_item * (sum of sizes), or by `time`, times
/// noise.
struct LatencySpec {
  double fixed_s = 0;
  double per_item_s = 0;
  double gpu_active = 1;   ///< share of that time with kernels resident (DCGM's engine active); the rest is host time
  double sm_activity = 1;  ///< share of the SMs it fills while active: what a neighbour could not use under MPS
  Law noise;               ///< mean 1, drawn when the query arrives; a batch takes its first query's

  std::optional<BatchTime> time;         ///< a law or a table instead of fixed and per_item
  std::optional<Contention> contention;  ///< of this model; left out: the pool's constant
  std::optional<MeasuredRange> measured;
  double cv = 0, cv_company = 0;  ///< of the noise alone, and with another batch on the GPU; equal: no difference

  /// Seconds of a batch alone on a share of the SMs, without noise.
  [[nodiscard]] double solo_s(double items, double share) const {
    if (time) return time->time_s(items, share);
    return (fixed_s + per_item_s * items) * std::max(1.0, sm_activity / share);
  }
  /// The part of it that the host takes, which no share of the SMs stretches.
  [[nodiscard]] double host_s(double items) const { return gpu_active < 1 ? solo_s(items, 1) * (1 - gpu_active) : 0; }
  /// Nothing but fixed, per_item and one noise: the fast way.
  [[nodiscard]] bool is_plain() const { return !time && !contention && !measured && cv == cv_company; }
  /// Whether a batch of that size lies outside what was measured.
  [[nodiscard]] bool outside(double items, double share) const {
    if (measured && (items < measured->least_items || items > measured->most_items ||
                     share < measured->least_share * (1 - 1e-3) || share > measured->most_share * (1 + 1e-3)))
      return true;
    return time && time->table() != nullptr && time->table()->outside(items, share);
  }
};

/// caching keeps its high-water mark until it is refused, plain gives back after each batch, pool takes all at the
/// start.
enum class Allocator { caching, plain, pool };

/// A stretch of a batch with a demand of its own: the decode at the end of a diffusion run.
struct MemoryPhase {
  double share_of_work = 1;  ///< of the batch's work on the GPU
  Bytes per_item{};
};

/// Memory preallocated for tokens: queries take blocks of it while in service, and wait where it is full.
struct TokenPoolSpec {
  double share_of_device =
      0;  ///< of device memory that the process takes in all; 0: `bytes` says how large the pool is
  Bytes bytes{};
  Bytes activation{};  ///< kept free in that share for the work of a batch
  Bytes per_token{};
  int block_tokens = 16;
};

struct LeakSpec {
  Bytes per_query{};
  Bytes per_hour{};  ///< of a process's life; noticed when its next batch begins
};

struct MemorySpec {
  Bytes context{};      ///< CUDA context and library handles
  Bytes context_mps{};  ///< the same under MPS
  Bytes weights{};
  Bytes per_item{};     ///< work memory for each unit of size in a batch
  double overhead = 1;  ///< reserved over allocated
  Allocator allocator = Allocator::caching;
  Duration give_back_stall{};           ///< what handing the cache back to the driver costs a refused batch
  std::vector<MemoryPhase> phases{};    ///< in order; empty: one with per_item
  std::optional<TokenPoolSpec> pool{};  ///< with Allocator::pool
  LeakSpec leak{};
  double paging_bytes_per_s = 0;  ///< oversubscribed: what is refused is paged at this speed; 0: it is refused
};

struct HostMemorySpec {
  Bytes steady{};
  Bytes loading{};  ///< peak while weights are staged
  Bytes limit{};    ///< container limit; 0 means none
};

/// `max: unlimited`.
inline constexpr int kUnlimitedBatch = 1'000'000'000;
/// CPU of one replica, in cores.
struct CpuSpec {
  std::optional<double> request;  ///< none: the container has none
  double busy = 0;                ///< used while a batch is in service
  double idle = 0;                ///< used otherwise
};

struct BatchSpec {
  int max = 1;
  Duration wait{};                  ///< how long the oldest query waits for company
  int min = 0;                      ///< queries enough to begin; 0 not said: `max` where there is a wait, else 1
  std::vector<int> preferred = {};  ///< ascending; the largest that is there begins at once, else the oldest waits
  bool same_size = false;           ///< queries of one size only: a batch ends before the first of another
  bool one_variant = false;         ///< the same of variants

  /// Some queries may not go together.
  [[nodiscard]] bool picks() const { return same_size || one_variant; }
  /// Queries that count as worked on at once, for a policy's arithmetic.
  [[nodiscard]] int counted() const { return std::min(max, 65536); }
};

/// Total speed phi(n) of one replica with n batches in service, split equally.
enum class ConcurrencyScaling { shared, efficiency, contention };
struct ConcurrencySpec {
  int limit = 1;  ///< batches in service at once; 0 means no limit
  ConcurrencyScaling scaling = ConcurrencyScaling::shared;
  double efficiency = 1;  ///< efficiency: phi(n >= 2)
  double slope = 0;       ///< contention: phi(n) = n / (1 + slope (n - 1))
  double cap = 0;         ///< contention: at most this; 0 means none
};

/// Weights that come over a store which all replicas share, instead of by a law of their own.
struct WeightsSpec {
  Bytes bytes{};
  double bytes_per_s = 0;  ///< the slowest of stream, disk, deserialisation and PCIe: what one replica can take
};

/// Stages from container creation to ready. Each length is drawn per start from (seed, replica, attempt).
struct ColdStartSpec {
  Bytes image{};                       ///< pulled once a node
  double pull_bytes_per_s = 0;         ///< the slower of registry and decompression
  double cached = 0;                   ///< share of its layers that nodes have before the first pull
  Law container;                       ///< seconds
  Law import_framework;                ///< seconds; the CUDA context exists from its end
  std::optional<WeightsSpec> weights;  ///< instead of load
  Law load;         ///< seconds; weights are resident from its end, host memory is at its peak during it
  Law first_batch;  ///< seconds
};

enum class OnVramOom { fail_query, exit, wedge };
enum class OnKill { redeliver, fail };

struct NetworkSpec {
  Duration to_replica{};  ///< arrival to queue
  Duration back{};        ///< completion to response
  Duration endpoints{};   ///< from a replica's readiness, or its end, to the dispatcher's list
};

enum class DispatchKind { pull, random, round_robin, least_outstanding, power_of_two, shortest_queue };

/// When the kubelet restarts a container that ended: at once, then after `first`, twice that, ..., at most `most`.
struct RestartBackoffSpec {
  Duration first = std::chrono::seconds(10);
  Duration most = std::chrono::seconds(300);
  Duration forget_after = std::chrono::minutes(10);  ///< of running: the next restart is at once again
};

/// Which of the queued is next.
enum class Discipline { fifo, priority, earliest_deadline };

/// What the broker does with a query that it has handed out, and which it hands out first.
struct QueueSpec {
  bool given = false;  ///< the file says something of the queue
  Discipline discipline = Discipline::fifo;
  bool preemptive = false;  ///< priority: an arrival interrupts a lower class, which resumes later
  int prefetch = 0;         ///< queries a worker may hold, those in service included; 0: those it works on
  Duration ack_timeout{};   ///< after a hand-out without an answer it is handed out again; 0: never
  bool drop_head = false;   ///< full: the oldest makes room, instead of the newcomer being refused
  bool ordered = false;     ///< one query of an ordering key at a time
  int partitions = 0;       ///< ordered: keys share so many partitions; 0: each its own
};

struct ModelSpec {
  std::string name;
  std::string group;                           ///< the name in the file, which all its copies share
  std::string profile;                         ///< catalogue entry it started from; empty for none
  int copies = 1;                              ///< name-0 ... name-(copies-1) when more than one
  std::map<std::string, LatencySpec> latency;  ///< by GPU type; "*" for any
  MemorySpec memory;
  HostMemorySpec host_memory;
  std::shared_ptr<const VariantsSpec> variants;  ///< what it swaps, where it does; all copies share it
  std::optional<CpuSpec> cpu;
  BatchSpec batch;
  QueueSpec queue;
  ConcurrencySpec concurrency;
  ColdStartSpec cold_start;
  OnVramOom on_vram_oom = OnVramOom::exit;
  OnKill on_kill = OnKill::redeliver;
  int max_deliveries = 5;  ///< a query is failed when it would be delivered once more than this
  int max_queue = 0;       ///< queued queries beyond which arrivals are rejected; 0 means unbounded
  int max_in_system = 0;   ///< backlog at which arrivals are rejected; 0 means unbounded
  DispatchKind dispatch = DispatchKind::pull;
  NetworkSpec network;
  ProbeSpec probe;
  PodRequests requests;
  TerminationSpec termination;
  RestartBackoffSpec restart_backoff;
  FaultsSpec faults;
  SloSpec slo;
  double mps_active_threads = 0;              ///< cap on SMs under MPS, (0, 1]; 0: the pool's default
  double compute_weight = 1;                  ///< length of its turns under time_slicing
  std::string mig_profile;                    ///< instances it goes to under mig; empty: the smallest free that fits
  std::optional<Bytes> memory_limit;          ///< own VRAM limit under hard_limit or mps; else the pool's default
  std::vector<Duration> thresholds;           ///< response times at which exact counts are kept
  std::vector<Duration> queueing_thresholds;  ///< the same for queueing delays
};

}  // namespace windtunnel
