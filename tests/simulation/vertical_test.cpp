// Memory limits set by what was seen, and the pods restarted for it.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace vertical_test {

// Four replicas that work for ever; on nodes that come late they start cold, with a loading peak of 4 GiB.
std::string cold(std::string_view limit, std::string_view more,
                 std::string_view pool = "{gpu: A10G, nodes: 8, price: 1/h}") {
  return "horizon: 4h\n"
         "models:\n"
         "  m:\n"
         "    service_time: 100ms\n"
         "    memory: {context: 100MiB, weights: 1GB}\n"
         "    host_memory: {steady: 2GiB, loading: 4GiB, limit: " +
         std::string(limit) +
         "}\n"
         "    cold_start: {container: 1s, import: 1s, load: 10s, first_batch: 1s}\n"
         "workload: [{model: m, arrivals: {process: poisson, rate: 2/s}}]\n"
         "cluster: {node_pools: {p: " +
         std::string(pool) +
         "}}\n"
         "scaling: {m: {policy: fixed, replicas: 4}}\n" +
         std::string(more);
}

// Loading takes no more than serving: what was seen is all there is.
std::string calm(std::string_view limit, std::string_view more, std::string_view pool) {
  std::string yaml = cold(limit, more, pool);
  return yaml.replace(yaml.find("loading: 4GiB"), 13, "loading: 2GiB");
}

constexpr std::string_view kLateNodes = "{gpu: A10G, nodes: {min: 0, max: 8, initial: 0}, provision: 60s, price: 1/h}";

TEST(Vertical, WithoutItContainersDieOfTheirLimitForEver) {
  const Ran ran = run(cold("3GiB", "", kLateNodes));
  EXPECT_GT(ran.only().kills.exit_137, 100U);
  EXPECT_EQ(ran.only().queries.completed, 0U);
  EXPECT_FALSE(ran.only().vertical);
}

TEST(Vertical, OffRecommendsAndChangesNothing) {
  const Ran bare = run(cold("3GiB", "", kLateNodes));
  const Ran watched = run(cold("3GiB", "vertical: {m: {host_memory: {}}}\n", kLateNodes));
  EXPECT_EQ(bare.kill_times_s(), watched.kill_times_s());
  ASSERT_TRUE(watched.only().vertical);
  EXPECT_EQ(watched.only().vertical->changes, 0U);
  EXPECT_EQ(watched.only().vertical->host->ooms, watched.only().kills.exit_137);
  EXPECT_GT(watched.only().vertical->host->target.value, 3 * kGiB);
}

TEST(Vertical, RaisesALimitThatKillsUntilItHolds) {
  const Ran ran = run(cold("3GiB", "vertical: {m: {update: rolling_restart, host_memory: {}}}\n", kLateNodes));
  const auto& m = ran.only();
  EXPECT_GE(m.kills.exit_137, 4U);
  EXPECT_LE(m.kills.exit_137, 40U);
  EXPECT_GE(m.vertical->changes, 1U);
  EXPECT_GE(m.vertical->host->limit.value, 4 * kGiB);
  EXPECT_EQ(m.ready_replicas.max, 4);
  EXPECT_GT(m.queries.completed, 20'000U);
  for (const KillRecord& kill : ran.kills) {
    EXPECT_EQ(kill.cause, KillCause::host_ram_limit);
    EXPECT_LT(kill.host_limit.value, 4 * kGiB);  // the limit it had, not the newest
    EXPECT_LT(to_seconds(kill.at), 1800);
  }
}

TEST(Vertical, InitialGivesTheNewestLimitToNewPodsAlone) {
  const Ran ran = run(cold("3GiB", "vertical: {m: {update: initial, host_memory: {}}}\n", kLateNodes));
  EXPECT_GE(ran.only().vertical->changes, 1U);
  EXPECT_EQ(ran.only().vertical->replaced, 0U);
  EXPECT_EQ(ran.only().queries.completed, 0U);  // a restart in place keeps the pod's limit
}

// Warm pods whose limit is far too high: within the bounds until the confidence is there, then replaced.
TEST(Vertical, ARollingRestartKeepsToItsLimits) {
  const std::string scenario =
      calm("60GiB",
           "vertical: {m: {update: rolling_restart, host_memory: {confidence: 10m, percentile: 0.9}, lifetime: 1h, "
           "max_unavailable: 0, max_surge: 0.25}}\n",
           "{gpu: A10G, nodes: 8, price: 1/h}");
  const Ran ran = run(scenario);
  const auto& m = ran.only();
  ASSERT_GE(m.vertical->changes, 1U);
  EXPECT_EQ(m.vertical->replaced, 4 * m.vertical->changes);
  EXPECT_EQ(m.ready_replicas.min, 4);  // none missing
  EXPECT_EQ(m.ready_replicas.max, 5);  // one beside
  EXPECT_EQ(m.replicas.max, 4);        // which whoever counts does not see
  EXPECT_EQ(m.replicas.min, 4);
  expect_balance(m.queries, "m");
  EXPECT_EQ(m.queries.failed, 0U);  // old ones drain
}

TEST(Vertical, WithoutSurgeTheRestartCostsReadyReplicas) {
  const std::string scenario = calm(
      "60GiB",
      "vertical: {m: {update: rolling_restart, host_memory: {confidence: 10m}, lifetime: 1h, max_unavailable: 0.5, "
      "max_surge: 0}}\n",
      "{gpu: A10G, nodes: 8, price: 1/h}");
  const Ran ran = run(scenario);
  ASSERT_GE(ran.only().vertical->changes, 1U);
  EXPECT_EQ(ran.only().ready_replicas.max, 4);
  EXPECT_EQ(ran.only().ready_replicas.min, 2);
}

TEST(Vertical, ALimitThatFollowsWhatWasSeenMayBeBelowAPeakThatWasNot) {
  // Warm pods: loading at 4 GiB was never looked at, and the limit comes down to what serving takes.
  const Ran ran =
      run(cold("60GiB",
               "vertical: {m: {update: rolling_restart, host_memory: {confidence: 10m}, max_unavailable: 0, "
               "max_surge: 0.25}}\n",
               "{gpu: A10G, nodes: 8, price: 1/h}"));
  EXPECT_GT(ran.only().kills.exit_137, 0U);
  EXPECT_EQ(ran.only().ready_replicas.min, 4);  // the surge alone dies of it, until its kills have raised the limit
  EXPECT_GE(ran.only().vertical->host->limit.value, 4 * kGiB);
}

TEST(Vertical, SeesOnlyWhatWasThereWhenItLooked) {
  // Loading takes 10 s and is over long before the first look: its peak is never seen, the steady use is.
  const Ran ran = run(cold("60GiB", "vertical: {m: {host_memory: {}, scrape_interval: 1h}}\n", kLateNodes));
  EXPECT_EQ(ran.only().vertical->host->seen.value, 2 * kGiB);
  EXPECT_EQ(ran.only().vertical->host->samples, 4U * 3U);  // at 1, 2 and 3 hours
  const Ran often = run(cold("60GiB", "vertical: {m: {host_memory: {}, scrape_interval: 1s}}\n", kLateNodes));
  EXPECT_EQ(often.only().vertical->host->seen.value, 4 * kGiB);
}

TEST(Vertical, AFullNodeRaisesNoLimit) {
  const Ran ran = run(cold("6GiB", "vertical: {m: {host_memory: {}}}\n",
                           "{gpu: A10G, gpus: 4, nodes: {min: 0, max: 1, initial: 0}, host_memory: 13GiB, provision: "
                           "60s, price: 1/h}"));
  ASSERT_GT(ran.only().kills.exit_137, 0U);
  EXPECT_EQ(ran.only().vertical->host->ooms, 0U);
}

TEST(Vertical, ItsChangesStandInTheDecisionLog) {
  const Ran ran = run(cold("3GiB", "vertical: {m: {update: rolling_restart, host_memory: {}}}\n", kLateNodes));
  const auto logged = std::count_if(ran.decisions.begin(), ran.decisions.end(),
                                    [](const DecisionRecord& decision) { return decision.loop == "vertical"; });
  EXPECT_EQ(static_cast<std::uint64_t>(logged), ran.only().vertical->changes);
  EXPECT_EQ(ran.decisions.front().reason, "killed for its limit soon after its start");
  EXPECT_NE(ran.decisions.front().inputs.find("host memory 3 GiB, recommended 4."), std::string::npos)
      << ran.decisions.front().inputs;
}

std::string batches(std::string_view more, std::string_view limit = "4GiB", std::string_view on_oom = "exit") {
  return "horizon: 4h\n"
         "models:\n"
         "  m:\n"
         "    latency: {fixed: 100ms, per_item: 200ms}\n"
         "    memory: {context: 500MiB, weights: 2GiB, per_item: 1GiB, overhead: 1}\n"
         "    memory_limit: " +
         std::string(limit) + "\n    on_vram_oom: " + std::string(on_oom) +
         "\n"
         "    cold_start: {load: 5s}\n"
         "    max_deliveries: 2\n"
         "workload: [{model: m, size: {values: [1, 3], weights: [0.95, 0.05]}, arrivals: {process: poisson, rate: "
         "1/s}}]\n"
         "cluster: {node_pools: {p: {gpu: A10G, sharing: {mode: hard_limit, replicas: 8}, fit: memory, nodes: 2, "
         "price: "
         "1/h}}}\n"
         "scaling: {m: {policy: fixed, replicas: 4}}\n" +
         std::string(more);
}

TEST(Vertical, GpuLimitsAreRaisedByKillsOfTheirOwn) {
  const Ran without = run(batches(""));
  const Ran ran = run(batches("vertical: {m: {update: rolling_restart, gpu_memory: {rule: peak}}}\n"));
  EXPECT_GT(without.only().kills.total, 200U);
  EXPECT_LT(ran.only().kills.total, 30U);
  EXPECT_GT(ran.only().vertical->gpu->limit.value, 5 * kGiB + kGiB / 2);
  EXPECT_EQ(ran.only().vertical->gpu->ooms, ran.only().kills.total);
}

TEST(Vertical, BatchesThatFailCountAsMuchAsKills) {
  const Ran ran =
      run(batches("vertical: {m: {update: rolling_restart, gpu_memory: {rule: peak}}}\n", "4GiB", "fail_query"));
  EXPECT_EQ(ran.only().kills.total, 0U);
  EXPECT_GT(ran.only().oom_events, 0U);
  EXPECT_LT(ran.only().oom_events, 30U);
  EXPECT_EQ(ran.only().vertical->gpu->ooms, ran.only().oom_events);
}

TEST(Vertical, ArrivalsDoNotMove) {
  const Ran without = run(batches(""));
  const Ran with = run(batches("vertical: {m: {update: rolling_restart, gpu_memory: {}}}\n"));
  EXPECT_EQ(without.only().queries.arrived, with.only().queries.arrived);
}

TEST(FitMemory, AGpuTakesReplicasUntilTheirLimitsFillIt) {
  // 23028 MiB less 500: five of 4 GiB, two of 8 GiB.
  const auto ready = [](std::string_view limit, std::string_view fit) {
    std::string yaml = batches("", limit);
    yaml.replace(yaml.find("fit: memory"), 11, fit);
    yaml.replace(yaml.find("nodes: 2"), 8, "nodes: 1");
    yaml.replace(yaml.find("replicas: 4}"), 12, "replicas: 8}");
    return run(yaml).only().ready_replicas.max;
  };
  EXPECT_EQ(ready("4GiB", "fit: memory"), 5);
  EXPECT_EQ(ready("8GiB", "fit: memory"), 2);
  EXPECT_EQ(ready("8GiB", "fit: slots"), 8);
}

TEST(FitMemory, NodesAreOrderedForPodsWhoseLimitFitsNowhere) {
  for (const std::string_view scaler : {"on_demand", "cluster_autoscaler", "karpenter"}) {
    std::string yaml = batches("", "8GiB");
    yaml.replace(yaml.find("nodes: 2"), 8, "nodes: {min: 0, max: 9}, provision: 10s");
    yaml.replace(yaml.find("cluster: {"), 10, "cluster: {autoscaler: " + std::string(scaler) + ", ");
    const Ran ran = run(yaml);
    EXPECT_EQ(ran.only().ready_replicas.max, 4) << scaler;
    EXPECT_EQ(ran.result.cluster.nodes_ordered, 2U) << scaler;  // two a GPU
  }
}

}  // namespace vertical_test
}  // namespace windtunnel::testing
