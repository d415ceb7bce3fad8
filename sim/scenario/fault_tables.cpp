// The keys of `models.<name>.faults`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {
namespace {

constexpr std::string_view kUpDoc = "time until the next one, by that clock";

Param clock(std::string_view fallback, std::string_view source) {
  return {.name = "clock",
          .type = ParamType::choice,
          .doc = "which time brings it nearer: always, from ready on, or while_serving, with a batch in service",
          .fallback = fallback,
          .choices = {"always", "while_serving"},
          .source = source};
}

Param exit_code(std::string_view fallback, std::string_view source) {
  return {.name = "exit_code",
          .type = ParamType::integer,
          .doc = "how the process ends",
          .fallback = fallback,
          .min = 0,
          .max = 255,
          .source = source};
}

}  // namespace

std::span<const Param> faults() {
  static const std::vector<Param> table = {
      {.name = "pause",
       .type = ParamType::block,
       .doc = "the replica stands still and goes on where it stopped: GPU recovery, throttling to a halt; it begins "
              "nothing meanwhile"},
      {.name = "crash",
       .type = ParamType::block,
       .doc = "the process ends of itself, and work in service begins anew (on_kill)"},
      {.name = "fatal_fault",
       .type = ParamType::block,
       .doc = "a fault in a kernel: ends the process, and under mps every client of its GPU (cause neighbour_fault)"},
  };
  return table;
}

std::span<const Param> pause() {
  static const std::vector<Param> table = {
      {.name = "up", .type = ParamType::time_law, .doc = kUpDoc},
      {.name = "down", .type = ParamType::time_law, .doc = "how long it stands still"},
      clock("always", "[A] what halts a GPU does not wait for work"),
  };
  return table;
}

std::span<const Param> crash() {
  static const std::vector<Param> table = {
      {.name = "up", .type = ParamType::time_law, .doc = kUpDoc},
      clock("while_serving", "[A] a process dies of its work"),
      exit_code("139", "[S] 128 + SIGSEGV; 1 for a traceback, 134 for an abort"),
      {.name = "down",
       .type = ParamType::time_law,
       .doc = "time until it is ready again, where a supervisor inside the container restarts the server; left out: "
              "Kubernetes' restart back-off, then the cold start",
       .optional = true},
  };
  return table;
}

std::span<const Param> fatal_fault() {
  static const std::vector<Param> table = {
      {.name = "mean_time_between",
       .type = ParamType::duration,
       .doc = "serving time between two of one replica, exponential",
       .min = 0,
       .min_exclusive = true},
      exit_code("1", "[S] a traceback on the CUDA error; 134 for an abort"),
  };
  return table;
}

}  // namespace windtunnel::tables
