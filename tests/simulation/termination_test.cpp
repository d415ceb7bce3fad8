// How a pod ends that is deleted: preStop hook, SIGTERM, grace period, SIGKILL, endpoints.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Two replicas from the start; at 15 s the policy wants one. Which one goes is drawn with its uid, so both are alike.
std::string scaled_in(const std::string& model, const std::string& scaling = "") {
  return "horizon: 300s\n"
         "models: {m: {latency: {per_item: 1s}, " +
         model +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n"
         "scaling: {m: {policy: queue_depth, target_per_replica: 1000, tolerance: 0, interval: 15s, scrape_interval: "
         "0s, "
         "min: 1, initial: 2, max: 2" +
         scaling + "}}\n";
}
constexpr std::string_view kBothBusy = "timestamp,size\n1,100\n1,100\n";

TEST(Termination, WithoutAGracePeriodStatedAPodFinishesHoweverLongItTakes) {
  const Ran ran = run(scaled_in("on_kill: fail"), kBothBusy);
  EXPECT_EQ(ran.only().queries.completed, 2U);
  EXPECT_EQ(ran.only().kills.total, 0U);
}

// What a draining replica has accepted is begun also after a batch that failed in its middle.
TEST(Termination, ADrainingReplicaServesItsQueueAfterAQueryThatFailedInMidBatch) {
  const Ran ran =
      run(scaled_in("dispatch: round_robin, on_vram_oom: fail_query, memory: {context: 0, weights: 14000MiB, "
                    "overhead: 1, phases: [{share_of_work: 0.75, per_item: 5MiB}, {share_of_work: 0.25, "
                    "per_item: 35MiB}]}"),
          "timestamp,size\n1,20\n1,20\n2,10\n2,10\n");
  EXPECT_EQ(ran.only().queries.failed, 2U);  // 700 MiB where 609 are left, at 16 s
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 26);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 26);
}

TEST(Termination, SigkillComesAtTheEndOfTheGracePeriodWith137AndReasonError) {
  const Ran ran = run(scaled_in("termination: {grace: 30s}"), kBothBusy);
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_DOUBLE_EQ(to_seconds(ran.kills[0].at), 45);
  EXPECT_EQ(ran.kills[0].cause, KillCause::grace_period);
  EXPECT_EQ(ran.kills[0].mechanism, KillMechanism::sigkill);
  EXPECT_EQ(ran.kills[0].exit_code, 137);
  EXPECT_EQ(ran.kills[0].reason, "Error");
  EXPECT_EQ(ran.kills[0].queries_lost, 1U);
  // Its query begins anew on the other when that is free.
  EXPECT_EQ(ran.only().queries.redelivered, 1U);
  EXPECT_DOUBLE_EQ(std::max(ran.ended_s(0), ran.ended_s(1)), 201);
  EXPECT_EQ(ran.only().restarts, 0U);
}

TEST(Termination, ABatchThatEndsWithTheGracePeriodIsInTime) {
  const Ran ran = run(scaled_in("termination: {grace: 86s}"), kBothBusy);
  EXPECT_EQ(ran.only().kills.total, 0U);
  EXPECT_EQ(ran.only().queries.completed, 2U);
}

TEST(Termination, AHookThatUsesUpTheGracePeriodLeavesTwoSeconds) {
  const Ran ran = run(scaled_in("termination: {grace: 10s, pre_stop: 20s}"), kBothBusy);
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{15 + 10 + 2});
}

TEST(Termination, DuringTheHookItStillServes) {
  // At 17 s both are free, and the query at 18 s comes while the hook runs; the one at 26 s does not.
  const std::string_view trace = "timestamp,size\n1,1\n18,5\n18,5\n26,30\n26,30\n";
  const Ran ran = run(scaled_in("termination: {grace: 60s, pre_stop: 10s}"), trace);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 23);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 23);
  EXPECT_DOUBLE_EQ(std::max(ran.ended_s(3), ran.ended_s(4)), 86);
}

TEST(Termination, AServerWithoutAHandlerEndsAtOnceWith143) {
  const Ran ran = run(scaled_in("termination: {on_sigterm: exit}"), kBothBusy);
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_DOUBLE_EQ(to_seconds(ran.kills[0].at), 15);
  EXPECT_EQ(ran.kills[0].exit_code, 143);
  EXPECT_EQ(ran.kills[0].cause, KillCause::sigterm);
  EXPECT_EQ(run(scaled_in("termination: {on_sigterm: exit}"), "timestamp,size\n1,1\n").kills.size(), 0U);
}

TEST(Termination, AServerThatIgnoresSigtermServesOnUntilItIsKilled) {
  const std::string_view trace = "timestamp,size\n30,5\n30,5\n";
  const Ran ran = run(scaled_in("termination: {on_sigterm: ignore}"), trace);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 35);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 35);
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{45});
  EXPECT_EQ(ran.kills[0].queries_lost, 0U);
}

TEST(Termination, ReuseCallsSigkillOff) {
  const std::string yaml =
      "horizon: 300s\n"
      "models: {m: {latency: {per_item: 1s}, termination: {grace: 60s}}}\n"
      "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n"
      "scaling: {m: {policy: queue_depth, target_per_replica: 2, tolerance: 0, interval: 15s, "
      "scrape_interval: 0s, min: 1, initial: 2, max: 2, reuse_draining: true}}\n";
  // At 15 s 2 in service: one replica is enough; at 30 s there are more again.
  const Ran ran = run(yaml, "timestamp,size\n1,100\n1,100\n20,1\n20,1\n20,1\n20,1\n20,1\n20,1\n");
  EXPECT_EQ(ran.only().kills.total, 0U);
  EXPECT_EQ(ran.only().queries.completed, 8U);
}

// The case that was noted: a replica that drains with queries in its own queue never began them.
TEST(Drain, APushReplicaServesWhatItHadAcceptedBefore) {
  const Ran ran = run(scaled_in("dispatch: round_robin"), "timestamp,size\n1,20\n1,20\n2,20\n2,20\n");
  EXPECT_EQ(ran.only().queries.completed, 4U);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 41);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 41);
  EXPECT_DOUBLE_EQ(ran.only().replica_seconds, 300 + 41);
}

TEST(Drain, APausedPushReplicaServesItsQueueWhenItGoesOn) {
  const Ran ran = run(scaled_in("dispatch: round_robin, faults: {pause: {up: 10s, down: 10s, clock: always}}"),
                      "timestamp,size\n1,20\n1,20\n2,20\n2,20\n");
  EXPECT_EQ(ran.only().queries.completed, 4U);
}

TEST(Endpoints, QueriesGoToAnEndingReplicaUntilTheListHearsOfIt) {
  // Listed until 20 s: of four queries in turn two are refused, and tried again at the other.
  const std::string_view trace = "timestamp,size\n16,0.1\n17,0.1\n18,0.1\n19,0.1\n21,0.1\n22,0.1\n";
  const Ran ran = run(scaled_in("dispatch: round_robin, network: {endpoints: 5s}"), trace);
  EXPECT_EQ(ran.only().queries.completed, 6U);
  EXPECT_GE(ran.only().refused, 1U);
  EXPECT_LE(ran.only().refused, 4U);
  const Ran failing = run(scaled_in("dispatch: round_robin, on_kill: fail, network: {endpoints: 5s}"), trace);
  EXPECT_EQ(failing.only().queries.failed, failing.only().refused);
  EXPECT_EQ(failing.only().refused, 2U);
  expect_balance(failing.only().queries, "m");
}

TEST(Endpoints, AHookAsLongAsThePropagationLosesNothing) {
  const std::string_view trace = "timestamp,size\n16,0.1\n17,0.1\n18,0.1\n19,0.1\n21,0.1\n22,0.1\n";
  const Ran ran = run(
      scaled_in(
          "dispatch: round_robin, on_kill: fail, network: {endpoints: 5s}, termination: {grace: 30s, pre_stop: 6s}"),
      trace);
  EXPECT_EQ(ran.only().refused, 0U);
  EXPECT_EQ(ran.only().queries.completed, 6U);
}

TEST(Endpoints, ANewReplicaGetsQueriesOnceTheListHasIt) {
  const Ran ran = run(R"(
horizon: 100s
models: {m: {latency: {per_item: 1s}, dispatch: round_robin, network: {endpoints: 3s}, cold_start: {load: 5s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
scaling: {m: {policy: queue_depth, target_per_replica: 1, interval: 15s, scrape_interval: 0s, min: 0, initial: 0, max: 1}}
)",
                      "timestamp,size\n0,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 5 + 3 + 1);
}

TEST(Endpoints, WhereNobodyListensAQueryFailsAfterItsDeliveries) {
  const Ran ran = run(R"(
horizon: 60s
models:
  m: {latency: {per_item: 1s}, dispatch: random, network: {endpoints: 50s}, max_deliveries: 4,
      faults: {crash: {up: 10s, down: 20s, clock: always}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                      "timestamp,size\n55,1\n");
  // It is down from 10 to 30 s and from 40 to 60 s, and always listed.
  EXPECT_EQ(ran.only().queries.failed, 1U);
  EXPECT_EQ(ran.only().refused, 4U);
}

}  // namespace
}  // namespace windtunnel::testing
