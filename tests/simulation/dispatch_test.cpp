// Who takes which query: one queue that replicas pull from, or a queue at each replica; bounded queues; the network.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Two replicas, each alone on its GPU; a query works for its size in seconds.
std::string two_replicas(const std::string& more) {
  return "horizon: 100s\n"
         "models: {m: {latency: {per_item: 1s}" +
         more +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n"
         "scaling: {m: {policy: fixed, replicas: 2}}\n";
}

constexpr std::string_view kThree = "timestamp,size\n0,10\n0,1\n0,1\n";

TEST(Dispatch, AReplicaThatIsFreePullsTheOldestQuery) {
  const Ran ran = run(two_replicas(""), kThree);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 10);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 1);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 2);
}

TEST(Dispatch, APushedQueryStaysWithItsReplicaThoughAnotherIsIdle) {
  const Ran ran = run(two_replicas(", dispatch: round_robin"), kThree);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 10);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 1);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 11);
}

TEST(Dispatch, LeastOutstandingSeesWhoIsFree) {
  const Ran ran = run(two_replicas(", dispatch: least_outstanding"), "timestamp,size\n0,10\n0,1\n2,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 3);
}

TEST(Dispatch, AFullQueueRejects) {
  const Ran ran = run(two_replicas(", max_queue: 1"), "timestamp,size\n0,10\n1,10\n2,10\n3,10\n11,10\n");
  EXPECT_EQ(ran.only().queries.rejected, 1U);  // the fourth: two in service, one queued
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 3);
  EXPECT_EQ(ran.only().queries.completed, 4U);  // there was room again at 11 s
  expect_balance(ran.only().queries, "m");
}

TEST(Dispatch, AFullSystemRejects) {
  const Ran ran = run(two_replicas(", max_in_system: 2"), "timestamp,size\n0,10\n1,10\n2,10\n10.5,10\n");
  EXPECT_EQ(ran.only().queries.rejected, 1U);
  EXPECT_EQ(ran.only().queries.completed, 3U);
}

TEST(Network, DelaysBothWaysAreInTheResponseTime) {
  const Ran ran = run(two_replicas(", network: {to_replica: 0.5s, back: 0.25s}"), "timestamp,size\n3,1\n");
  ASSERT_EQ(ran.queries.size(), 1U);
  EXPECT_EQ(ran.queries[0].ended - ran.queries[0].arrived, std::chrono::milliseconds(1750));
  EXPECT_EQ(ran.queries[0].queueing_delay, std::chrono::milliseconds(500));
  EXPECT_EQ(ran.queries[0].service_time, std::chrono::seconds(1));
  EXPECT_DOUBLE_EQ(ran.only().response_time.mean_s(), 1.75);
}

TEST(Network, AQueryOnItsWayBackIsInFlight) {
  const Ran ran = run(two_replicas(", network: {back: 98s}"), "timestamp,size\n3,1\n");
  EXPECT_EQ(ran.only().queries.in_flight, 1U);
  expect_balance(ran.only().queries, "m");
}

TEST(Concurrency, SplitsTheReplicaAmongItsQueries) {
  const Ran ran = run(two_replicas(", concurrency: 2"), "timestamp,size\n0,4\n0,4\n0,4\n0,4\n0,1\n");
  // Two on each replica at half speed; the fifth waits for a place.
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 8);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 8);
  EXPECT_EQ(ran.queries[4].queueing_delay, std::chrono::seconds(8));
}

}  // namespace
}  // namespace windtunnel::testing
