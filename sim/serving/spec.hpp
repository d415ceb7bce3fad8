// What a scenario says about models and pipelines.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/law.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// How long one batch takes alone on a whole GPU of one type: fixed + per_item * (sum of sizes), times noise.
struct LatencySpec {
  double fixed_s = 0;
  double per_item_s = 0;
  double gpu_active = 1;   ///< share of that time with kernels resident (DCGM's engine active); the rest is host time
  double sm_activity = 1;  ///< share of the SMs it fills while active: what a neighbour could not use under MPS
  Law noise;               ///< mean 1, drawn when the query arrives; a batch takes its first query's
};

enum class Allocator { caching, exact };  // keeps its high-water mark, or gives back after each batch

struct MemorySpec {
  Bytes context{};      ///< CUDA context and library handles
  Bytes context_mps{};  ///< the same under MPS
  Bytes weights{};
  Bytes per_item{};     ///< work memory for each unit of size in a batch
  double overhead = 1;  ///< reserved over allocated
  Allocator allocator = Allocator::caching;
};

struct HostMemorySpec {
  Bytes steady{};
  Bytes loading{};  ///< peak while weights are staged
  Bytes limit{};    ///< container limit; 0 means none
};

struct BatchSpec {
  int max = 1;
  Duration wait{};  ///< how long the oldest query waits for company
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

struct ProbeSpec {
  Duration period = std::chrono::seconds(10);
  int failure_threshold = 3;
  Duration grace = std::chrono::seconds(30);
};

struct SloSpec {
  std::optional<Duration> response_time;         ///< attainment and goodput count against it
  std::optional<double> response_time_quantile;  ///< 0.95 for response_time_p95
  std::optional<Duration> backlog_time;
};

struct NetworkSpec {
  Duration to_replica{};  ///< arrival to queue
  Duration back{};        ///< completion to response
};

enum class DispatchKind { pull, random, round_robin, least_outstanding, power_of_two, shortest_queue };

struct ModelSpec {
  std::string name;
  std::string group;                           ///< the name in the file, which all its copies share
  std::string profile;                         ///< catalogue entry it started from; empty for none
  int copies = 1;                              ///< name-0 ... name-(copies-1) when more than one
  std::map<std::string, LatencySpec> latency;  ///< by GPU type; "*" for any
  MemorySpec memory;
  HostMemorySpec host_memory;
  BatchSpec batch;
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
  SloSpec slo;
  double mps_active_threads = 0;              ///< cap on SMs under MPS, (0, 1]; 0: the pool's default
  std::string mig_profile;                    ///< instances it goes to under mig; empty: the smallest free that fits
  std::optional<Bytes> memory_limit;          ///< own VRAM limit under hard_limit or mps; else the pool's default
  std::vector<Duration> thresholds;           ///< response times at which exact counts are kept
  std::vector<Duration> queueing_thresholds;  ///< the same for queueing delays
};

/// A chain of models; the query keeps its id and, unless said otherwise, its size.
struct PipelineSpec {
  std::string name;
  std::vector<std::string> stages;
  SloSpec slo;
  std::vector<Duration> thresholds;
};

}  // namespace windtunnel
