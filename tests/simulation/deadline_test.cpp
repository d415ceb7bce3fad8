// Queries whose client does not wait for ever.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

const std::string kOneReplica = R"(
horizon: 100s
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)";

TEST(Deadline, AQueryIsTimedOutOnceWhetherItWaitedOrRan) {
  // 0 runs to 10; 1 would start at 10, past its 5; 2 runs from 10 to 20, past its 15; 3 runs from 20 to 30.
  const Ran ran = run(kOneReplica, "timestamp,size,deadline\n0,10,99\n0,10,5\n0,10,15\n0,10,99\n");
  const QueryCounts& q = ran.only().queries;
  EXPECT_EQ(q.timed_out, 2U);
  EXPECT_EQ(q.completed, 2U);
  expect_balance(q, "m");
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 30);  // the one that waited took no service, the one that ran did
  EXPECT_EQ(ran.only().response_time.count(), 2U);
  ASSERT_EQ(ran.queries.size(), 4U);
  EXPECT_FALSE(ran.queries[1].completed);
  EXPECT_FALSE(ran.queries[2].completed);
}

TEST(Deadline, AnAnswerAtTheDeadlineIsInTime) {
  const Ran ran = run(kOneReplica, "timestamp,size,deadline\n0,10,10\n");
  EXPECT_EQ(ran.only().queries.completed, 1U);
}

TEST(Deadline, CoversAWholePipeline) {
  const Ran ran = run(R"(
horizon: 100s
models: {a: {latency: {per_item: 1s}}, b: {latency: {per_item: 1s}}}
pipelines: {p: {stages: [a, b]}}
workload: [{pipeline: p, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}
)",
                      "timestamp,size,deadline\n0,10,15\n50,1,15\n");
  EXPECT_EQ(ran.result.pipelines.at(0).queries.timed_out, 1U);
  EXPECT_EQ(ran.result.pipelines.at(0).queries.completed, 1U);
  EXPECT_EQ(ran.result.totals->timed_out, 1U);
  EXPECT_EQ(ran.model("a").queries.completed, 2U);  // its stage was in time
  EXPECT_EQ(ran.model("b").queries.timed_out, 1U);
  expect_balance(ran.result.pipelines.at(0).queries, "p");
}

}  // namespace
}  // namespace windtunnel::testing
