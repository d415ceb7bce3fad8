// The keys of a scenario but `models` and `pipelines`.
#include "sim/scenario/tables.hpp"
#include "sim/workload/format_registry.hpp"

namespace windtunnel::tables {

std::span<const Param> scenario() {
  static const std::vector<Param> table = {
      {.name = "schema", .type = ParamType::integer, .doc = "version of this grammar: 1", .min = 1, .max = 1},
      {.name = "name",
       .type = ParamType::text,
       .doc = "left out: the file's name without its ending",
       .optional = true},
      {.name = "seed",
       .type = ParamType::integer,
       .doc = "of every random stream",
       .fallback = "1",
       .min = 0,
       .max = 9007199254740992.0},
      {.name = "horizon",
       .type = ParamType::duration,
       .doc = "end of arrivals and, unless run: to_empty, of the run; may be left out when that run ends by itself",
       .optional = true,
       .min = 0,
       .min_exclusive = true},
      {.name = "warm_up", .type = ParamType::duration, .doc = "discarded start", .fallback = "0s"},
      {.name = "run",
       .type = ParamType::choice,
       .doc = "stop at the horizon, or go on past the last arrival until nothing is inside",
       .fallback = "to_horizon",
       .choices = {"to_horizon", "to_empty"}},
      {.name = "models", .type = ParamType::block, .doc = "by name: what is served"},
      {.name = "pipelines", .type = ParamType::block, .doc = "by name: chains and graphs of models"},
      {.name = "workload", .type = ParamType::block, .doc = "list: the traffic"},
      {.name = "cluster", .type = ParamType::block, .doc = "the GPUs"},
      {.name = "metrics",
       .type = ParamType::block,
       .doc = "how exporters are scraped; without it as Prometheus and its neighbours are set up by default"},
      {.name = "scaling",
       .type = ParamType::block,
       .doc = "by model: the policy that sets its replicas; without an entry one fixed replica"},
      {.name = "expect", .type = ParamType::block, .doc = "list: bounds on figures of summary.json, the verdict"},
      {.name = "compare",
       .type = ParamType::block,
       .doc = "list: variants, each a name and settings laid over this file"},
  };
  return table;
}

std::span<const Param> workload() {
  static const std::vector<Param> table = {
      {.name = "model",
       .type = ParamType::text,
       .doc = "where the queries go: a model, all its copies evenly",
       .optional = true},
      {.name = "pipeline", .type = ParamType::text, .doc = "or a pipeline", .optional = true},
      {.name = "name",
       .type = ParamType::text,
       .doc = "names the entry's random streams; left out: its target",
       .optional = true},
      {.name = "size",
       .type = ParamType::law,
       .doc = "items of work and memory in a query; a trace's own size wins",
       .optional = true},
      {.name = "queries",
       .type = ParamType::integer,
       .doc = "stop after this many",
       .optional = true,
       .min = 1,
       .max = 9007199254740992.0},
      {.name = "priority",
       .type = ParamType::integer,
       .doc = "class of its queries where a queue's discipline is priority; 1 is the highest",
       .optional = true,
       .min = 1,
       .max = 100},
      {.name = "keys",
       .type = ParamType::integer,
       .doc = "ordering keys, one drawn evenly for each query; where a queue's ordering is key",
       .optional = true,
       .min = 1,
       .max = 1000000},
      {.name = "clients",
       .type = ParamType::block,
       .doc = "how long they wait for an answer and what they do then; or a closed loop of them"},
      {.name = "arrivals", .type = ParamType::block, .doc = "a synthetic process"},
      {.name = "trace", .type = ParamType::block, .doc = "or a recorded trace"},
  };
  return table;
}

std::span<const Param> arrivals() {
  static const std::vector<Param> table = {
      {.name = "process",
       .type = ParamType::text,
       .doc = "which process (list processes); its parameters stand beside it",
       .fallback = "poisson"},
      {.name = "batch",
       .type = ParamType::law,
       .doc = "queries at each instant: a number, geometric, or values with weights; the rate stays one of queries",
       .optional = true},
      {.name = "curve", .type = ParamType::block, .doc = "multiplier of the rate over time, by thinning"},
      {.name = "transforms", .type = ParamType::block, .doc = "list: what is done to it, in order (list transforms)"},
  };
  return table;
}

std::span<const Param> curve() {
  static const std::vector<Param> table = {
      {.name = "period",
       .type = ParamType::duration,
       .doc = "after which it repeats",
       .fallback = "1d",
       .min = 0,
       .min_exclusive = true},
      {.name = "amplitude",
       .type = ParamType::number,
       .doc = "of 1 + amplitude sin(2 pi t / period + phase)",
       .optional = true,
       .min = 0,
       .max = 1},
      {.name = "phase",
       .type = ParamType::number,
       .doc = "of the sinusoid",
       .optional = true,
       .min = -1e6,
       .max = 1e6,
       .unit = "radians"},
      {.name = "points",
       .type = ParamType::numbers,
       .doc = "or multipliers equally spaced over the period, linear between (see step)",
       .optional = true,
       .min = 0,
       .max = 1e6},
      {.name = "hourly",
       .type = ParamType::numbers,
       .doc = "or 24 multipliers of a day, linear between",
       .optional = true,
       .min = 0,
       .max = 1e6},
      {.name = "step",
       .type = ParamType::boolean,
       .doc = "true: points or hourly are levels, each held until the next",
       .optional = true},
  };
  return table;
}

std::span<const Param> trace() {
  static const std::vector<Param> table = [] {
    std::vector<std::string_view> formats = {"auto"};
    for (const auto& row : format_registry()) formats.push_back(row.name);
    return std::vector<Param>{
        {.name = "file", .type = ParamType::text, .doc = "relative to the scenario's folder; plain, gzip or zstd"},
        {.name = "format",
         .type = ParamType::choice,
         .doc = "auto recognises it by its header (list formats)",
         .fallback = "auto",
         .choices = formats},
        {.name = "map",
         .type = ParamType::block,
         .doc = "label in the trace: model or pipeline; \"*\" takes the rest, without it they are dropped and counted"},
        {.name = "rate_scale",
         .type = ParamType::block,
         .doc = "a factor, or {offered_load: share of the fleet's largest capacity}"},
        {.name = "from", .type = ParamType::duration, .doc = "leave out what comes before", .optional = true},
        {.name = "to", .type = ParamType::duration, .doc = "leave out what comes from here on", .optional = true},
        {.name = "rebase",
         .type = ParamType::boolean,
         .doc = "the first row, or the window's start, becomes time 0",
         .fallback = "true"},
        {.name = "placement",
         .type = ParamType::choice,
         .doc = "where in its second a counted query arrives",
         .fallback = "uniform",
         .choices = {"even", "uniform", "poisson"}},
        {.name = "size_column",
         .type = ParamType::text,
         .doc = "column to take a query's size from; left out: the format's own",
         .optional = true},
        {.name = "size_per_unit",
         .type = ParamType::number,
         .doc = "items per unit of size_column, e.g. 0.01 for 100 tokens an item",
         .fallback = "1",
         .min = 0,
         .max = 1e9,
         .min_exclusive = true},
        {.name = "transforms",
         .type = ParamType::block,
         .doc = "list: what is done to it after all this, in order (list transforms)"},
        {.name = "unit",
         .type = ParamType::choice,
         .doc = "of times that are numbers; left out: what the format says",
         .optional = true,
         .choices = {"s", "ms", "us", "ns"}},
        {.name = "reorder",
         .type = ParamType::duration,
         .doc = "rows may come so late and are put in order; left out: what the format says, mostly 10s",
         .optional = true},
        {.name = "time_column",
         .type = ParamType::text,
         .doc = "column of the times; left out: the format's own",
         .optional = true},
        {.name = "label_column",
         .type = ParamType::text,
         .doc = "column (or metric label) that map looks at; left out: the format's own",
         .optional = true},
        {.name = "values",
         .type = ParamType::choice,
         .doc = "what a recorded series counts that is replayed as traffic: a rate, or queries since the last sample",
         .optional = true,
         .choices = {"per_second", "per_step"}},
    };
  }();
  return table;
}

std::span<const Param> transform() {
  static const std::vector<Param> table = {
      {.name = "transform", .type = ParamType::text, .doc = "which one; its parameters stand beside it"}};
  return table;
}

std::span<const Param> further_source() {
  static const std::vector<Param> table = {
      {.name = "arrivals", .type = ParamType::block, .doc = "a synthetic process"},
      {.name = "trace", .type = ParamType::block, .doc = "or a recorded trace"},
  };
  return table;
}

std::span<const Param> rate_scale() {
  static const std::vector<Param> table = {
      {.name = "offered_load",
       .type = ParamType::number,
       .doc = "share of the fleet's largest capacity that the recording's mean shall be",
       .min = 0,
       .max = 100,
       .min_exclusive = true},
  };
  return table;
}

std::span<const Param> cluster() {
  static const std::vector<Param> table = {
      {.name = "node_pools", .type = ParamType::block, .doc = "by name: nodes of one kind"},
      {.name = "autoscaler",
       .type = ParamType::block,
       .doc = "who orders nodes and gives them back (list node-autoscalers); left out: on_demand"},
      {.name = "scheduler",
       .type = ParamType::block,
       .doc =
           "how nodes are rated for a pod, and how long one that fits nowhere waits; left out: the first pool of the "
           "file with room, looked for at every change"},
      {.name = "weights_store",
       .type = ParamType::bandwidth,
       .doc = "bandwidth of the store that all replicas with cold_start.weights load from, together; left out: not "
              "limited",
       .optional = true,
       .min = 1},
  };
  return table;
}

std::span<const Param> node_pool() {
  static const std::vector<Param> table = {
      {.name = "gpu", .type = ParamType::text, .doc = "GPU type (list gpus)"},
      {.name = "gpus", .type = ParamType::integer, .doc = "GPUs in a node", .fallback = "1", .min = 1, .max = 1024},
      {.name = "sharing", .type = ParamType::block, .doc = "how replicas share a GPU (list sharing-modes)"},
      {.name = "nodes", .type = ParamType::block, .doc = "a number, or {min, max, initial}"},
      {.name = "provision",
       .type = ParamType::time_law,
       .doc = "from ordering a node to a machine that is there",
       .fallback = "90s",
       .source = "[M, secondary] 60-120 s for a GPU machine"},
      {.name = "driver",
       .type = ParamType::time_law,
       .doc = "from then until driver and device plugin are ready and the node can be used",
       .fallback = "0s",
       .source = "[M, secondary] 0 with a baked image, 30-180 s on a plain one"},
      {.name = "pull_bandwidth",
       .type = ParamType::bandwidth,
       .doc = "of one node: its pulls share it; left out: only each image's own pull limits it",
       .optional = true,
       .min = 1},
      {.name = "price",
       .type = ParamType::price,
       .doc = "of a node; left out: GPUs times the catalogue's price",
       .optional = true},
      {.name = "scale_down_after",
       .type = ParamType::duration,
       .doc = "an empty node is given back after this, under autoscaler: on_demand",
       .fallback = "10m",
       .source = "[S] cluster autoscaler's scale-down-unneeded-time"},
      {.name = "minimum_billing",
       .type = ParamType::duration,
       .doc = "least time billed for a node",
       .fallback = "60s",
       .source = "[R] AWS Linux, GCP"},
      {.name = "host_memory",
       .type = ParamType::bytes,
       .doc = "main memory of a node; 0: not limited",
       .fallback = "0"},
      {.name = "placement",
       .type = ParamType::choice,
       .doc = "a new replica goes to the emptiest GPU, or to the fullest with room",
       .fallback = "spread",
       .choices = {"spread", "pack"}},
      {.name = "cpu",
       .type = ParamType::number,
       .doc = "of a node; left out: not limited",
       .optional = true,
       .min = 0.001,
       .max = 1e6,
       .unit = "cores"},
      {.name = "priority",
       .type = ParamType::integer,
       .doc = "for the expander priority: the highest first; left out: 0",
       .optional = true,
       .min = -1000000,
       .max = 1000000},
      {.name = "provision_failures",
       .type = ParamType::share,
       .doc = "share of orders that never become a node; found when the autoscaler gives up. Left out: 0",
       .optional = true,
       .min = 0},
      {.name = "spot",
       .type = ParamType::block,
       .doc = "capacity that its owner takes back, a node or a whole zone at a time; left out: it stays"},
  };
  return table;
}

std::span<const Param> spot() {
  static const std::vector<Param> table = {
      {.name = "zones",
       .type = ParamType::integer,
       .doc = "nodes are dealt to them in turn",
       .fallback = "1",
       .min = 1,
       .max = 1000},
      {.name = "zone_reclaim",
       .type = ParamType::time_law,
       .doc = "between two reclaims of one zone, all its nodes together; left out: never",
       .optional = true},
      {.name = "node_reclaim",
       .type = ParamType::time_law,
       .doc = "from a node's readiness to its own reclaim; left out: never",
       .optional = true},
      {.name = "outage",
       .type = ParamType::time_law,
       .doc = "after a zone's reclaim, until it gives nodes again",
       .fallback = "0s"},
      {.name = "notice",
       .type = ParamType::duration,
       .doc = "before a node goes: it takes no more pods and those on it are deleted and replaced",
       .fallback = "2m",
       .max = 1e6,
       .source = "[S] AWS 2 min; GCP and Azure 30 s"},
  };
  return table;
}

std::span<const Param> scheduler() {
  static const std::vector<Param> table = {
      {.name = "score",
       .type = ParamType::choice,
       .doc = "least_allocated spreads by requests, most_allocated and requested_to_capacity can pack",
       .fallback = "least_allocated",
       .choices = {"least_allocated", "most_allocated", "requested_to_capacity"},
       .source = "[S] kube-scheduler's NodeResourcesFit"},
      {.name = "cpu_weight",
       .type = ParamType::integer,
       .doc = "of CPU in the score; 0 leaves it out",
       .fallback = "1",
       .min = 0,
       .max = 100,
       .source = "[S]"},
      {.name = "memory_weight",
       .type = ParamType::integer,
       .doc = "of main memory",
       .fallback = "1",
       .min = 0,
       .max = 100,
       .source = "[S]"},
      {.name = "gpu_weight",
       .type = ParamType::integer,
       .doc = "of GPU slots: the stock scheduler does not look at them, and so spreads pods and fragments GPUs",
       .fallback = "0",
       .min = 0,
       .max = 100,
       .source = "[S] not in the default list"},
      {.name = "utilizations",
       .type = ParamType::numbers,
       .doc = "of requested_to_capacity: percent, ascending whole numbers; left out: [0, 100]",
       .optional = true,
       .min = 0,
       .max = 100},
      {.name = "scores",
       .type = ParamType::numbers,
       .doc = "the score at each, 0 to 10; left out: [0, 10], which packs",
       .optional = true,
       .min = 0,
       .max = 10},
      {.name = "initial_backoff",
       .type = ParamType::duration,
       .doc = "a pod that fitted nowhere is left alone for this, then twice that, ...",
       .fallback = "1s",
       .max = 1e6,
       .source = "[S] podInitialBackoffSeconds"},
      {.name = "max_backoff",
       .type = ParamType::duration,
       .doc = "at most this",
       .fallback = "10s",
       .max = 1e6,
       .source = "[S] podMaxBackoffSeconds"},
  };
  return table;
}

std::span<const Param> sharing() {
  static const std::vector<Param> table = {
      {.name = "mode",
       .type = ParamType::text,
       .doc = "which mode; its parameters stand beside it",
       .fallback = "exclusive"},
      {.name = "replicas",
       .type = ParamType::integer,
       .doc = "replicas one GPU is advertised for; must be given unless exclusive",
       .optional = true,
       .min = 1,
       .max = 1024},
  };
  return table;
}

std::span<const Param> nodes() {
  static const std::vector<Param> table = {
      {.name = "min", .type = ParamType::integer, .doc = "nodes kept", .fallback = "0", .min = 0, .max = 1000000},
      {.name = "max", .type = ParamType::integer, .doc = "nodes at most", .min = 1, .max = 1000000},
      {.name = "initial",
       .type = ParamType::integer,
       .doc = "nodes ready at time 0; left out: min",
       .optional = true,
       .min = 0,
       .max = 1000000},
  };
  return table;
}

std::span<const Param> scaling() {
  static const std::vector<Param> table = {
      {.name = "policy",
       .type = ParamType::text,
       .doc = "which policy (list policies); its parameters stand beside it",
       .fallback = "fixed"},
      {.name = "interval",
       .type = ParamType::duration,
       .doc = "between two decisions",
       .fallback = "15s",
       .min = 0,
       .min_exclusive = true,
       .source = "[S] the horizontal autoscaler's sync period"},
      {.name = "interval_phase",
       .type = ParamType::choice,
       .doc =
           "the first decision comes after one interval: fixed; or after up to one more, drawn from the seed: seeded",
       .optional = true,
       .choices = {"fixed", "seeded"}},
      {.name = "interval_jitter",
       .type = ParamType::duration,
       .doc = "each interval is longer by up to this, drawn from the seed, as a real controller's by its own work",
       .optional = true},
      {.name = "scrape_interval",
       .type = ParamType::duration,
       .doc = "between two scrapes of the gauges a policy sees; 0s: read at the decision",
       .fallback = "15s",
       .source = "[S] Prometheus' usual setting"},
      {.name = "reuse_draining",
       .type = ParamType::boolean,
       .doc = "a scale-up takes draining replicas back before it starts new ones",
       .fallback = "false",
       .source = "Kubernetes does not"},
      {.name = "scale_down_first",
       .type = ParamType::choice,
       .doc = "who goes first: not_ready: a ReplicaSet's order: pending, not ready, doubled up on a node, ready for "
              "the shorter time by powers of two, which knows nothing of load; deletion_cost: the same with every "
              "pod's deletion cost kept at its queries; idle: ready without work, then ready, then not ready",
       .fallback = "not_ready",
       .choices = {"not_ready", "deletion_cost", "idle"},
       .source = "not_ready: Kubernetes' default [S]"},
      {.name = "scale_down",
       .type = ParamType::choice,
       .doc =
           "what becomes of the work of a replica that goes: drain: it is finished first; preempt_resume: it goes back "
           "to the head of the queue with what is left of it, for comparison with theory",
       .fallback = "drain",
       .choices = {"drain", "preempt_resume"},
       .source = "drain: what SIGTERM and a grace period are for [S]"},
      {.name = "keep_alive",
       .type = ParamType::duration,
       .doc = "with min: 0: to zero once nothing was inside for so long, and to one replica at once when a query "
              "comes, as "
              "an activator does; left out: the policy alone decides, at its intervals",
       .optional = true,
       .min = 0},
  };
  return table;
}

std::span<const Param> scaling_limits() {
  static const std::vector<Param> table = {
      {.name = "min",
       .type = ParamType::integer,
       .doc = "replicas at least; 0 scales to zero",
       .fallback = "1",
       .min = 0,
       .max = 1000000},
      {.name = "max", .type = ParamType::integer, .doc = "replicas at most", .min = 1, .max = 1000000},
      {.name = "initial",
       .type = ParamType::integer,
       .doc = "replicas ready at time 0; left out: min, or 1 when min is 0",
       .optional = true,
       .min = 0,
       .max = 1000000},
  };
  return table;
}

std::span<const Param> expect() {
  static const std::vector<Param> table = {
      {.name = "metric", .type = ParamType::text, .doc = "path in summary.json, e.g. totals.kills.oom"},
      {.name = "below", .type = ParamType::block, .doc = "the bound: a number, a duration, a size or a rate"},
      {.name = "at_most", .type = ParamType::block, .doc = "the bound, itself allowed"},
      {.name = "above", .type = ParamType::block, .doc = "the bound"},
      {.name = "at_least", .type = ParamType::block, .doc = "the bound, itself allowed"},
  };
  return table;
}

std::span<const Param> compare() {
  static const std::vector<Param> table = {
      {.name = "name", .type = ParamType::text, .doc = "heads the variant's column"},
      {.name = "set", .type = ParamType::block, .doc = "path: value, as with --set"},
  };
  return table;
}

}  // namespace windtunnel::tables
