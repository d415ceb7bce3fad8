// To zero and back (keep_alive), and scale-down that takes the work away (preempt_resume).
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

std::string sleepy(const std::string& keep_alive, const std::string& initial = "0",
                   const std::string& interval = "1000s") {
  return "horizon: 100s\n"
         "models: {m: {latency: {fixed: 2s}, cold_start: {load: 5s}}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n"
         "scaling: {m: {policy: queue_depth, min: 0, max: 1, initial: " +
         initial + ", interval: " + interval + ", keep_alive: " + keep_alive + "}}\n";
}

constexpr std::string_view kThreeApart = "timestamp,size\n10,1\n20,1\n40,1\n";

TEST(KeepAlive, AQueryWakesTheModelAtOnceAndIdlenessEndsIt) {
  const Ran ran = run(sleepy("10s"), kThreeApart);
  // Started at 10, ready at 15, idle at 17; the next comes at 20 before 27; idle at 22, off at 32; started at 40.
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 17);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 22);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 47);
  EXPECT_EQ(ran.only().cold_start.starts, 2U);
  EXPECT_NEAR(ran.only().replicas.mean * 100, (32 - 10) + (57 - 40), 1e-9);
  ASSERT_EQ(ran.decisions.size(), 4U);
  EXPECT_EQ(ran.decisions[0].loop, "activator");
  EXPECT_EQ(ran.decisions[0].reason, "a query came");
  EXPECT_EQ(ran.decisions[1].reason, "idle for keep_alive");
}

TEST(KeepAlive, OfZeroSwitchesOffWithTheLastAnswer) {
  const Ran ran = run(sleepy("0s"), kThreeApart);
  EXPECT_EQ(ran.only().cold_start.starts, 3U);
  EXPECT_NEAR(ran.only().replicas.mean * 100, 3 * 7, 1e-9);
}

TEST(KeepAlive, AReplicaOfTheStartIsIdleFromTheStart) {
  const Ran ran = run(sleepy("4s", "1"), kThreeApart);
  EXPECT_DOUBLE_EQ(to_seconds(ran.decisions.at(0).at), 4);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 17);
}

TEST(KeepAlive, ThePolicyNeitherWakesNorEndsIt) {
  // Depth 0 wants 0 replicas at every decision; the timer alone ends the replica.
  const Ran ran = run(sleepy("30s", "1", "1s"), "timestamp,size\n2,1\n");
  EXPECT_EQ(ran.only().scale_downs, 1U);
  EXPECT_NEAR(ran.only().replicas.mean * 100, 34, 1e-9);
}

TEST(Preemption, WorkGoesOnWithWhatIsLeftOfIt) {
  // Two replicas, two queries of 10 s from time 0; at 4 s one replica goes, its query waits until 10 s with 6 s left.
  const Ran ran =
      run("horizon: 60s\n"
          "models: {m: {latency: {fixed: 10s}}}\n"
          "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n"
          "scaling: {m: {policy: scheduled, at: [0s, 4s], replicas: [2, 1], min: 1, max: 2, initial: 2, interval: 4s, "
          "scale_down: preempt_resume, scale_down_first: idle}}\n",
          "timestamp,size\n0,1\n0,1\n");
  EXPECT_EQ(ran.only().queries.completed, 2U);
  std::vector<double> ends = {ran.ended_s(0), ran.ended_s(1)};
  std::sort(ends.begin(), ends.end());
  EXPECT_NEAR(ends[0], 10, 1e-8);
  EXPECT_NEAR(ends[1], 16, 1e-8);
  EXPECT_EQ(ran.only().queries.redelivered, 0U);
  EXPECT_EQ(ran.only().waited, 0U) << "both began at once";
  EXPECT_NEAR(ran.only().ready_replicas.mean * 60, 4 * 2 + 56, 1e-6);
}

TEST(Preemption, IsRefusedWhereWorkCannotBeSplit) {
  EXPECT_THROW(run("horizon: 60s\n"
                   "models: {m: {latency: {fixed: 1s}, batch: {max: 4}}}\n"
                   "workload: [{model: m, arrivals: {rate: 1/s}}]\n"
                   "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n"
                   "scaling: {m: {policy: queue_depth, max: 2, scale_down: preempt_resume}}\n"),
               std::invalid_argument);
}

}  // namespace
}  // namespace windtunnel::testing
