// Capacity that its owner takes back, with notice or without.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

struct ReclaimLog : RunObserver {
  std::vector<NodeRecord> reclaimed, lost;
  void on_node(const NodeRecord& node) override {
    if (node.what == "reclaimed") reclaimed.push_back(node);
    if (node.what == "lost") lost.push_back(node);
  }
};

ReclaimLog reclaims(const std::string& yaml, std::string_view trace, std::uint64_t seed = 1) {
  const Folder folder;
  const Scenario scenario = load("schema: 1\n" + yaml, folder, trace);
  ReclaimLog log;
  const auto result = simulate(scenario, {.seed = seed, .observer = &log});
  if (!result) throw std::invalid_argument(result.problems().front().text());
  return log;
}

// One node, reclaimed 100 s after it was ready, and one replica. Another node takes 20 s.
std::string one_node(const std::string& spot, const std::string& model = "") {
  return "horizon: 218s\n"
         "models: {m: {latency: {per_item: 1s}, cold_start: {load: 5s}" +
         model +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, provision: 20s, nodes: 1, price: 3.60/h, minimum_billing: 0s, spot: {" +
         spot + "}}}}\n";
}
constexpr std::string_view kLong = "timestamp,size\n90,60\n120,1\n";

TEST(Spot, AtTheNoticePodsAreReplacedAndWhatIsLeftDiesWithTheNode) {
  const Ran ran = run(one_node("node_reclaim: 100s, notice: 30s"), kLong);
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::node_lost);
  EXPECT_EQ(ran.kills[0].exit_code, 137);
  EXPECT_DOUBLE_EQ(to_seconds(ran.kills[0].at), 130);
  // The group replaces its node at 130; it is ready at 150, the replica at 155.
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 155 + 60);
  EXPECT_EQ(ran.only().queries.redelivered, 1U);
  EXPECT_EQ(ran.result.cluster.nodes.value().reclaimed, 1U);
  EXPECT_EQ(ran.result.cluster.nodes->pods_evicted, 1U);
  // Paid for from 0 to 218 s, without a gap.
  EXPECT_NEAR(ran.result.cluster.cost_usd, 0.218, 1e-9);
}

TEST(Spot, WorkThatEndsWithinTheNoticeIsNotLost) {
  const Ran ran = run(one_node("node_reclaim: 100s, notice: 60s"), kLong);
  EXPECT_EQ(ran.kills.size(), 0U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 150);
}

TEST(Spot, APodsOwnGracePeriodEndsItBeforeALongNotice) {
  const Ran ran = run(one_node("node_reclaim: 100s, notice: 120s", ", termination: {grace: 30s}"), kLong);
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::grace_period);
  EXPECT_DOUBLE_EQ(to_seconds(ran.kills[0].at), 130);
}

TEST(Spot, WithoutNoticeEverythingDiesAtOnce) {
  const Ran ran = run(one_node("node_reclaim: 100s, notice: 0s"), kLong);
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{100});
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 100 + 20 + 5 + 60);
}

const std::string kZones = R"(
horizon: 10h
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, arrivals: {process: poisson, rate: 0.5/s}}]
cluster:
  node_pools:
    p: {gpu: T4, nodes: {min: 4, max: 8}, spot: {zones: 2, zone_reclaim: {law: exponential, mean: 1h}, outage: 10m}}
)";

TEST(Spot, NodesOfAZoneGoDownTogether) {
  const auto log = reclaims(kZones + "scaling: {m: {policy: fixed, replicas: 4}}\n", "");
  ASSERT_GE(log.reclaimed.size(), 8U);
  for (std::size_t i = 0; i < log.reclaimed.size();) {
    std::size_t end = i;
    while (end < log.reclaimed.size() && log.reclaimed[end].at == log.reclaimed[i].at) {
      EXPECT_EQ(log.reclaimed[end].node % 2, log.reclaimed[i].node % 2);
      ++end;
    }
    i = end;
  }
}

TEST(Spot, AZoneThatIsOutGivesNoNodes) {
  const auto log = reclaims(kZones + "scaling: {m: {policy: fixed, replicas: 4}}\n", "");
  // Whoever is lost was reclaimed two minutes before, and no node of that zone is reclaimed again within its outage.
  ASSERT_FALSE(log.lost.empty());
  for (const auto& lost : log.lost)
    for (const auto& again : log.reclaimed)
      if (again.node == lost.node && again.at > lost.at) {
        EXPECT_GE(again.at - lost.at, std::chrono::minutes(10)) << lost.node;
      }
}

TEST(Spot, TwoPoliciesMeetTheSameReclaims) {
  std::string zones = kZones;  // with all nodes always wanted, every reclaim finds some
  zones.replace(zones.find("min: 4"), 6, "min: 8");
  const auto times = [&zones](const std::string& scaling) {
    std::vector<std::pair<SimTime, NodeId>> out;
    for (const auto& record : reclaims(zones + "scaling: {m: " + scaling + "}\n", "").reclaimed)
      if (out.empty() || out.back().first != record.at) out.emplace_back(record.at, record.node % 2);
    return out;
  };
  const auto fixed = times("{policy: fixed, replicas: 4}");
  EXPECT_GE(fixed.size(), 5U);
  EXPECT_EQ(fixed, times("{policy: queue_depth, target_per_replica: 2, max: 8}"));
}

TEST(Spot, APodThatIsReplacedLeavesTheNumberOfReplicasAsItIs) {
  const Ran ran = run(kZones + "scaling: {m: {policy: fixed, replicas: 4}}\n");
  EXPECT_GT(ran.result.cluster.nodes.value().pods_evicted, 0U);
  EXPECT_EQ(ran.only().replicas.min, 4);
  EXPECT_EQ(ran.only().replicas.max, 4);
}

TEST(Spot, EveryQueryIsAccountedFor) {
  const Ran ran = run(kZones + "scaling: {m: {policy: queue_depth, target_per_replica: 2, max: 8}}\n");
  expect_balance(ran.only().queries, "m");
  EXPECT_GT(ran.only().queries.completed, 15000U);
}

}  // namespace
}  // namespace windtunnel::testing
