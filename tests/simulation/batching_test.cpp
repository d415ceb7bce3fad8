// Batches by size and by wait.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Batches of up to four; the oldest waits 10 s for company. A batch takes 1 s and half a second for each item.
const std::string kBatches = R"(
horizon: 100s
models: {m: {latency: {fixed: 1s, per_item: 500ms}, batch: {max: 4, wait: 10s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)";

TEST(Batch, StartsWhenItIsFull) {
  const Ran ran = run(kBatches, "timestamp,size\n0,1\n1,1\n2,1\n3,3\n");
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(ran.ended_s(i), 3 + 1 + 0.5 * 6);
  EXPECT_EQ(ran.queries[1].queueing_delay, std::chrono::seconds(2));
}

TEST(Batch, StartsWhenItsOldestQueryHasWaited) {
  const Ran ran = run(kBatches, "timestamp,size\n20,1\n25,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 30 + 2);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 30 + 2);
}

TEST(Batch, TakesNoMoreThanItsSizeAndLeavesTheRest) {
  const Ran ran = run(kBatches, "timestamp,size\n0,1\n0,1\n0,1\n0,1\n0,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 3);
  EXPECT_DOUBLE_EQ(ran.ended_s(4), 10 + 1.5);  // alone, after its wait
}

TEST(Batch, TakesWhatWaitsAtOnceWithoutAWait) {
  const Ran ran = run(R"(
horizon: 100s
models: {m: {latency: {fixed: 1s}, batch: {max: 4}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                      "timestamp\n0\n0.5\n0.6\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 1);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 2);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 2);
}

TEST(Batch, WaitsAtEachReplicaUnderPush) {
  const Ran ran = run(kBatches + "scaling: {m: {policy: fixed, replicas: 1}}\n", "timestamp,size\n0,1\n");
  std::string pushed = kBatches;
  pushed.replace(pushed.find("batch:"), 0, "dispatch: round_robin, ");
  const Ran push = run(pushed, "timestamp,size\n0,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 11.5);
  EXPECT_DOUBLE_EQ(push.ended_s(0), 11.5);
}

std::string batches(const std::string& rule) {
  return "horizon: 100s\nmodels: {m: {latency: {fixed: 1s}, batch: " + rule +
         "}}\nworkload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n";
}

TEST(Batch, WithAMinimumFewerNeverBegin) {
  const Ran ran = run(batches("{max: 4, min: 3}"), "timestamp\n0\n1\n5\n7\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 6);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 6);
  EXPECT_EQ(ran.only().queries.queued, 1U);
  EXPECT_EQ(ran.only().batches.begun, 1U);
}

TEST(Batch, APreferredSizeGoesAtOnceAndOthersWait) {
  // Two of six are left over: four go at once, the other two when the older has waited.
  const Ran ran = run(batches("{max: 8, wait: 10s, preferred: [2, 4]}"), "timestamp\n0\n0\n0\n0\n0\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 1);
  EXPECT_DOUBLE_EQ(ran.ended_s(4), 11);
}

TEST(Batch, OfOneSizeOnlyEndsBeforeAnother) {
  const Ran ran = run(batches("{max: 8, shape: same_size}"), "timestamp,size\n0,1\n0,1\n0,2\n0,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 1);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 2);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 3);
}

TEST(Batch, UnlimitedTakesAllThatWaits) {
  std::string trace = "timestamp\n0\n";
  for (int i = 0; i < 1000; ++i) trace += "0.5\n";
  const Ran ran = run(batches("{max: unlimited}"), trace);
  EXPECT_DOUBLE_EQ(ran.ended_s(1000), 2);
  EXPECT_EQ(ran.only().batches.begun, 2U);
}

// A replica that died with a wait on its way never set another one after its restart: lone queries starved.
TEST(Batch, WaitsAgainAfterARestart) {
  const Ran ran = run(R"(
horizon: 100s
models:
  m:
    latency: {fixed: 1s}
    batch: {max: 2, wait: 10s}
    memory: {context: 0, weights: 14000MiB, per_item: 1GiB, overhead: 1}
    max_deliveries: 1
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                      "timestamp,size\n0,1\n1,1\n5,0.25\n");
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{1});
  EXPECT_EQ(ran.only().queries.failed, 2U);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 5 + 10 + 1);
}

}  // namespace
}  // namespace windtunnel::testing
