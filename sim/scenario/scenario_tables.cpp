// The keys of a scenario's top level, and of its verdict.
#include "sim/scenario/tables.hpp"

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
      {.name = "vertical",
       .type = ParamType::block,
       .doc = "by model: who watches its memory, and sets its limits by what was seen"},
      {.name = "expect", .type = ParamType::block, .doc = "list: bounds on figures of summary.json, the verdict"},
      {.name = "compare",
       .type = ParamType::block,
       .doc = "list: variants, each a name and settings laid over this file"},
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
