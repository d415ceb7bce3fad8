// Cold starts, nodes ordered and given back, draining.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

const std::string kByBacklog =
    "policy: queue_depth, target_per_replica: 1, tolerance: 0, interval: 15s, scrape_interval: 0s";

TEST(ColdStart, TakesTheSumOfItsStages) {
  const Ran ran = run(R"(
horizon: 100s
models: {m: {latency: {per_item: 1s}, cold_start: {image: 1GB, pull: 100MB/s, container: 1s, import: 2s, load: 3s, first_batch: 4s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
scaling: {m: {)" + kByBacklog +
                          ", min: 0, initial: 0, max: 1}}\n",
                      "timestamp,size\n0,1\n");
  // Created at the first decision, at 15 s; 10 + 1 + 2 + 3 + 4 s.
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 20 + 1);
  ASSERT_GE(ran.decisions.size(), 3U);
  EXPECT_EQ(ran.decisions[1].current, 1);
  EXPECT_EQ(ran.decisions[1].ready, 0);  // 30 s
  EXPECT_EQ(ran.decisions[2].ready, 1);  // 45 s
}

TEST(ColdStart, PullsAnImageOnceANode) {
  const Ran ran = run(R"(
horizon: 200s
models: {m: {latency: {per_item: 1s}, cold_start: {image: 1GB, pull: 100MB/s, load: 10s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, gpus: 2, nodes: 1}}}
scaling: {m: {)" + kByBacklog +
                          ", min: 0, initial: 0, max: 2}}\n",
                      "timestamp,size\n0,1\n100,50\n100,50\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 20 + 1);    // pulled and loaded
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 105 + 10 + 50);  // both loaded only, each on its GPU
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 105 + 10 + 50);
}

const std::string kOneNodeOnDemand = R"(
horizon: 400s
models: {m: {latency: {per_item: 1s}, cold_start: {load: 5s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: {min: 0, max: 1}, provision: 90s, scale_down_after: 60s, price: 3.60/h}}}
scaling: {m: {)" + kByBacklog + ", min: 0, initial: 0, max: 1}}\n";

TEST(Node, IsOrderedForAPendingReplicaAndReadyAfterItsProvisioning) {
  const Ran ran = run(kOneNodeOnDemand, "timestamp,size\n0,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 90 + 5 + 1);
  EXPECT_EQ(ran.result.cluster.nodes_ordered, 1U);
}

TEST(Node, IsGivenBackWhenItWasEmptyForTheTimeGiven) {
  const Ran ran = run(kOneNodeOnDemand, "timestamp,size\n0,1\n");
  // Ordered at 15 s; its replica goes at 120 s, the node 60 s later. 0.001 USD a second.
  EXPECT_NEAR(ran.result.cluster.node_hours, (180.0 - 15) / 3600, 1e-12);
  EXPECT_NEAR(ran.result.cluster.cost_usd, 0.165, 1e-12);
  // Nobody's: from 15 to 105, and from 120 to 180.
  EXPECT_NEAR(ran.result.cluster.unattributed_cost_usd, 0.150, 1e-12);
  EXPECT_NEAR(ran.only().cost_usd, 0.015, 1e-12);
}

TEST(Node, TheFewestAreKeptThoughEmpty) {
  std::string yaml = kOneNodeOnDemand;
  yaml.replace(yaml.find("min: 0, max: 1"), 6, "min: 1");
  const Ran ran = run(yaml, "timestamp,size\n0,1\n");
  EXPECT_NEAR(ran.result.cluster.node_hours, 400.0 / 3600, 1e-12);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 5 + 1);
}

// Two replicas from the start, one GPU each; loading takes 50 s. At 45 s one query is left, so the younger replica is
// scaled in while it works on it until 101 s. At 60 s there are three again.
std::string draining(const std::string& reuse) {
  return "horizon: 400s\n"
         "models: {m: {latency: {per_item: 1s}, cold_start: {load: 50s}}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n"
         "scaling: {m: {" +
         kByBacklog + ", min: 1, initial: 2, max: 2, reuse_draining: " + reuse + "}}\n";
}
constexpr std::string_view kOneLong = "timestamp,size\n1,30\n1,100\n";
constexpr std::string_view kThenMore = "timestamp,size\n1,30\n1,100\n50,100\n52,10\n";

TEST(Drain, FinishesItsQueryHoldsItsGpuAndIsPaidFor) {
  const Ran ran = run(draining("false"), kOneLong);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 101);
  EXPECT_EQ(ran.only().queries.completed, 2U);
  EXPECT_EQ(ran.only().kills.total, 0U);
  EXPECT_DOUBLE_EQ(ran.only().replica_seconds, 400 + 101);
  EXPECT_NEAR(ran.only().replicas.mean * 400, 400 + 45, 1e-6);  // no longer counted from 45 s on
}

TEST(Drain, TakesNoNewWork) {
  const Ran ran = run(draining("false"), kThenMore);
  // 2 goes to the other replica until 150 s. The third replica has to wait for the GPU until 101 s and loads until 151
  // s.
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 150);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 160);
}

TEST(Drain, IsTakenBackWhereReuseIsOn) {
  const Ran ran = run(draining("true"), kThenMore);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 101 + 10);
  EXPECT_EQ(ran.only().scale_ups, 1U);
}

}  // namespace
}  // namespace windtunnel::testing
