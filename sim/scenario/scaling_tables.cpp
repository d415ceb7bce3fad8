// The keys that every entry of `scaling` has.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

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

}  // namespace windtunnel::tables
