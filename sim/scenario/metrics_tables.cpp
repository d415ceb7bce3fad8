// The keys of `metrics` and of `models.<name>.cpu`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

std::span<const Param> metrics() {
  static const std::vector<Param> table = {
      {.name = "scrape_interval",
       .type = ParamType::duration,
       .doc = "between two scrapes of a target",
       .fallback = "15s",
       .min = 1,
       .source = "15 to 60 s in use; autoscaling reference 1.15"},
      {.name = "dcgm_interval",
       .type = ParamType::duration,
       .doc = "between two scrapes of DCGM's exporter, which collects as often",
       .fallback = "30s",
       .min = 1,
       .source = "dcgm-exporter --collect-interval 30000"},
      {.name = "phase",
       .type = ParamType::choice,
       .doc = "when in its interval a target is scraped: aligned at multiples of it, or spread by the seed",
       .fallback = "aligned",
       .choices = {"aligned", "spread"}},
      {.name = "look_back",
       .type = ParamType::duration,
       .doc = "how old the sample of an instant selector may be",
       .fallback = "5m",
       .min = 1,
       .source = "Prometheus --query.lookback-delta"},
      {.name = "lost_scrapes",
       .type = ParamType::number,
       .doc = "probability that a scrape fails: its target's series are stale until the next",
       .fallback = "0",
       .min = 0,
       .max = 1},
      {.name = "dcgm_pods",
       .type = ParamType::choice,
       .doc = "which pods DCGM's exporter names on a shared card: one (the last that came), copies of the device's "
              "value for each, or the device and each one's own share (processes; not under MPS)",
       .fallback = "one",
       .choices = {"one", "copies", "processes"},
       .source = "dcgm-exporter, issues 587 and 582"},
      {.name = "metrics_server_resolution",
       .type = ParamType::duration,
       .doc = "between two samples of metrics-server; CPU is averaged between two",
       .fallback = "15s",
       .min = 1,
       .source = "metrics-server manifests, --metric-resolution=15s"},
      {.name = "broker_refresh",
       .type = ParamType::duration,
       .doc = "how often the broker renews its figures; 0: read at the decision",
       .fallback = "5s",
       .min = 0,
       .source = "RabbitMQ collect_statistics_interval 5000 ms; Pub/Sub publishes each 60 s"},
      {.name = "partitions",
       .type = ParamType::integer,
       .doc = "of each model's topic, where the broker is Kafka; the queue is spread over them",
       .fallback = "1",
       .min = 1,
       .max = 10000},
      {.name = "adapter_cache",
       .type = ParamType::duration,
       .doc = "how old an answer of the metrics adapter may be",
       .fallback = "0s",
       .min = 0},
  };
  return table;
}

std::span<const Param> cpu() {
  static const std::vector<Param> table = {
      {.name = "request",
       .type = ParamType::number,
       .doc =
           "the container's CPU request, another place for requests.cpu; without either utilization cannot be computed",
       .optional = true,
       .min = 0,
       .max = 10000,
       .min_exclusive = true,
       .unit = "cores"},
      {.name = "busy",
       .type = ParamType::number,
       .doc = "used while a batch is in service",
       .fallback = "1",
       .min = 0,
       .max = 10000,
       .source = "one host thread feeds the GPU [A]",
       .unit = "cores"},
      {.name = "idle",
       .type = ParamType::number,
       .doc = "used by a process without work",
       .fallback = "0.05",
       .min = 0,
       .max = 10000,
       .source = "[A]",
       .unit = "cores"},
  };
  return table;
}

}  // namespace windtunnel::tables
