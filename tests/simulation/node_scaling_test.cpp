// Who orders nodes and gives them back: cluster autoscaler, Karpenter, failed orders; and the scheduler's scores.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

struct NodeLog : RunObserver {
  std::vector<std::string> lines;
  void on_node(const NodeRecord& node) override {
    lines.push_back(std::to_string(static_cast<int>(to_seconds(node.at))) + " " + std::to_string(node.node) + " " +
                    std::string(node.what));
  }
};

std::vector<std::string> node_log(const std::string& yaml, std::string_view trace, std::uint64_t seed = 1) {
  const Folder folder;
  const Scenario scenario = load("schema: 1\n" + yaml, folder, trace);
  NodeLog log;
  const auto result = simulate(scenario, {.seed = seed, .observer = &log});
  if (!result) throw std::invalid_argument(result.problems().front().text());
  return log.lines;
}

using Lines = std::vector<std::string>;

const std::string kOnNeed =
    "policy: queue_depth, target_per_replica: 1, tolerance: 0, interval: 15s, "
    "scrape_interval: 0s, min: 0, initial: 0, ";

// The query waits for a replica, that is created at 15 s, and for its node; it takes 1 s.
std::string one_pod(const std::string& autoscaler, const std::string& pool = "provision: 90s", int horizon = 1500) {
  return "horizon: " + std::to_string(horizon) +
         "s\n"
         "models: {m: {latency: {per_item: 1s}, cold_start: {load: 5s}}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {autoscaler: " +
         autoscaler + ", node_pools: {p: {gpu: T4, nodes: {min: 0, max: 2}, price: 3.60/h, " + pool +
         "}}}\n"
         "scaling: {m: {" +
         kOnNeed + "max: 2}}\n";
}
constexpr std::string_view kAtZero = "timestamp,size\n0,1\n";

TEST(ClusterAutoscaler, ActsAtOnceOnANewPodAndStrictlyAfterTheUnneededTime) {
  // Served by 111 s; the replica goes at 120 s, where the scan sees an empty node. At 720 s it was unneeded for 10 min
  // and not longer: the next scan takes it.
  EXPECT_EQ(node_log(one_pod("cluster_autoscaler"), kAtZero),
            (Lines{"15 0 ordered", "105 0 ready", "730 0 drained", "730 0 given_back"}));
}

TEST(ClusterAutoscaler, WithoutFrequentLoopsAPodWaitsForTheNextScan) {
  const auto log = node_log(one_pod("{kind: cluster_autoscaler, frequent_loops: false, phase: 3s}"), kAtZero);
  ASSERT_GE(log.size(), 2U);
  EXPECT_EQ(log[0], "23 0 ordered");
  EXPECT_EQ(log[1], "113 0 ready");
}

TEST(ClusterAutoscaler, NothingGoesForAWhileAfterANodeWasOrdered) {
  const auto log = node_log(
      one_pod("{kind: cluster_autoscaler, scale_down_unneeded_time: 60s, scale_down_delay_after_add: 400s}"), kAtZero);
  ASSERT_EQ(log.size(), 4U);
  EXPECT_EQ(log[2], "420 0 drained");  // 15 + 400, at the next scan
}

TEST(ClusterAutoscaler, ANodeOnOrderCountsSoThatNoSecondIsBought) {
  // Two pods, one node of two GPUs; the second pod comes while the node is on order.
  const auto log = node_log(one_pod("cluster_autoscaler", "gpus: 2, provision: 90s, driver: 60s", 400),
                            "timestamp,size\n0,1\n20,1\n");
  EXPECT_EQ(log, (Lines{"15 0 ordered", "165 0 ready"}));
}

TEST(ClusterAutoscaler, AnOrderThatFailsIsFoundOutLateAndThePoolIsLeftAlone) {
  const auto log = node_log(one_pod("{kind: cluster_autoscaler, max_node_provision_time: 60s, initial_backoff: 5m}",
                                    "provision_failures: 1", 1000),
                            kAtZero);
  EXPECT_EQ(log, (Lines{"15 0 ordered", "75 0 failed", "375 0 ordered", "435 0 failed"}));
  const Ran ran = run(one_pod("{kind: cluster_autoscaler, max_node_provision_time: 60s, initial_backoff: 5m}",
                              "provision_failures: 1", 1000),
                      kAtZero);
  EXPECT_EQ(ran.result.cluster.nodes.value().orders_failed, 2U);
  EXPECT_NEAR(ran.result.cluster.cost_usd, 0.120, 1e-12);  // two orders of 60 s: they are paid for
}

TEST(ClusterAutoscaler, APoolThatFailsDoesNotKeepPodsFromAnother) {
  const std::string yaml = R"(
horizon: 500s
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster:
  autoscaler: {kind: cluster_autoscaler, expander: priority, max_node_provision_time: 100s}
  node_pools:
    spot: {gpu: T4, nodes: {min: 0, max: 1}, provision_failures: 1, priority: 10}
    steady: {gpu: T4, nodes: {min: 0, max: 1}, provision: 30s}
scaling: {m: {)" + kOnNeed +
                           "max: 1}}\n";
  EXPECT_EQ(node_log(yaml, kAtZero), (Lines{"15 0 ordered", "115 0 failed", "115 1 ordered", "145 1 ready"}));
}

TEST(ClusterAutoscaler, TheExpanderChoosesThePool) {
  const auto first = [](const std::string& expander) {
    const std::string yaml = R"(
horizon: 100s
models: {m: {latency: {per_item: 1s}, requests: {cpu: 3, memory: 8GiB}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster:
  autoscaler: {kind: cluster_autoscaler, expander: )" +
                             expander + R"(}
  node_pools:
    large: {gpu: T4, gpus: 4, cpu: 16, host_memory: 64GiB, price: 4/h, nodes: {min: 0, max: 4}}
    small: {gpu: T4, cpu: 4, host_memory: 16GiB, price: 0.9/h, nodes: {min: 0, max: 4}}
scaling: {m: {)" + kOnNeed + "max: 4}}\n";
    const auto log = node_log(yaml, "timestamp,size\n0,500\n0,500\n");
    return log;
  };
  EXPECT_EQ(first("least-waste"), (Lines{"15 4 ordered", "15 5 ordered"}));  // node ids: large 0 to 3, small 4 to 7
  EXPECT_EQ(first("least-nodes"), (Lines{"15 0 ordered"}));
  EXPECT_EQ(first("price"), (Lines{"15 4 ordered", "15 5 ordered"}));
}

// Two nodes with four slots each; replicas are spread, so that each has half of them, or three quarters.
std::string half_full(int replicas, const std::string& more = "") {
  return "horizon: 1000s\n"
         "models: {m: {latency: {per_item: 1s}" +
         more +
         "}}\n"
         "workload: [{model: m, arrivals: {process: poisson, rate: 0.001/s}}]\n"
         "cluster: {autoscaler: {kind: cluster_autoscaler, scale_down_unneeded_time: 100s}, node_pools: {p: {gpu: T4, "
         "sharing: {mode: time_slicing, replicas: 4}, nodes: {min: 0, max: 2, initial: 2}}}}\n"
         "scaling: {m: {policy: fixed, replicas: " +
         std::to_string(replicas) + "}}\n";
}

TEST(ClusterAutoscaler, AtTheThresholdANodeGoesAndItsPodsAreRunElsewhere) {
  const auto log = node_log(half_full(4), "");
  EXPECT_EQ(log, (Lines{"110 0 drained", "110 0 given_back"}));
  const Ran ran = run(half_full(4));
  EXPECT_EQ(ran.result.cluster.nodes.value().pods_evicted, 2U);
  EXPECT_EQ(ran.only().cold_start.starts, 2U);
}

TEST(ClusterAutoscaler, AboveItIdleOrNotNothingGoes) {
  EXPECT_TRUE(node_log(half_full(6), "").empty());
}

TEST(Karpenter, GathersPodsAndBuysTheCheapestThatFits) {
  // The window opens at 15 s and closes a second later. The replica goes at 120 s, and its node with it.
  EXPECT_EQ(node_log(one_pod("karpenter"), kAtZero),
            (Lines{"16 0 ordered", "106 0 ready", "120 0 drained", "120 0 given_back"}));
}

TEST(Karpenter, ConsolidatesNotBeforeItsTime) {
  const auto log = node_log(one_pod("{kind: karpenter, consolidate_after: 35s}"), kAtZero);
  ASSERT_EQ(log.size(), 4U);
  EXPECT_EQ(log[2], "160 0 drained");  // 120 + 35, at the next look
  EXPECT_EQ(node_log(one_pod("{kind: karpenter, consolidate: false}"), kAtZero).size(), 2U);
}

TEST(Karpenter, PacksPodsOnOneNodeAsLongAsSomeTypeTakesThem) {
  const auto orders = [](int pods) {
    const std::string yaml = R"(
horizon: 60s
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster:
  autoscaler: karpenter
  node_pools:
    four: {gpu: T4, gpus: 4, price: 3/h, nodes: {min: 0, max: 4}}
    one: {gpu: T4, price: 1/h, nodes: {min: 0, max: 4}}
scaling: {m: {)" + kOnNeed + "max: 8}}\n";
    std::string trace = "timestamp,size\n";
    for (int i = 0; i < pods; ++i) trace += "0,500\n";
    return node_log(yaml, trace);
  };
  EXPECT_EQ(orders(1), (Lines{"16 4 ordered"}));  // node ids: four 0 to 3, one 4 to 7
  EXPECT_EQ(orders(3), (Lines{"16 0 ordered"}));  // none but the large one takes three
  EXPECT_EQ(orders(5), (Lines{"16 0 ordered", "16 4 ordered"}));
}

TEST(Karpenter, DeletesANodeWhosePodsFitElsewhere) {
  std::string yaml = half_full(4);
  const std::string from = "{kind: cluster_autoscaler, scale_down_unneeded_time: 100s}";
  yaml.replace(yaml.find(from), from.size(), "{kind: karpenter, consolidate_after: 30s, disruption_budget: 0.5}");
  EXPECT_EQ(node_log(yaml, ""), (Lines{"30 0 drained", "30 0 given_back"}));
}

// One pod on a node of four GPUs; a node of one would do.
std::string too_large(const std::string& small, const std::string& large = "") {
  return R"(
horizon: 1500s
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, arrivals: {process: poisson, rate: 0.001/s}}]
cluster:
  autoscaler: {kind: karpenter, consolidate_after: 30s, disruption_budget: 1}
  node_pools:
    large: {gpu: T4, gpus: 4, price: 4/h, nodes: {min: 0, max: 1, initial: 1})" +
         large + R"(}
    small: {gpu: T4, nodes: {min: 0, max: 2}, provision: 60s, )" +
         small + R"(}
scaling: {m: {policy: fixed, replicas: 1}}
)";
}

TEST(Karpenter, ReplacesANodeByACheaperOneThatTakesItsPods) {
  EXPECT_EQ(node_log(too_large("price: 1/h"), ""),
            (Lines{"30 1 ordered", "90 1 ready", "90 0 drained", "90 0 given_back"}));
  const Ran ran = run(too_large("price: 1/h"));
  EXPECT_EQ(ran.result.cluster.nodes.value().pods_evicted, 1U);
  EXPECT_EQ(ran.only().cold_start.starts, 1U);
}

TEST(Karpenter, ReplacesByNothingThatCostsAsMuch) {
  EXPECT_TRUE(node_log(too_large("price: 4/h"), "").empty());
}

TEST(Karpenter, DoesNotReplaceSpotBySpot) {
  const std::string spot = ", spot: {zones: 1, zone_reclaim: 10000h}";
  EXPECT_TRUE(node_log(too_large("price: 1/h" + spot, spot), "").empty());
  EXPECT_EQ(node_log(too_large("price: 1/h", spot), "").size(), 4U);
  EXPECT_EQ(node_log(too_large("price: 1/h" + spot), "").size(), 4U);
}

TEST(Karpenter, KeepsTheOldNodeWhereTheNewOneNeverComes) {
  const auto log = node_log(too_large("price: 1/h, provision_failures: 1"), "");
  EXPECT_EQ(log, (Lines{"30 1 ordered", "930 1 failed", "1230 1 ordered"}));  // and again after the pool's back-off
  EXPECT_EQ(run(too_large("price: 1/h, provision_failures: 1")).result.cluster.nodes.value().pods_evicted, 0U);
}

TEST(Karpenter, ReplacesSeveralByOneWhereItIsCheaper) {
  const auto log = [](const std::string& price) {
    return node_log(R"(
horizon: 200s
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, arrivals: {process: poisson, rate: 0.001/s}}]
cluster:
  autoscaler: {kind: karpenter, consolidate_after: 30s, disruption_budget: 1}
  node_pools:
    one: {gpu: T4, price: 1/h, nodes: {min: 0, max: 4, initial: 4}}
    four: {gpu: T4, gpus: 4, provision: 60s, nodes: {min: 0, max: 1}, price: )" +
                        price + R"(}
scaling: {m: {policy: fixed, replicas: 4}}
)",
                    "");
  };
  EXPECT_EQ(log("2.9/h"),
            (Lines{"30 4 ordered", "90 4 ready", "90 0 drained", "90 1 drained", "90 2 drained", "90 3 drained",
                   "90 0 given_back", "90 1 given_back", "90 2 given_back", "90 3 given_back"}));
  EXPECT_TRUE(log("4/h").empty());
}

TEST(StaticNodes, NobodyOrdersOrGivesBack) {
  const Ran ran = run(one_pod("static"), kAtZero);
  EXPECT_EQ(ran.result.cluster.nodes_ordered, 0U);
  EXPECT_EQ(ran.only().queries.queued, 1U);
}

// Two nodes of two GPUs; what is empty goes after 10 s.
std::string scored(const std::string& scheduler, const std::string& model = "") {
  return "horizon: 1000s\n"
         "models: {m: {latency: {per_item: 1s}" +
         model +
         "}}\n"
         "workload: [{model: m, arrivals: {process: poisson, rate: 0.001/s}}]\n"
         "cluster: {" +
         scheduler +
         "node_pools: {p: {gpu: T4, gpus: 2, cpu: 8, host_memory: 32GiB, scale_down_after: 10s, nodes: {min: 0, max: "
         "2, "
         "initial: 2}}}}\n"
         "scaling: {m: {policy: fixed, replicas: 2}}\n";
}

TEST(Scheduler, TheDefaultScoreSpreadsPodsAndSoFragmentsGpus) {
  const std::string requests = ", requests: {cpu: 1, memory: 1GiB}";
  EXPECT_TRUE(node_log(scored("scheduler: {}, ", requests), "").empty());
  EXPECT_EQ(node_log(scored("scheduler: {score: most_allocated, gpu_weight: 1}, ", requests), "").size(), 1U);
  EXPECT_EQ(node_log(scored("scheduler: {score: requested_to_capacity, gpu_weight: 5}, ", requests), "").size(), 1U);
  EXPECT_EQ(node_log(scored("", requests), "").size(), 1U);  // placement: spread is about GPUs, whatever their node
}

TEST(Scheduler, APodGoesOnlyWhereItsRequestsHaveRoom) {
  const std::string large = ", requests: {cpu: 5}";
  EXPECT_TRUE(node_log(scored("scheduler: {score: most_allocated, gpu_weight: 1}, ", large), "").empty());
  const Ran ran = run(scored("", ", requests: {memory: 20GiB}"));
  EXPECT_NEAR(ran.result.cluster.node_hours, 2 * 1000.0 / 3600, 1e-9);
}

TEST(Scheduler, APodThatFoundNoRoomIsTriedAgainWhenThereIsSomeAndItsBackOffIsOver) {
  // One GPU. `old` has a query until 51 s and goes at 60 s; `fresh` is wanted from 15 s on.
  const auto served = [](const std::string& scheduler) {
    const std::string yaml = R"(
horizon: 300s
models: {old: {latency: {per_item: 1s}}, fresh: {latency: {per_item: 1s}}}
workload:
  - {trace: {file: trace.csv, rebase: false, map: {a: old, b: fresh}}}
cluster: {)" + scheduler + R"(node_pools: {p: {gpu: T4, nodes: 1}}}
scaling:
  old: {policy: queue_depth, target_per_replica: 1, interval: 15s, scrape_interval: 0s, min: 0, initial: 1, max: 1}
  fresh: {)" + kOnNeed + "max: 1}\n";
    return run(yaml, "timestamp,model,size\n1,a,50\n2,b,1\n").ended_s(1);
  };
  EXPECT_DOUBLE_EQ(served(""), 61);
  EXPECT_DOUBLE_EQ(served("scheduler: {}, "), 61);
  EXPECT_DOUBLE_EQ(served("scheduler: {initial_backoff: 100s, max_backoff: 100s}, "), 116);
}

}  // namespace
}  // namespace windtunnel::testing
