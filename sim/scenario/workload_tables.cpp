// The keys of `workload`.
#include "sim/scenario/tables.hpp"
#include "sim/workload/format_registry.hpp"

namespace windtunnel::tables {

std::span<const Param> workload() {
  static const std::vector<Param> table = {
      {.name = "model",
       .type = ParamType::text,
       .doc = "where the queries go: a model, all its copies evenly",
       .optional = true},
      {.name = "pipeline", .type = ParamType::text, .doc = "or a pipeline", .optional = true},
      {.name = "variant",
       .type = ParamType::text,
       .doc = "of the model's variants the one all these queries ask for; left out: drawn by their popularity",
       .optional = true},
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
         .doc = "items per unit of size_column, e.g. 0.01 for 100 tokens an item; per second of durations",
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
        {.name = "durations",
         .type = ParamType::text,
         .doc = "table of durations by label, for Azure Functions 2019: a query's size is its duration in seconds "
                "(times size_per_unit), drawn from its function's percentiles",
         .optional = true},
        {.name = "durations_as",
         .type = ParamType::choice,
         .doc = "left out: percentiles; mean: every call of a function takes its mean",
         .optional = true,
         .choices = {"percentiles", "mean"}},
    };
  }();
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

}  // namespace windtunnel::tables
