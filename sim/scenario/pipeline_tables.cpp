// The keys of `pipelines`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

std::span<const Param> pipeline() {
  static const std::vector<Param> table = {
      {.name = "stages", .type = ParamType::block, .doc = "models in the order a query visits them"},
      {.name = "edges",
       .type = ParamType::block,
       .doc = "instead of stages: [a -> b, b -> c]; several out of a stage run side by side, a stage with several in "
              "waits for all that are taken"},
      {.name = "feedback",
       .type = ParamType::block,
       .doc = "edges that lead back, each with a probability; the query is then at one stage at a time, and takes at "
              "most one exit of it"},
      {.name = "optional", .type = ParamType::block, .doc = "stages whose failure the query survives"},
      {.name = "slo", .type = ParamType::block, .doc = "targets end to end"},
      {.name = "thresholds", .type = ParamType::block, .doc = "times at which exact counts of queries are kept"},
  };
  return table;
}

std::span<const Param> pipeline_edge() {
  static const std::vector<Param> table = {
      {.name = "from", .type = ParamType::text, .doc = "a stage"},
      {.name = "to", .type = ParamType::text, .doc = "the stage after it"},
      {.name = "probability",
       .type = ParamType::share,
       .doc = "with which it is taken; left out: 1, or what the others of its choice leave",
       .optional = true},
      {.name = "choice",
       .type = ParamType::text,
       .doc = "edges of one stage with the same choice exclude each other: at most one is taken",
       .optional = true},
      {.name = "size",
       .type = ParamType::law,
       .doc = "factor on the query's size, or its law; left out: the size is passed on",
       .optional = true},
  };
  return table;
}

std::span<const Param> pipeline_thresholds() {
  static const std::vector<Param> table = {
      {.name = "response_time", .type = ParamType::durations, .doc = "response times, end to end", .optional = true},
  };
  return table;
}

}  // namespace windtunnel::tables
