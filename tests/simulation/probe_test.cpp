// Startup, readiness and liveness probes with tickers of their own.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// One replica is created at the first decision, at 15 s, and loads for 5 s.
std::string cold_pod(const std::string& model, std::string_view load = "5s") {
  return "horizon: 400s\n"
         "models: {m: {latency: {per_item: 1s}, cold_start: {load: " +
         std::string(load) + "}, " + model +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n"
         "scaling: {m: {policy: queue_depth, target_per_replica: 1, interval: 15s, scrape_interval: 0s, min: 0, "
         "initial: 0, max: 1}}\n";
}
constexpr std::string_view kOne = "timestamp,size\n0,1\n";

TEST(ReadinessProbe, AddsBetweenNothingAndAPeriodToTheTimeToReady) {
  double least = 10, most = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Ran ran = run(cold_pod("dispatch: random, probe: {readiness: {}}"), kOne, seed);
    const double waited = ran.ended_s(0) - (15 + 5 + 1);
    EXPECT_GE(waited, 0);
    EXPECT_LT(waited, 10);
    EXPECT_NEAR(waited, ran.only().cold_start.probe_s.value(), 1e-9);
    least = std::min(least, waited);
    most = std::max(most, waited);
  }
  // Uniform phases: neither of 40 below 1.5 s, nor above 8.5 s, once in 600.
  EXPECT_LT(least, 1.5);
  EXPECT_GT(most, 8.5);
}

TEST(ReadinessProbe, MoreSuccessesTakeMorePeriods) {
  const double once = run(cold_pod("dispatch: random, probe: {readiness: {}}"), kOne).ended_s(0);
  const double thrice = run(cold_pod("dispatch: random, probe: {readiness: {success_threshold: 3}}"), kOne).ended_s(0);
  EXPECT_DOUBLE_EQ(thrice, once + 20);
}

TEST(ReadinessProbe, WhoPullsDoesNotAskForIt) {
  const Ran ran = run(cold_pod("probe: {readiness: {}}"), kOne);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 5 + 1);
  // Controllers count it from its readiness on.
  EXPECT_LT(ran.only().ready_replicas.mean, ran.only().replicas.mean);
}

TEST(StartupProbe, EndsAContainerThatTakesTooLongAndItLoopsWithBackOff) {
  const Ran ran = run(cold_pod("probe: {startup: {period: 10s, failure_threshold: 3}}", "60s"), kOne);
  EXPECT_EQ(ran.only().queries.completed, 0U);
  ASSERT_GE(ran.kills.size(), 4U);
  for (const auto& kill : ran.kills) {
    EXPECT_EQ(kill.cause, KillCause::probe);
    EXPECT_EQ(kill.exit_code, 143);
  }
  EXPECT_EQ(ran.only().failed_starts, ran.kills.size());
  const auto at = ran.kill_times_s();
  EXPECT_GE(at[0], 15 + 20);
  EXPECT_LT(at[0], 15 + 30);
  // The first restart is at once: another 20 to 30 s; then after 10 s.
  EXPECT_LT(at[1] - at[0], 30);
  EXPECT_GE(at[2] - at[1], 10 + 20);
}

TEST(StartupProbe, LetsALongLoadPassWhereItsThresholdAllows) {
  const Ran ran = run(cold_pod("probe: {startup: {period: 10s, failure_threshold: 7}}", "60s"), kOne);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 60 + 1);
}

TEST(LivenessProbe, WithoutAStartupProbeKillsWhatLoadsTooLong) {
  const Ran ran = run(cold_pod("probe: {liveness: {}}", "60s"), kOne);
  EXPECT_EQ(ran.only().queries.completed, 0U);
  EXPECT_GE(ran.only().failed_starts, 3U);
  EXPECT_EQ(run(cold_pod("probe: {liveness: {initial_delay: 60s}}", "60s"), kOne).only().failed_starts, 0U);
  EXPECT_EQ(run(cold_pod("probe: {startup: {failure_threshold: 9}, liveness: {}}", "60s"), kOne).only().failed_starts,
            0U);
}

TEST(LivenessProbe, AnIdleServerPassesIt) {
  const Ran ran = run(cold_pod("probe: {liveness: {}, while_busy: blocked}"), "timestamp,size\n0,1\n100,5\n300,5\n");
  EXPECT_EQ(ran.only().kills.total, 0U);
  EXPECT_EQ(ran.only().queries.completed, 3U);
}

std::string busy(const std::string& probe) {
  return "horizon: 400s\n"
         "models: {m: {latency: {per_item: 1s}, probe: " +
         probe +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n";
}

TEST(ReadinessProbe, ABusyServerLeavesTheListAfterThreeFailures) {
  // Busy from 10 to 70 s. Failing for the third time is known at 41 s at the latest; the query at 45 s comes to nobody
  // until a probe has succeeded after the batch, though there is room for it.
  const Ran ran = run(busy("{readiness: {}, while_busy: blocked}, dispatch: random, concurrency: 2"),
                      "timestamp,size\n10,60\n45,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 70);
  EXPECT_GE(ran.ended_s(1), 71);
  EXPECT_LT(ran.ended_s(1), 81);
  EXPECT_EQ(ran.only().kills.total, 0U);
}

TEST(LivenessProbe, ALongBatchIsAFalseKillThatCostsItsQuery) {
  const Ran ran = run(busy("{liveness: {}, while_busy: blocked}"), "timestamp,size\n10,100\n");
  ASSERT_FALSE(ran.kills.empty());
  EXPECT_EQ(ran.kills[0].cause, KillCause::probe);
  EXPECT_EQ(ran.kills[0].exit_code, 137);
  EXPECT_EQ(ran.kills[0].queries_lost, 1U);
  // Three failures, the first within a period, each known after the time-out; then the grace period.
  EXPECT_GE(ran.kill_times_s()[0], 10 + 20 + 1 + 30);
  EXPECT_LT(ran.kill_times_s()[0], 10 + 30 + 1 + 30);
  EXPECT_EQ(ran.only().queries.completed, 0U);  // and so on, until it was delivered too often
  EXPECT_EQ(ran.only().queries.failed, 1U);
  EXPECT_EQ(ran.kills.size(), 5U);
}

TEST(LivenessProbe, ABatchThatEndsWithinTheGracePeriodIsAnsweredAndTheServerRestarts) {
  const Ran ran = run(busy("{liveness: {}, while_busy: blocked}"), "timestamp,size\n10,45\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 55);
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_DOUBLE_EQ(to_seconds(ran.kills[0].at), 55);
  EXPECT_EQ(ran.kills[0].exit_code, 0);
  EXPECT_EQ(ran.kills[0].reason, "Completed");
  EXPECT_EQ(ran.only().restarts, 1U);
}

TEST(LivenessProbe, ATimeOutLongerThanTheBatchPreventsIt) {
  const Ran ran =
      run(busy("{liveness: {period: 120s, timeout: 110s}, while_busy: blocked}"), "timestamp,size\n10,100\n");
  EXPECT_EQ(ran.only().kills.total, 0U);
}

TEST(LivenessProbe, BatchesThatFollowEachOtherLetItThroughBetween) {
  std::string trace = "timestamp,size\n";
  for (int i = 0; i < 100; ++i) trace += "0,3\n";
  const Ran ran = run(busy("{liveness: {timeout: 4s}, while_busy: blocked}"), trace);
  EXPECT_EQ(ran.only().kills.total, 0U);
}

TEST(Probes, PhasesDoNotMoveWithTheNumberOfProbes) {
  const double alone = run(cold_pod("dispatch: random, probe: {readiness: {}}"), kOne).ended_s(0);
  const double beside =
      run(cold_pod("dispatch: random, probe: {readiness: {}, liveness: {initial_delay: 60s}}"), kOne).ended_s(0);
  EXPECT_DOUBLE_EQ(alone, beside);
}

}  // namespace
}  // namespace windtunnel::testing
