// The keys of `models` and `pipelines`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

// Tags in sources: [M] measured, [S] stated by the maker, [R] recalled from the literature, [A] assumed.

std::span<const Param> model() {
  static const std::vector<Param> table = {
      {.name = "profile",
       .type = ParamType::text,
       .doc = "catalogue entry the keys here lie over (list profiles)",
       .optional = true},
      {.name = "copies",
       .type = ParamType::integer,
       .doc = "so many equal models, named <name>-0, <name>-1, ...; traffic to <name> is spread evenly",
       .fallback = "1",
       .min = 1,
       .max = 100000},
      {.name = "latency", .type = ParamType::block, .doc = "time of one batch alone on a GPU, by GPU type or for any"},
      {.name = "service_time",
       .type = ParamType::time_law,
       .doc = "instead of latency: the law of the service time on any GPU",
       .optional = true},
      {.name = "memory",
       .type = ParamType::block,
       .doc = "device memory of one replica; without it a replica takes none"},
      {.name = "host_memory",
       .type = ParamType::block,
       .doc = "main memory of one replica; without it a replica takes none"},
      {.name = "cpu",
       .type = ParamType::block,
       .doc = "CPU one replica asks for and uses; without it metrics-server has no CPU of it"},
      {.name = "batch", .type = ParamType::block, .doc = "how queries are put together"},
      {.name = "concurrency",
       .type = ParamType::block,
       .doc = "batches in service at once in one replica: a number, unlimited, or a block"},
      {.name = "cold_start", .type = ParamType::block, .doc = "stages from container creation to ready"},
      {.name = "on_vram_oom",
       .type = ParamType::choice,
       .doc = "what a refused allocation does: the query fails, the process exits with code 1, or the replica wedges "
              "until "
              "its probe kills it",
       .fallback = "exit",
       .choices = {"fail_query", "exit", "wedge"},
       .source = "[A] Python server without a handler; fail_query for Triton-like servers"},
      {.name = "on_kill",
       .type = ParamType::choice,
       .doc = "what becomes of the queries of a replica that dies",
       .fallback = "redeliver",
       .choices = {"redeliver", "fail"},
       .source = "[A] a queue with acknowledgements"},
      {.name = "max_deliveries",
       .type = ParamType::integer,
       .doc = "a query is failed rather than delivered once more than this",
       .fallback = "5",
       .min = 1,
       .max = 60000,
       .source = "[A]"},
      {.name = "max_queue",
       .type = ParamType::count,
       .doc = "queued queries at which arrivals are rejected; a system without places to wait is a max_in_system",
       .fallback = "unbounded",
       .max = 2147483647,
       .choices = {"unbounded"}},
      {.name = "max_in_system",
       .type = ParamType::count,
       .doc = "backlog (queued and in service) at which arrivals are rejected",
       .fallback = "unbounded",
       .max = 2147483647,
       .choices = {"unbounded"}},
      {.name = "dispatch",
       .type = ParamType::choice,
       .doc = "which replica a query goes to (list dispatchers)",
       .fallback = "pull",
       .choices = {"pull", "random", "round_robin", "least_outstanding", "power_of_two", "shortest_queue"},
       .source = "[A] workers on one message queue"},
      {.name = "network", .type = ParamType::block, .doc = "delays on the way to the queue and back"},
      {.name = "probe", .type = ParamType::block, .doc = "liveness probe: what ends a wedged replica"},
      {.name = "restart_backoff",
       .type = ParamType::block,
       .doc = "how long the restart of a process that ended is held (CrashLoopBackOff)"},
      {.name = "faults", .type = ParamType::block, .doc = "what breaks of itself: pauses, crashes, fatal GPU faults"},
      {.name = "slo", .type = ParamType::block, .doc = "targets that attainment and goodput count against"},
      {.name = "mps_active_threads",
       .type = ParamType::share,
       .doc = "cap on the SMs one replica may use under mps; left out: the pool's",
       .optional = true},
      {.name = "compute_weight",
       .type = ParamType::number,
       .doc = "length of its turns over those of a model of weight 1, under time_slicing",
       .fallback = "1",
       .min = 0,
       .max = 1000,
       .min_exclusive = true,
       .source = "[A] equal turns; the stock driver sets one slice length a GPU [S], a length for each context is what "
                 "its scheduler has inside [R]"},
      {.name = "mig_profile",
       .type = ParamType::text,
       .doc =
           "MIG profile of the instances it goes to, as a pod that asks for one; left out: the smallest free instance "
           "that holds its context and weights",
       .optional = true},
      {.name = "memory_limit",
       .type = ParamType::bytes,
       .doc = "device memory one replica may have under mps or hard_limit; left out: the pool's",
       .optional = true,
       .min = 1},
      {.name = "thresholds", .type = ParamType::block, .doc = "times at which exact counts of queries are kept"},
  };
  return table;
}

std::span<const Param> latency() {
  static const std::vector<Param> table = {
      {.name = "fixed",
       .type = ParamType::duration,
       .doc = "time of a batch whatever its size",
       .fallback = "0s",
       .max = 1e6},
      {.name = "per_item",
       .type = ParamType::duration,
       .doc = "time for each item of size in the batch",
       .fallback = "0s",
       .max = 1e6},
      {.name = "cv",
       .type = ParamType::number,
       .doc = "coefficient of variation of a lognormal factor on the time, drawn for each query; a batch takes its "
              "first query's",
       .fallback = "0",
       .min = 0,
       .max = 100},
      {.name = "gpu_active",
       .type = ParamType::share,
       .doc = "share of the time with kernels on the GPU (engine active); the rest is host time, which sharing does "
              "not stretch",
       .fallback = "1",
       .source = "[A]"},
      {.name = "sm_activity",
       .type = ParamType::share,
       .doc =
           "share of the SMs it fills while active; under mps a neighbour may use the others. A law or a table knows "
           "it by itself",
       .fallback = "1",
       .source = "[A]"},
      {.name = "cv_company",
       .type = ParamType::number,
       .doc = "the same as cv for a batch that begins while another one is on its GPU; left out: cv",
       .optional = true,
       .min = 0,
       .max = 100,
       .source = "[A] 0.03 with company where 0.01 is seen alone"},
      {.name = "law",
       .type = ParamType::choice,
       .doc =
           "instead of fixed and per_item: work_span, t = ((a + f b)^p + (w b / s)^p)^(1/p) of b items on a share s of "
           "the SMs",
       .optional = true,
       .choices = {"work_span"}},
      {.name = "a",
       .type = ParamType::duration,
       .doc = "work_span: the span of a batch, which no SM shortens",
       .optional = true,
       .max = 1e6},
      {.name = "f",
       .type = ParamType::duration,
       .doc = "work_span: the span of each item; left out: none",
       .optional = true,
       .max = 1e6},
      {.name = "w",
       .type = ParamType::duration,
       .doc = "work_span: the work of each item, on all SMs",
       .optional = true,
       .max = 1e6},
      {.name = "p",
       .type = ParamType::number,
       .doc = "work_span: 1 adds span and work, large takes the larger",
       .optional = true,
       .min = 1,
       .max = 15},
      {.name = "table", .type = ParamType::block, .doc = "instead of fixed and per_item: measured times"},
      {.name = "contention",
       .type = ParamType::block,
       .doc = "what busy neighbours cost it under mps beyond the division of the SMs; left out: the pool's constant"},
      {.name = "measured",
       .type = ParamType::block,
       .doc = "where the figures were measured; queries outside are reported as extrapolated"},
  };
  return table;
}

std::span<const Param> latency_table() {
  static const std::vector<Param> table = {
      {.name = "items",
       .type = ParamType::number,
       .doc = "items in the batch",
       .min = 0,
       .max = 1e9,
       .min_exclusive = true},
      {.name = "share",
       .type = ParamType::share,
       .doc = "of the SMs it had",
       .fallback = "1",
       .source = "a process alone on the card"},
      {.name = "time", .type = ParamType::duration, .doc = "of the batch", .min = 0, .max = 1e6, .min_exclusive = true},
  };
  return table;
}

std::span<const Param> contention() {
  static const std::vector<Param> table = {
      {.name = "slowdown",
       .type = ParamType::number,
       .doc = "added to its time, as a share of it, whoever else is busy",
       .fallback = "0.12",
       .min = -1,
       .max = 100,
       .source = "[C] mean of 125 pairs of two CNNs under disjoint caps, V100"},
      {.name = "launch",
       .type = ParamType::duration,
       .doc = "added to each batch for each busy neighbour: the block scheduler's delay",
       .fallback = "0s",
       .max = 1e3,
       .source = "[A] measure pairs to know it"},
      {.name = "pressure",
       .type = ParamType::number,
       .doc = "what each item a second of this model adds to every neighbour's factor: L2 and DRAM traffic; may be "
              "negative where a fit says so",
       .fallback = "0",
       .min = -1e6,
       .max = 1e6,
       .source = "[A] measure pairs to know it",
       .unit = "s"},
      {.name = "exposure",
       .type = ParamType::number,
       .doc = "what each item a second of its own adds to its own factor",
       .fallback = "0",
       .min = -1e6,
       .max = 1e6,
       .source = "[A] measure pairs to know it",
       .unit = "s"},
  };
  return table;
}

std::span<const Param> measured_range() {
  static const std::vector<Param> table = {
      {.name = "items",
       .type = ParamType::numbers,
       .doc = "least and most items in a batch: [1, 256]",
       .optional = true,
       .min = 0},
      {.name = "shares",
       .type = ParamType::numbers,
       .doc = "least and most share of the SMs: [0.14, 1]",
       .optional = true,
       .min = 0,
       .max = 1},
  };
  return table;
}

std::span<const Param> batch() {
  static const std::vector<Param> table = {
      {.name = "max",
       .type = ParamType::integer,
       .doc = "queries in one batch at most",
       .fallback = "1",
       .min = 1,
       .max = 65536},
      {.name = "wait",
       .type = ParamType::duration,
       .doc = "how long the oldest query waits for company",
       .fallback = "0s",
       .max = 1e6},
  };
  return table;
}

std::span<const Param> concurrency() {
  static const std::vector<Param> table = {
      {.name = "limit",
       .type = ParamType::count,
       .doc = "batches in service at once; further ones are queued",
       .fallback = "1",
       .max = 1000000,
       .choices = {"unlimited"}},
      {.name = "scaling",
       .type = ParamType::choice,
       .doc = "total speed phi(n) of n batches at once, split equally: shared 1; efficiency; contention n / (1 + slope "
              "(n - 1))",
       .fallback = "shared",
       .choices = {"shared", "efficiency", "contention"}},
      {.name = "efficiency",
       .type = ParamType::number,
       .doc = "phi(n) for n >= 2",
       .fallback = "1",
       .min = 0,
       .max = 1000,
       .min_exclusive = true},
      {.name = "slope", .type = ParamType::number, .doc = "of contention", .fallback = "0", .min = 0, .max = 1000},
      {.name = "cap",
       .type = ParamType::number,
       .doc = "phi is at most this under contention; 0 for none",
       .fallback = "0",
       .min = 0,
       .max = 1000000},
  };
  return table;
}

std::span<const Param> cold_start() {
  static const std::vector<Param> table = {
      {.name = "image", .type = ParamType::bytes, .doc = "compressed image, pulled once a node", .fallback = "0"},
      {.name = "pull",
       .type = ParamType::bandwidth,
       .doc = "bandwidth of the pull",
       .fallback = "200MB/s",
       .min = 1,
       .source = "[A] 100-300 MB/s for images of 8-20 GB"},
      {.name = "decompress",
       .type = ParamType::bandwidth,
       .doc = "compressed bytes a node unpacks; the slower of it and pull counts. Left out: pull says it all",
       .optional = true,
       .min = 1},
      {.name = "cached",
       .type = ParamType::number,
       .doc = "share of the image in layers that nodes have from the start, as baked ones or another image's",
       .fallback = "0",
       .min = 0,
       .max = 1,
       .source = "[A] none"},
      {.name = "container", .type = ParamType::time_law, .doc = "container creation", .fallback = "0s"},
      {.name = "import",
       .type = ParamType::time_law,
       .doc = "framework import and CUDA initialisation; the context exists from its end",
       .fallback = "0s",
       .source = "typical 3-15 s [R]"},
      {.name = "load",
       .type = ParamType::time_law,
       .doc = "weights to the GPU; host memory is at its loading peak",
       .fallback = "0s"},
      {.name = "weights",
       .type = ParamType::block,
       .doc = "instead of load: bytes over the cluster's weights_store, which all that load at once share"},
      {.name = "first_batch",
       .type = ParamType::time_law,
       .doc = "first batch, autotuning, graph capture",
       .fallback = "0s",
       .source = "typical 1-60 s [R]"},
  };
  return table;
}

std::span<const Param> weights() {
  static const std::vector<Param> table = {
      {.name = "bytes",
       .type = ParamType::bytes,
       .doc = "checkpoint; left out: memory.weights",
       .optional = true,
       .min = 1},
      {.name = "stream",
       .type = ParamType::bandwidth,
       .doc = "what the store gives one replica",
       .fallback = "1GB/s",
       .min = 1,
       .source = "[R] object store: one stream 0.1-0.2 GB/s, parallel 1-5; network disk 0.125-1"},
      {.name = "disk",
       .type = ParamType::bandwidth,
       .doc = "local disk it is staged through; left out: none",
       .optional = true,
       .min = 1},
      {.name = "deserialise",
       .type = ParamType::bandwidth,
       .doc = "the framework's loader",
       .fallback = "1.5GB/s",
       .min = 1,
       .source = "[M for the ratio] pickle 0.5-1.5 GB/s, safetensors 1.5-4, a tuned loader 3.6-8.2 times as fast"},
      {.name = "pcie",
       .type = ParamType::bandwidth,
       .doc = "host to device, from pinned memory",
       .fallback = "12GB/s",
       .min = 1,
       .source = "[R] gen3; 24 GB/s gen4, 50 GB/s gen5"},
  };
  return table;
}

std::span<const Param> probe() {
  static const std::vector<Param> table = {
      {.name = "period",
       .type = ParamType::duration,
       .doc = "between two probes",
       .fallback = "10s",
       .min = 0,
       .max = 1e6,
       .min_exclusive = true,
       .source = "[S] Kubernetes' default"},
      {.name = "failure_threshold",
       .type = ParamType::integer,
       .doc = "failed probes in a row that end it",
       .fallback = "3",
       .min = 1,
       .max = 1000000,
       .source = "[S] Kubernetes' default"},
      {.name = "grace",
       .type = ParamType::duration,
       .doc = "from SIGTERM to SIGKILL",
       .fallback = "30s",
       .max = 1e6,
       .source = "[S] Kubernetes' default"},
  };
  return table;
}

std::span<const Param> restart_backoff() {
  static const std::vector<Param> table = {
      {.name = "first",
       .type = ParamType::duration,
       .doc = "wait before the second restart; the first is at once, each further one waits twice as long",
       .fallback = "10s",
       .min = 0,
       .max = 1e6,
       .source = "[S] kubelet; 1s with ReduceDefaultCrashLoopBackOffDecay"},
      {.name = "most",
       .type = ParamType::duration,
       .doc = "longest wait",
       .fallback = "300s",
       .min = 0,
       .max = 1e6,
       .source = "[S] kubelet; its crashLoopBackOff.maxContainerRestartPeriod"},
      {.name = "forget_after",
       .type = ParamType::duration,
       .doc = "a process that ran longer than this is restarted at once again",
       .fallback = "10m",
       .min = 0,
       .max = 1e6,
       .source = "[S] kubelet"},
  };
  return table;
}

std::span<const Param> network() {
  static const std::vector<Param> table = {
      {.name = "to_replica",
       .type = ParamType::duration,
       .doc = "from arrival to the queue",
       .fallback = "0s",
       .max = 1e6},
      {.name = "back",
       .type = ParamType::duration,
       .doc = "from completion to the response",
       .fallback = "0s",
       .max = 1e6},
  };
  return table;
}

std::span<const Param> slo() {
  static const std::vector<Param> table = [] {
    std::vector<Param> rows;
    for (const std::string_view name :
         {"response_time_p50", "response_time_p90", "response_time_p95", "response_time_p99", "response_time_p999"})
      rows.push_back({.name = name,
                      .type = ParamType::duration,
                      .doc = "response time that this share of queries shall meet; one of these at most",
                      .optional = true,
                      .min = 0,
                      .min_exclusive = true});
    rows.push_back({.name = "backlog_time",
                    .type = ParamType::duration,
                    .doc = "time to clear the backlog that shall not be passed",
                    .optional = true,
                    .min = 0,
                    .min_exclusive = true});
    return rows;
  }();
  return table;
}

std::span<const Param> thresholds() {
  static const std::vector<Param> table = {
      {.name = "response_time", .type = ParamType::durations, .doc = "response times", .optional = true},
      {.name = "queueing_delay", .type = ParamType::durations, .doc = "queueing delays", .optional = true},
  };
  return table;
}

std::span<const Param> pipeline() {
  static const std::vector<Param> table = {
      {.name = "stages", .type = ParamType::block, .doc = "models in the order a query visits them"},
      {.name = "edges", .type = ParamType::block, .doc = "instead of stages: [a -> b, b -> c]; together one chain"},
      {.name = "slo", .type = ParamType::block, .doc = "targets end to end"},
      {.name = "thresholds", .type = ParamType::block, .doc = "times at which exact counts of queries are kept"},
  };
  return table;
}

std::span<const Param> pipeline_thresholds() {
  static const std::vector<Param> table = {
      {.name = "response_time", .type = ParamType::durations, .doc = "response times, end to end", .optional = true},
  };
  return table;
}

std::span<const NamedDoc> dispatchers() {
  static constexpr NamedDoc rows[] = {
      {"pull", "one queue for the model; a replica with room takes the oldest query"},
      {"random", "a replica drawn at random; each has its own queue"},
      {"round_robin", "the replicas in turn"},
      {"least_outstanding", "the replica with the fewest queries queued and in service; equals in turn"},
      {"power_of_two", "the better of two replicas drawn at random, by queries queued and in service"},
      {"shortest_queue", "the replica with the fewest queries queued and in service; equals drawn at random"},
  };
  return rows;
}

}  // namespace windtunnel::tables
