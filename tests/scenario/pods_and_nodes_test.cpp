// Probes, termination, scheduler, node autoscalers and spot, as written: what is read, and what a mistake is told.
#include <gtest/gtest.h>

#include "harness.hpp"

namespace windtunnel {
namespace pods_and_nodes_test {

using testing::expect_resolves_to_itself;
using testing::expect_says;
using testing::messages;
using testing::parse;
using testing::with;

const std::string kPods = R"(schema: 1
horizon: 1h
models:
  m:
    latency: {per_item: 1s}
    dispatch: random
    requests: {cpu: 1.5, memory: 2GiB}
    network: {endpoints: 2s}
    probe: {readiness: {success_threshold: 2}, liveness: {}, while_busy: blocked}
    termination: {pre_stop: 5s, on_sigterm: ignore}
workload: [{model: m, arrivals: {rate: 0.2/s}}]
cluster:
  autoscaler: {kind: cluster_autoscaler, expander: "priority, least-waste", scale_down_unneeded_time: 2m}
  scheduler: {score: requested_to_capacity, utilizations: [0, 80, 100], scores: [0, 10, 5]}
  node_pools:
    p: {gpu: T4, cpu: 4, priority: 3, provision_failures: 0.25, nodes: {min: 0, max: 4}, spot: {zones: 2, node_reclaim: 5h}}
)";

std::string wrong(std::string_view from, std::string_view to) {
  return messages(with(kPods, from, to));
}

TEST(PodsAndNodes, AreReadAsWrittenWithKubernetesDefaults) {
  const auto scenario = parse(kPods);
  ASSERT_TRUE(scenario) << messages(kPods);
  const ModelSpec& m = scenario->models[0];
  EXPECT_EQ(m.requests.milli_cpu, 1500);
  EXPECT_EQ(m.network.endpoints, std::chrono::seconds(2));
  ASSERT_TRUE(m.probe.readiness && m.probe.liveness && !m.probe.startup);
  EXPECT_EQ(m.probe.readiness->success_threshold, 2);
  EXPECT_EQ(m.probe.liveness->period, std::chrono::seconds(10));
  EXPECT_EQ(m.probe.liveness->timeout, std::chrono::seconds(1));
  EXPECT_EQ(m.probe.liveness->failure_threshold, 3);
  EXPECT_EQ(m.termination.grace, std::chrono::seconds(30));
  EXPECT_EQ(m.termination.on_sigterm, OnSigterm::ignore);
  EXPECT_EQ(scenario->node_scaler.kind, NodeScalerKind::cluster_autoscaler);
  EXPECT_EQ(scenario->node_scaler.expanders, (std::vector<Expander>{Expander::priority, Expander::least_waste}));
  EXPECT_EQ(scenario->node_scaler.unneeded_time, std::chrono::minutes(2));
  EXPECT_EQ(scenario->node_scaler.delay_after_add, std::chrono::minutes(10));
  ASSERT_TRUE(scenario->scheduler);
  EXPECT_EQ(scenario->scheduler->shape.size(), 3U);
  const NodePoolSpec& pool = scenario->node_pools[0];
  EXPECT_EQ(pool.milli_cpu, 4000);
  EXPECT_EQ(pool.provision_failure_share, 0.25);
  ASSERT_TRUE(pool.spot);
  EXPECT_EQ(pool.spot->notice, std::chrono::minutes(2));
  EXPECT_FALSE(pool.spot->zone_reclaim);
}

TEST(PodsAndNodes, TheResolvedScenarioIsTheSame) {
  expect_resolves_to_itself(kPods);
}

TEST(PodsAndNodes, LeftOutEverythingIsAsItWas) {
  const auto scenario = parse(testing::kSmall);
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->node_scaler.kind, NodeScalerKind::on_demand);
  EXPECT_FALSE(scenario->scheduler);
  EXPECT_FALSE(scenario->models[0].termination.grace);
  for (const char* key : {"autoscaler", "scheduler", "termination", "endpoints", "requests", "spot"})
    EXPECT_EQ(scenario->resolved.find(std::string(key) + ":"), std::string::npos) << key;
}

TEST(PodsAndNodes, AWordAloneIsAnAutoscaler) {
  const auto scenario = parse(
      with(kPods, R"({kind: cluster_autoscaler, expander: "priority, least-waste", scale_down_unneeded_time: 2m})",
           "karpenter"));
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->node_scaler.kind, NodeScalerKind::karpenter);
}

TEST(PodsAndNodes, MistakesNameTheirPlaceTheRuleAndAWayOut) {
  expect_says(wrong("cluster_autoscaler", "cluster_autoscaller"),
              "small.yaml:13: cluster.autoscaler.kind: unknown node autoscaler");
  expect_says(wrong("cluster_autoscaler", "cluster_autoscaller"), "did you mean \"cluster_autoscaler\"?");
  expect_says(wrong("least-waste", "least-wast"), "unknown expander \"least-wast\"; did you mean \"least-waste\"?");
  expect_says(wrong("success_threshold: 2}, liveness: {}", "period: 3s}, liveness: {success_threshold: 2}"),
              "models.m.probe.liveness.success_threshold: 2 is not 1");
  expect_says(wrong("success_threshold: 2", "timeout: 20s"), "timeout is longer than period");
  expect_says(wrong("readiness: {success_threshold: 2}, liveness: {}, ", ""),
              "says nothing without a readiness or liveness");
  expect_says(wrong("dispatch: random\n", "dispatch: pull\n"),
              "models.m.network.endpoints: means nothing with dispatch: pull");
  expect_says(wrong("cpu: 1.5", "cpu: 6"), "6 cores and 2 GiB are more than any node of this cluster has");
  expect_says(wrong("scores: [0, 10, 5]", "scores: [0, 10]"), "3 utilizations and 2 scores");
  expect_says(wrong("[0, 80, 100]", "[0, 80, 80]"), "whole numbers, ascending");
  expect_says(wrong("requested_to_capacity", "most_allocated"), "means nothing with score: most_allocated");
  expect_says(wrong(", node_reclaim: 5h", ""), "neither zone_reclaim nor node_reclaim is given");
  expect_says(wrong("node_reclaim: 5h", "node_reclaim: 0s"), "would happen all the time");
  expect_says(wrong("provision_failures: 0.25", "provision_failures: 25"), "outside");
  expect_says(wrong("pre_stop: 5s", "prestop: 5s"), "did you mean \"pre_stop\"?");
}

TEST(PodsAndNodes, EveryProblemIsSaidAtOnce) {
  const std::string all = messages(with(with(kPods, "least-waste", "least-wast"), "cpu: 1.5", "cpu: -1"));
  expect_says(all, "unknown expander");
  expect_says(all, "models.m.requests.cpu");
}

}  // namespace pods_and_nodes_test
}  // namespace windtunnel
