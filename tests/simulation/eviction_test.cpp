// MPS v3's soft limits: a full device costs those above theirs the process, SIGKILL, 137.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// a, b and c on one T4: 14609 MiB, weights of 6000, 4000 and 1000 MiB, 3609 MiB left; an item takes a second.
std::string three(const std::string& limits) {
  const auto model = [](const std::string& name, int weights) {
    return "  " + name +
           ": {latency: {per_item: 1s}, cold_start: {load: 50s}, max_deliveries: 2, memory: {context: 0, "
           "context_mps: 0, weights: " +
           std::to_string(weights) + "MiB, per_item: 1000MiB, overhead: 1}}\n";
  };
  return "horizon: 40s\nmodels:\n" + model("a", 6000) + model("b", 4000) + model("c", 1000) +
         "workload: [{trace: {file: trace.csv, rebase: false, map: {a: a, b: b, c: c}}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: mps, replicas: 3, active_threads: 1, "
         "contention: 1, " +
         limits + "}}}}\n";
}

TEST(SoftLimit, EvictsTheLargestExcessFirstAndGrantsTheOneWhoAsked) {
  // a is 2000 above, b 1000, and is at work when it is killed.
  const Ran ran = run(three("dmem_min: 3500MiB"), "timestamp,model,size\n1,a,1\n5,b,1\n10,a,1\n10.5,c,4\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  const KillRecord& kill = ran.kills[0];
  EXPECT_EQ(kill.model, 0U);
  EXPECT_EQ(kill.at, SimTime{} + to_duration(10.5));
  EXPECT_EQ(kill.cause, KillCause::soft_limit_eviction);
  EXPECT_EQ(kill.mechanism, KillMechanism::sigkill);
  EXPECT_EQ(kill.exit_code, 137);
  EXPECT_EQ(kill.own_used.value, 7000 * kMiB);
  EXPECT_EQ(kill.asked.value, 4000 * kMiB);
  EXPECT_EQ(kill.queries_lost, 1U);
  EXPECT_EQ(ran.model("a").queries.queued, 1U);  // redelivered
  EXPECT_EQ(ran.model("c").queries.completed, 1U);
  EXPECT_EQ(ran.model("b").kills.total, 0U);
}

TEST(SoftLimit, CostsTheRequesterItsOwnProcessWhereItIsFurthestAbove) {
  const Ran ran = run(three("dmem_min: 3500MiB"), "timestamp,model,size\n1,a,5\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].model, 0U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::soft_limit_eviction);
  EXPECT_EQ(ran.kills[0].own_used.value, 6000 * kMiB);
}

TEST(SoftLimit, TouchesNobodyWhileTheDeviceHasRoom) {
  EXPECT_TRUE(run(three("dmem_min: 100MiB"), "timestamp,model,size\n1,a,3\n").kills.empty());
}

TEST(SoftLimit, KillsNobodyInVain) {
  // b alone is above 3900 MiB besides a; both gone, 14 items still would not fit beside c.
  const Ran ran = run(three("dmem_min: 3900MiB"), "timestamp,model,size\n1,c,14\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].model, 2U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::device_full);
  EXPECT_EQ(ran.kills[0].exit_code, 1);
}

TEST(SoftLimit, LeavesThoseBelowItAloneAndRefusesTheRequester) {
  const Ran ran = run(three("dmem_min: 6500MiB"), "timestamp,model,size\n1,c,4\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].model, 2U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::device_full);
}

TEST(HardLimit, OfTheCgroupRefusesBeforeTheDeviceIsFull) {
  const Ran ran = run(three("dmem_max: 6500MiB"), "timestamp,model,size\n1,a,1\n5,c,3\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].model, 0U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::own_vram_limit);
  EXPECT_EQ(ran.model("c").queries.completed, 1U);
}

// A victim without work memory of its own has its batch in service found too.
TEST(SoftLimit, RedeliversTheQueriesOfAVictimThatNeverAsksForWorkMemory) {
  std::string yaml = three("dmem_min: 3500MiB");
  yaml.replace(yaml.find("per_item: 1000MiB"), 17, "per_item: 0");
  const Ran ran = run(yaml, "timestamp,model,size\n1,a,20\n2,c,4\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].queries_lost, 1U);
  EXPECT_EQ(ran.model("a").queries.queued, 1U);
  EXPECT_EQ(ran.model("a").queries.in_flight, 0U);
}

}  // namespace
}  // namespace windtunnel::testing
