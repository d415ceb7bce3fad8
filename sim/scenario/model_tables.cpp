// The keys of `models`.
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
      {.name = "queue",
       .type = ParamType::block,
       .doc =
           "what the broker does: which query is next, hand-outs, acknowledgements; a preset's name or a block (list "
           "queues)"},
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
      {.name = "probe", .type = ParamType::block, .doc = "probes: what ends a wedged replica, and when one is ready"},
      {.name = "requests", .type = ParamType::block, .doc = "CPU and memory a pod asks for, beside its GPU slot"},
      {.name = "termination",
       .type = ParamType::block,
       .doc = "how a pod that is deleted ends; left out: it finishes its queries, however long they take"},
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
      {.name = "startup",
       .type = ParamType::block,
       .doc = "until it succeeds no other probe runs; failing, it restarts the container. Left out: none"},
      {.name = "readiness",
       .type = ParamType::block,
       .doc = "a replica is ready at its next success, up to a period after it could serve. Left out: at once"},
      {.name = "liveness",
       .type = ParamType::block,
       .doc = "failing, it restarts the container. Left out: only a wedged replica fails it, by the keys above"},
      {.name = "while_busy",
       .type = ParamType::choice,
       .doc = "whether readiness and liveness are answered beside a batch in service, or only once it is over",
       .optional = true,
       .choices = {"answers", "blocked"},
       .source = "left out: answers"},
  };
  return table;
}

std::span<const Param> probe_ticker() {
  static const std::vector<Param> table = {
      {.name = "initial_delay",
       .type = ParamType::duration,
       .doc = "from the container's start to the ticker's",
       .fallback = "0s",
       .max = 1e6,
       .source = "[S] Kubernetes' default"},
      {.name = "period",
       .type = ParamType::duration,
       .doc = "between two ticks; the first comes up to a period after the delay",
       .fallback = "10s",
       .min = 0.001,
       .max = 1e6,
       .source = "[S] Kubernetes' default"},
      {.name = "timeout",
       .type = ParamType::duration,
       .doc = "an answer that takes longer is a failure",
       .fallback = "1s",
       .min = 0,
       .max = 1e6,
       .min_exclusive = true,
       .source = "[S] Kubernetes' default"},
      {.name = "success_threshold",
       .type = ParamType::integer,
       .doc = "successes in a row; 1 for startup and liveness",
       .fallback = "1",
       .min = 1,
       .max = 1000000,
       .source = "[S] Kubernetes' default"},
      {.name = "failure_threshold",
       .type = ParamType::integer,
       .doc = "failures in a row",
       .fallback = "3",
       .min = 1,
       .max = 1000000,
       .source = "[S] Kubernetes' default"},
  };
  return table;
}

std::span<const Param> requests() {
  static const std::vector<Param> table = {
      {.name = "cpu",
       .type = ParamType::number,
       .doc = "cores",
       .fallback = "0",
       .min = 0,
       .max = 1e6,
       .unit = "cores"},
      {.name = "memory",
       .type = ParamType::bytes,
       .doc = "main memory the scheduler sets aside on the node, whatever is used",
       .fallback = "0"},
  };
  return table;
}

std::span<const Param> termination() {
  static const std::vector<Param> table = {
      {.name = "grace",
       .type = ParamType::duration,
       .doc = "from deletion to SIGKILL (137): work not done by then is lost",
       .fallback = "30s",
       .max = 1e6,
       .source = "[S] terminationGracePeriodSeconds"},
      {.name = "pre_stop",
       .type = ParamType::duration,
       .doc = "the preStop hook's time, inside the grace period: SIGTERM comes after it, and until then the replica "
              "serves on",
       .fallback = "0s",
       .max = 1e6},
      {.name = "on_sigterm",
       .type = ParamType::choice,
       .doc = "drain: takes no new work and ends with what it has; exit: ends at once (143); ignore: serves on until "
              "SIGKILL",
       .fallback = "drain",
       .choices = {"drain", "exit", "ignore"},
       .source = "[A] a server with a handler"},
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

}  // namespace windtunnel::tables
