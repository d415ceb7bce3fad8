// The keys of a model itself; those of its larger blocks stand in files of their own.
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
      {.name = "variants",
       .type = ParamType::block,
       .doc =
           "checkpoints or adapters that one replica swaps in and out of device memory; each query asks for one, and "
           "a batch is of one"},
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
