// The keys of `workload.<index>.clients`: what those do who wait for an answer.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

std::span<const Param> clients() {
  static const std::vector<Param> table = {
      {.name = "count",
       .type = ParamType::integer,
       .doc =
           "a closed loop instead of arrivals: so many clients, each thinks, asks, waits for the answer, thinks again",
       .optional = true,
       .min = 1,
       .max = 1000000},
      {.name = "think",
       .type = ParamType::time_law,
       .doc = "from an answer (or giving up) to the client's next query; the first comes one such time after the start",
       .optional = true},
      {.name = "timeout",
       .type = ParamType::time_law,
       .doc = "how long an attempt may take before the client gives it up; left out: for ever",
       .optional = true},
      {.name = "applies",
       .type = ParamType::choice,
       .doc = "while_queued: who is being served stays, as in Erlang's model of abandonment",
       .fallback = "always",
       .choices = {"always", "while_queued"}},
      {.name = "deadline",
       .type = ParamType::duration,
       .doc = "from the first attempt; a later answer counts as timed out, and one that has not begun is not begun",
       .optional = true,
       .min = 0,
       .max = 1e6,
       .min_exclusive = true},
      {.name = "cancel",
       .type = ParamType::choice,
       .doc = "what giving up takes back: nothing (the work is done for nobody), what is still queued, or also what "
              "runs alone in its batch",
       .fallback = "queued",
       .choices = {"none", "queued", "all"},
       .source = "[A] a closed connection is seen before work begins, a running kernel is not stopped"},
      {.name = "retry", .type = ParamType::block, .doc = "tries again after a failure, time-out or refusal"},
  };
  return table;
}

std::span<const Param> retry() {
  static const std::vector<Param> table = {
      {.name = "attempts",
       .type = ParamType::integer,
       .doc = "in all, the first included",
       .fallback = "3",
       .min = 1,
       .max = 1000,
       .source = "[S] AWS SDKs, standard retry mode"},
      {.name = "first",
       .type = ParamType::duration,
       .doc = "wait before the second attempt",
       .fallback = "1s",
       .max = 1e6,
       .source = "[S] AWS SDKs, standard retry mode"},
      {.name = "factor",
       .type = ParamType::number,
       .doc = "by which each further wait is longer",
       .fallback = "2",
       .min = 1,
       .max = 1000,
       .source = "[S] AWS SDKs, standard retry mode"},
      {.name = "most",
       .type = ParamType::duration,
       .doc = "longest wait",
       .fallback = "20s",
       .max = 1e6,
       .source = "[S] AWS SDKs, standard retry mode"},
      {.name = "jitter",
       .type = ParamType::choice,
       .doc = "none: as it is; equal: half of it drawn; full: drawn from 0 to it; exponential: with it as mean",
       .fallback = "full",
       .choices = {"none", "equal", "full", "exponential"},
       .source = "[S] AWS Architecture Blog 2015, Exponential backoff and jitter"},
  };
  return table;
}

}  // namespace windtunnel::tables
