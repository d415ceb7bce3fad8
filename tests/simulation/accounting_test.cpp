// Sums that must come out exactly: time in system, time in service, money.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Seconds of [from, to) that lie after the warm-up.
double inside_s(SimTime from, SimTime to, double warm_up_s) {
  return std::max(0.0, to_seconds(to) - std::max(to_seconds(from), warm_up_s));
}

constexpr double kWarmUp = 300;

// The integral of the number in system over the window is the time each query spent in it, sample path by sample path.
void expect_area_is_time_spent(const Ran& ran) {
  double in_system_s = 0;
  for (const auto& q : ran.queries) in_system_s += inside_s(q.arrived, q.ended, kWarmUp);
  double backlog_area = 0;
  for (const auto& m : ran.result.models) backlog_area += m.backlog.mean * ran.result.measured_s;
  EXPECT_GT(in_system_s, 100);
  EXPECT_NEAR(backlog_area, in_system_s, 1e-6);
}

TEST(Accounting, TimeInSystemInsideTheWindowIsTheIntegralOfTheNumberInSystem) {
  const Ran ran = run(R"(
run: to_empty
horizon: 30m
warm_up: 5m
models: {m: {service_time: {law: exponential, mean: 2s}}}
workload: [{model: m, arrivals: {rate: 0.9/s}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}
scaling: {m: {policy: fixed, replicas: 2}}
)");
  expect_area_is_time_spent(ran);
  double in_service_s = 0;
  for (const auto& q : ran.queries) in_service_s += inside_s(q.ended - q.service_time, q.ended, kWarmUp);
  EXPECT_NEAR(ran.only().in_service.mean * ran.result.measured_s, in_service_s, 1e-6);
  EXPECT_NEAR(ran.only().busy_replicas.mean * ran.result.measured_s, in_service_s, 1e-6);  // one query each
}

TEST(Accounting, TimeInSystemCountsThroughKillsRedeliveriesAndPipelines) {
  const Ran ran = run(R"(
run: to_empty
horizon: 30m
warm_up: 5m
models:
  a:
    latency: {per_item: 2s}
    memory: {context: 0, weights: 4GiB, per_item: 1GiB}
    cold_start: {load: 5s}
    batch: {max: 3, wait: 500ms}
    max_deliveries: 2
  b: {latency: {per_item: 1s}, memory: {context: 0, weights: 4GiB, per_item: 1GiB, allocator: exact}, on_vram_oom: wedge, concurrency: 2, dispatch: round_robin}
pipelines: {p: {stages: [a, b]}}
workload: [{pipeline: p, size: {values: [0.5, 2, 5], weights: [0.7, 0.25, 0.05]}, arrivals: {rate: 0.2/s}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 2, sharing: {mode: time_slicing, replicas: 2}}}}
scaling: {a: {policy: fixed, replicas: 2}, b: {policy: fixed, replicas: 2}}
)");
  EXPECT_GT(ran.result.models[0].kills.total, 3U);
  EXPECT_GT(ran.result.models[1].kills.total, 1U);
  EXPECT_GT(ran.result.totals->redelivered, 3U);
  expect_area_is_time_spent(ran);
  for (const auto& m : ran.result.models) expect_balance(m.queries, m.name);
  expect_balance(ran.result.pipelines.at(0).queries, "p");
  expect_balance(*ran.result.totals, "totals");
}

TEST(Accounting, EmptyShareIsTheTimeWithoutAnyQuery) {
  const Ran ran = run(R"(
horizon: 100s
warm_up: 10s
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                      "timestamp,size\n5,10\n14,2\n50,20\n95,10\n");
  // Not empty from 10 to 17, 50 to 70 and 95 to 100.
  EXPECT_NEAR(ran.only().empty_share * 90, 90 - 7 - 20 - 5, 1e-9);
}

TEST(Accounting, ModelsAndNobodySumToTheBill) {
  const Ran ran = run(R"(
horizon: 2h
warm_up: 10m
models:
  a: {latency: {per_item: 2s}, cold_start: {load: 20s}}
  b: {latency: {per_item: 1s}, cold_start: {load: 10s}}
workload:
  - {model: a, arrivals: {rate: 0.8/s, curve: {amplitude: 1, period: 30m}}}
  - {model: b, arrivals: {rate: 1.1/s, curve: {amplitude: 1, period: 20m}}}
cluster: {node_pools: {p: {gpu: T4, nodes: {min: 0, max: 6}, scale_down_after: 2m, sharing: {mode: time_slicing, replicas: 2}, price: 1.23/h}}}
scaling:
  a: {policy: queue_depth, min: 0, max: 6, scale_down_after: 1m}
  b: {policy: queue_depth, min: 0, max: 4, scale_down_after: 1m}
)");
  EXPECT_GT(ran.result.models[0].scale_downs, 2U);
  EXPECT_GT(ran.result.models[0].cost_usd, 0);
  EXPECT_GT(ran.result.models[1].cost_usd, 0);
  EXPECT_GT(ran.result.cluster.unattributed_cost_usd, 0);
  const double sum =
      ran.result.models[0].cost_usd + ran.result.models[1].cost_usd + ran.result.cluster.unattributed_cost_usd;
  EXPECT_NEAR(sum, ran.result.cluster.cost_usd, 1e-9);
  EXPECT_NEAR(ran.result.cluster.cost_usd, ran.result.cluster.node_hours * 1.23, 0.01 * ran.result.cluster.cost_usd);
}

}  // namespace
}  // namespace windtunnel::testing
