// The keys of `cluster`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

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
      {.name = "fit",
       .type = ParamType::choice,
       .doc =
           "what a GPU must have for another replica: a slot, or also room for its memory limit beside the limits of "
           "those on it",
       .optional = true,
       .choices = {"slots", "memory"},
       .source = "[S] the device plugin counts slots; HAMi's scheduler also gpumem"},
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

std::span<const Param> relayout() {
  static const std::vector<Param> table = {
      {.name = "at", .type = ParamType::duration, .doc = "when it begins", .min = 0, .max = 1e9},
      {.name = "layout", .type = ParamType::block, .doc = "list of profiles that each card is to have from then on"},
  };
  return table;
}

std::span<const Param> relayout_on_pending() {
  static const std::vector<Param> table = {
      {.name = "layouts",
       .type = ParamType::block,
       .doc = "list of lists of profiles that a card may have beside `layout` and those of `relayouts`",
       .optional = true},
      {.name = "after",
       .type = ParamType::duration,
       .doc = "a pod without a place for so long counts; who waits is looked at as often",
       .fallback = "30s",
       .min = 1,
       .max = 86400,
       .source = "[A] longer than a pod's move from node to node, shorter than a new node"},
      {.name = "keep",
       .type = ParamType::duration,
       .doc = "a node that was cut anew keeps its layout at least so long",
       .fallback = "10m",
       .max = 1e9,
       .source = "[A] several cold starts, so that a change can pay"},
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

}  // namespace windtunnel::tables
