// A preallocated pool of tokens queues and never fails.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Ten blocks of 16 tokens; every query takes 10 s whatever its company.
std::string served(const std::string& more = "", int nodes = 1) {
  return "horizon: 100s\n"
         "models:\n  llm:\n    latency: {fixed: 10s}\n"
         "    memory: {context: 0, weights: 1GiB, pool: {bytes: 160KiB, per_token: 1KiB}}\n"
         "    concurrency: {limit: unlimited, scaling: contention}\n" +
         more +
         "workload: [{model: llm, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: " +
         std::to_string(nodes) +
         "}}}\n"
         "scaling: {llm: {policy: fixed, replicas: " +
         std::to_string(nodes) + "}}\n";
}

TEST(TokenPool, MakesQueriesWaitForBlocksInOrder) {
  // 7 of 10 blocks, then 7 more have to wait, and the small one behind them too.
  const Ran ran = run(served(), "timestamp,size\n1,100\n2,100\n3,16\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 11);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 21);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 21);
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_EQ(ran.only().oom_events, 0U);
}

TEST(TokenPool, ServesAtOnceWhatFits) {
  const Ran ran = run(served(), "timestamp,size\n1,100\n2,32\n3,16\n4,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 12);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 13);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 21);  // an eleventh block
}

TEST(TokenPool, RejectsAQueryLongerThanTheWholePool) {
  const Ran ran = run(served(), "timestamp,size\n1,161\n2,160\n");
  EXPECT_EQ(ran.only().queries.rejected, 1U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 1);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 12);
  expect_balance(ran.only().queries, "llm");
}

TEST(TokenPool, SendsTheHeadOfTheQueueToAReplicaWithRoomForIt) {
  const Ran ran = run(served("", 2), "timestamp,size\n1,100\n2,100\n3,48\n4,48\n5,16\n");
  for (const std::uint64_t serial : {0U, 1U, 2U, 3U})
    EXPECT_DOUBLE_EQ(ran.ended_s(serial), 11 + static_cast<double>(serial)) << serial;
  EXPECT_DOUBLE_EQ(ran.ended_s(4), 21);
}

TEST(TokenPool, WaitsInTheReplicasOwnQueueWhereQueriesAreSentToIt) {
  const Ran ran = run(served("    dispatch: round_robin\n", 2), "timestamp,size\n1,100\n2,100\n3,100\n4,16\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 12);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 21);  // behind the first, though nothing else is on its replica
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 14);
}

TEST(TokenPool, BatchesAsManyAsItHasBlocksFor) {
  const Ran ran = run(served("    batch: {max: 8, wait: 1s}\n"), "timestamp,size\n1,64\n1,64\n1,64\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 12);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 12);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 22);
}

TEST(TokenPool, IsTakenFromTheDeviceAtTheStart) {
  const Ran ran =
      run("horizon: 10s\nmodels: {llm: {latency: {fixed: 1s}, memory: {context: 100MiB, weights: 1GiB, pool: "
          "{share_of_device: 0.5, activation: 1GiB, per_token: 128KiB}}}}\n"
          "workload: [{model: llm, trace: {file: trace.csv, rebase: false}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n",
          "timestamp,size\n1,1\n");
  // Half of the device beside the driver's 500 MiB, less what is no whole block of 2 MiB.
  const double expected = (500 + 15109 / 2.0) * kMiB;
  EXPECT_NEAR(ran.result.cluster.memory_used_max_bytes, expected, 2.0 * kMiB);
}

}  // namespace
}  // namespace windtunnel::testing
