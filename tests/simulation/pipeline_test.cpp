// Chains of models: the query keeps its size, and its time runs from the first stage on.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

std::string chain(const std::string& more_of_b) {
  return "horizon: 1000s\n"
         "models:\n"
         "  a: {latency: {per_item: 1s}}\n"
         "  b: {latency: {fixed: 1s, per_item: 500ms}" +
         more_of_b +
         "}\n"
         "  c: {latency: {fixed: 3s}}\n"
         "pipelines: {p: {stages: [a, b, c]}}\n"
         "workload: [{pipeline: p, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 3}}}\n";
}

TEST(Pipeline, TakesTheSumOfItsStagesWhenNobodyWaitsAndPassesSizeOn) {
  const Ran ran = run(chain(""), "timestamp,size\n5,2\n50,4\n");
  const PipelineResult& p = ran.result.pipelines.at(0);
  EXPECT_EQ(p.queries.completed, 2U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 5 + 2 + (1 + 0.5 * 2) + 3);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 50 + 4 + (1 + 0.5 * 4) + 3);
  EXPECT_DOUBLE_EQ(p.response_time.sum_s(), 7 + 10);
  const double stages = ran.model("a").response_time.sum_s() + ran.model("b").response_time.sum_s() +
                        ran.model("c").response_time.sum_s();
  EXPECT_DOUBLE_EQ(p.response_time.sum_s(), stages);
}

TEST(Pipeline, CountsARootQueryOnceWhateverItsStages) {
  const Ran ran = run(chain(""), "timestamp,size\n5,2\n990,1\n995,100\n");
  EXPECT_EQ(ran.result.totals->arrived, 3U);
  EXPECT_EQ(ran.result.totals->completed, 2U);
  EXPECT_EQ(ran.result.totals->in_flight, 1U);
  expect_balance(*ran.result.totals, "totals");
  expect_balance(ran.result.pipelines.at(0).queries, "p");
  EXPECT_EQ(ran.model("c").queries.arrived, 2U);
}

TEST(Pipeline, FailsWhenAStageFails) {
  const Ran ran = run(chain(", memory: {context: 0, weights: 14000MiB, per_item: 1GiB}, on_vram_oom: fail_query"),
                      "timestamp,size\n5,2\n");
  EXPECT_EQ(ran.result.pipelines.at(0).queries.failed, 1U);
  EXPECT_EQ(ran.result.totals->failed, 1U);
  EXPECT_EQ(ran.model("a").queries.completed, 1U);
  EXPECT_EQ(ran.model("b").queries.failed, 1U);
  EXPECT_EQ(ran.model("c").queries.arrived, 0U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 7);
}

}  // namespace
}  // namespace windtunnel::testing
