// The keys of a model's `probe`, `requests` and `termination`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

// Tags in sources: [M] measured, [S] stated by the maker, [R] recalled from the literature, [A] assumed.

std::span<const Param> probe() {
  static const std::vector<Param> table = {
      {.name = "period",
       .type = ParamType::duration,
       .doc = "between two probes",
       .fallback = "10s",
       .min = 0,
       .max = 1e6,
       .min_exclusive = true,
       .source = "[S] Kubernetes' default"},
      {.name = "failure_threshold",
       .type = ParamType::integer,
       .doc = "failed probes in a row that end it",
       .fallback = "3",
       .min = 1,
       .max = 1000000,
       .source = "[S] Kubernetes' default"},
      {.name = "grace",
       .type = ParamType::duration,
       .doc = "from SIGTERM to SIGKILL",
       .fallback = "30s",
       .max = 1e6,
       .source = "[S] Kubernetes' default"},
      {.name = "startup",
       .type = ParamType::block,
       .doc = "until it succeeds no other probe runs; failing, it restarts the container. Left out: none"},
      {.name = "readiness",
       .type = ParamType::block,
       .doc = "a replica is ready at its next success, up to a period after it could serve. Left out: at once"},
      {.name = "liveness",
       .type = ParamType::block,
       .doc = "failing, it restarts the container. Left out: only a wedged replica fails it, by the keys above"},
      {.name = "while_busy",
       .type = ParamType::choice,
       .doc = "whether readiness and liveness are answered beside a batch in service, or only once it is over",
       .optional = true,
       .choices = {"answers", "blocked"},
       .source = "left out: answers"},
  };
  return table;
}

std::span<const Param> probe_ticker() {
  static const std::vector<Param> table = {
      {.name = "initial_delay",
       .type = ParamType::duration,
       .doc = "from the container's start to the ticker's",
       .fallback = "0s",
       .max = 1e6,
       .source = "[S] Kubernetes' default"},
      {.name = "period",
       .type = ParamType::duration,
       .doc = "between two ticks; the first comes up to a period after the delay",
       .fallback = "10s",
       .min = 0.001,
       .max = 1e6,
       .source = "[S] Kubernetes' default"},
      {.name = "timeout",
       .type = ParamType::duration,
       .doc = "an answer that takes longer is a failure",
       .fallback = "1s",
       .min = 0,
       .max = 1e6,
       .min_exclusive = true,
       .source = "[S] Kubernetes' default"},
      {.name = "success_threshold",
       .type = ParamType::integer,
       .doc = "successes in a row; 1 for startup and liveness",
       .fallback = "1",
       .min = 1,
       .max = 1000000,
       .source = "[S] Kubernetes' default"},
      {.name = "failure_threshold",
       .type = ParamType::integer,
       .doc = "failures in a row",
       .fallback = "3",
       .min = 1,
       .max = 1000000,
       .source = "[S] Kubernetes' default"},
  };
  return table;
}

std::span<const Param> requests() {
  static const std::vector<Param> table = {
      {.name = "cpu",
       .type = ParamType::number,
       .doc = "cores",
       .fallback = "0",
       .min = 0,
       .max = 1e6,
       .unit = "cores"},
      {.name = "memory",
       .type = ParamType::bytes,
       .doc = "main memory the scheduler sets aside on the node, whatever is used",
       .fallback = "0"},
  };
  return table;
}

std::span<const Param> termination() {
  static const std::vector<Param> table = {
      {.name = "grace",
       .type = ParamType::duration,
       .doc = "from deletion to SIGKILL (137): work not done by then is lost",
       .fallback = "30s",
       .max = 1e6,
       .source = "[S] terminationGracePeriodSeconds"},
      {.name = "pre_stop",
       .type = ParamType::duration,
       .doc = "the preStop hook's time, inside the grace period: SIGTERM comes after it, and until then the replica "
              "serves on",
       .fallback = "0s",
       .max = 1e6},
      {.name = "on_sigterm",
       .type = ParamType::choice,
       .doc = "drain: takes no new work and ends with what it has; exit: ends at once (143); ignore: serves on until "
              "SIGKILL",
       .fallback = "drain",
       .choices = {"drain", "exit", "ignore"},
       .source = "[A] a server with a handler"},
  };
  return table;
}

}  // namespace windtunnel::tables
