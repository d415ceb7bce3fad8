// Pipelines that are no chains.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

std::string graph(const std::string& pipeline, const std::string& models, const std::string& clients = "") {
  return "horizon: 1000s\nmodels:\n" + models + "pipelines: {p: {" + pipeline +
         "}}\nworkload: [{pipeline: p, trace: {file: trace.csv, rebase: false}" + clients +
         "}]\ncluster: {node_pools: {p: {gpu: T4, nodes: 4}}}\n";
}

const std::string kDiamond =
    "  a: {latency: {fixed: 1s}}\n  b: {latency: {fixed: 5s}}\n  c: {latency: {fixed: 2s}}\n  d: {latency: {per_item: "
    "1s}}\n";
const std::string kEdges = "edges: [a -> b, a -> c, b -> d, c -> d]";

const StageResult& stage(const Ran& ran, const std::string& model) {
  for (const auto& row : ran.result.pipelines.at(0).stages)
    if (row.model == model) return row;
  throw std::invalid_argument(model);
}

TEST(Graph, AJoinWaitsForAllBranchesAndTheSlowestIsCritical) {
  const Ran ran = run(graph(kEdges, kDiamond), "timestamp,size\n0,2\n100,2\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 1 + 5 + 2);
  EXPECT_EQ(ran.result.pipelines.at(0).queries.completed, 2U);
  EXPECT_EQ(ran.model("c").queries.completed, 2U);
  EXPECT_EQ(ran.result.totals->completed, 2U);  // a root counts once
  EXPECT_EQ(stage(ran, "b").critical, 2U);
  EXPECT_EQ(stage(ran, "c").critical, 0U);
  double critical_s = 0;
  for (const auto& row : ran.result.pipelines.at(0).stages) critical_s += row.critical_time_s;
  EXPECT_DOUBLE_EQ(critical_s, ran.result.pipelines.at(0).response_time.sum_s());
}

TEST(Graph, SizesChangeOnTheEdgesAndAJoinTakesTheLargest) {
  const Ran ran =
      run(graph("edges: [a -> b, a -> c, {from: b, to: d, size: 0.5}, {from: c, to: d, size: 3}]", kDiamond),
          "timestamp,size\n0,2\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 1 + 5 + 6);
}

TEST(Graph, AChoiceTakesOneBranchWithItsProbability) {
  const Ran ran =
      run("horizon: 40000s\nmodels:\n" + kDiamond +
          "pipelines: {p: {edges: [{from: a, to: b, choice: x, probability: 0.3}, {from: a, to: c, choice: x}, b -> d, "
          "c -> d]}}\nworkload: [{pipeline: p, arrivals: {process: deterministic, rate: 0.1/s}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, nodes: 4}}}\n");
  const double n = static_cast<double>(ran.model("a").queries.completed);
  EXPECT_EQ(ran.model("b").queries.completed + ran.model("c").queries.completed, ran.model("a").queries.completed);
  EXPECT_NEAR(static_cast<double>(ran.model("b").queries.arrived) / n, 0.3, 4 * std::sqrt(0.3 * 0.7 / n));
  EXPECT_EQ(ran.model("d").queries.arrived, ran.model("a").queries.completed);  // it waits for nobody who does not come
}

TEST(Graph, FeedbackVisitsAgainAsOftenAsItsProbabilitySays) {
  const Ran ran =
      run("horizon: 100000s\nmodels: {a: {latency: {fixed: 1s}}, b: {latency: {fixed: 1s}}}\n"
          "pipelines: {p: {edges: [a -> b], feedback: [{from: b, to: a, probability: 0.25}]}}\n"
          "workload: [{pipeline: p, arrivals: {process: deterministic, rate: 0.1/s}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n");
  const double n = static_cast<double>(ran.result.pipelines.at(0).queries.completed);
  // Visits are geometric with mean 4/3 and variance (1/4) / (3/4)^2.
  EXPECT_NEAR(static_cast<double>(ran.model("a").queries.completed) / n, 4.0 / 3, 4 * std::sqrt(4.0 / 9 / n));
  EXPECT_EQ(ran.result.pipelines.at(0).queries.arrived, ran.result.totals->arrived);
}

TEST(Graph, BranchesAndSizesDoNotMoveWithTheFleet) {
  const auto text = [](int replicas) {
    return "horizon: 5000s\nmodels:\n" + kDiamond +
           "pipelines: {p: {edges: [{from: a, to: b, probability: 0.5}, {from: a, to: c, probability: 0.5}, b -> d, "
           "{from: c, to: d, size: {law: exponential, mean: 2}}]}}\n"
           "workload: [{pipeline: p, arrivals: {process: poisson, rate: 0.1/s}}]\n"
           "cluster: {node_pools: {p: {gpu: T4, nodes: 12}}}\nscaling: {b: {policy: fixed, replicas: " +
           std::to_string(replicas) + "}, d: {policy: fixed, replicas: " + std::to_string(replicas) + "}}\n";
  };
  const Ran one = run(text(1)), four = run(text(4));
  EXPECT_EQ(one.model("b").queries.arrived, four.model("b").queries.arrived);
  EXPECT_EQ(one.model("c").queries.arrived, four.model("c").queries.arrived);
}

TEST(Graph, ARequiredBranchThatFailsCancelsItsQueuedSiblings) {
  // b fails as it begins, at which instant c has not begun.
  const std::string models =
      "  a: {latency: {fixed: 1s}}\n"
      "  b: {latency: {fixed: 5s}, memory: {context: 0, weights: 14000MiB, per_item: 1GiB}, on_vram_oom: fail_query}\n"
      "  c: {latency: {fixed: 20s}}\n  d: {latency: {per_item: 1s}}\n";
  const Ran ran = run(graph(kEdges, models), "timestamp,size\n0,2\n3,2\n");
  EXPECT_EQ(ran.result.pipelines.at(0).queries.failed, 2U);
  EXPECT_EQ(ran.result.totals->failed, 2U);
  EXPECT_EQ(ran.model("b").queries.failed, 2U);
  EXPECT_EQ(ran.model("c").queries.failed, 2U);
  EXPECT_EQ(ran.model("c").queue->cancelled, 2U);
  EXPECT_EQ(ran.model("d").queries.arrived, 0U);
  for (const auto& m : ran.result.models) expect_balance(m.queries, m.name);
  expect_balance(*ran.result.totals, "totals");
}

TEST(Graph, AnOptionalBranchMayFail) {
  const std::string models =
      "  a: {latency: {fixed: 1s}}\n"
      "  b: {latency: {fixed: 5s}, memory: {context: 0, weights: 14000MiB, per_item: 1GiB}, on_vram_oom: fail_query}\n"
      "  c: {latency: {fixed: 2s}}\n  d: {latency: {per_item: 1s}}\n";
  const Ran ran = run(graph(kEdges + ", optional: [b]", models), "timestamp,size\n0,2\n");
  EXPECT_EQ(ran.result.pipelines.at(0).queries.completed, 1U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 1 + 2 + 2);
}

TEST(Graph, ATimeOutOfTheWholeTakesItsQueuedStagesBack) {
  const Ran ran = run(graph(kEdges, kDiamond, ", clients: {timeout: 7s}"), "timestamp,size\n0,1\n0,1\n0,1\n");
  // b takes 5 s: the second query's b ends at 11, the third one's would begin then.
  EXPECT_EQ(ran.result.pipelines.at(0).queries.completed, 1U);
  EXPECT_EQ(ran.result.pipelines.at(0).queries.timed_out, 2U);
  EXPECT_EQ(ran.model("b").queries.timed_out, 1U);
  EXPECT_EQ(ran.model("b").queries.completed, 2U);  // one of them for nobody
  for (const auto& m : ran.result.models) expect_balance(m.queries, m.name);
}

TEST(Graph, AWarmUpKeepsTheBalance) {
  const Ran ran =
      run("warm_up: 100s\n" + graph(kEdges, kDiamond, ", clients: {timeout: 30s, retry: {attempts: 2}}"), [] {
        std::string trace = "timestamp,size\n";
        for (int i = 0; i < 300; ++i) trace += std::to_string(i) + ",1\n";
        return trace;
      }());
  for (const auto& m : ran.result.models) expect_balance(m.queries, m.name);
  expect_balance(ran.result.pipelines.at(0).queries, "p");
  expect_balance(*ran.result.totals, "totals");
}

TEST(Graph, ASlotUsedAgainKeepsNoTimeOutOfWhoHadItBefore) {
  // Stages with acknowledgement deadlines leave slots that forked queries take over: each is counted once.
  const Ran ran = run(
      "horizon: 7m\n"
      "models: {b: {latency: {per_item: 600ms}, queue: {ack_timeout: 10s, prefetch: 20}}, "
      "c: {latency: {per_item: 200ms}}}\n"
      "pipelines: {p: {edges: [{from: b, to: c, probability: 0.5}], feedback: [{from: c, to: b, probability: 0.2}]}}\n"
      "workload: [{pipeline: p, clients: {count: 30, think: 1s}}]\n"
      "cluster: {node_pools: {p: {gpu: A10G, nodes: 3}}}\n");
  EXPECT_GT(ran.model("b").queue->ack_timeouts, 20U);
  for (const auto& m : ran.result.models) expect_balance(m.queries, m.name);
  for (const auto& p : ran.result.pipelines) {
    expect_balance(p.queries, p.name);
    EXPECT_LE(p.queries.in_flight + p.queries.queued, 30U) << "no more are inside than there are clients";
  }
  expect_balance(*ran.result.totals, "totals");
}

TEST(Graph, ADeadLetterOfAnOptionalStageEndsThatStage) {
  const Ran ran =
      run("horizon: 7m\n"
          "models:\n"
          "  a: {latency: {per_item: 200ms}, queue: {ack_timeout: 1s, prefetch: 2}}\n"
          "  b: {latency: {per_item: 50ms}}\n"
          "  c: {latency: {per_item: 600ms}, max_deliveries: 1, queue: {ack_timeout: 1s}}\n"
          "pipelines: {p: {edges: [a -> b, a -> c], optional: [c]}}\n"
          "workload: [{pipeline: p, arrivals: {rate: 2/s}, size: {law: exponential, mean: 1}}]\n"
          "cluster: {node_pools: {p: {gpu: A10G, nodes: 3}}}\n");
  EXPECT_GT(ran.model("c").queue->dead_letters, 10U);
  for (const auto& m : ran.result.models) expect_balance(m.queries, m.name);
  expect_balance(*ran.result.totals, "totals");
}

}  // namespace
}  // namespace windtunnel::testing
