// The keys of a model's `latency`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

// Tags in sources: [M] measured, [S] stated by the maker, [R] recalled from the literature, [A] assumed.

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

}  // namespace windtunnel::tables
