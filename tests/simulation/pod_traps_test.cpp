// Traps 26 to 31 of the autoscalers' reference: what people get wrong about pods and nodes, in whole runs.
#include "models/sharing/mps.hpp"
#include "sim/core/rng.hpp"
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

TEST(Trap26, TheFirstCrashRestartIsImmediateAndTheResetNeedsARunStrictlyLongerThanTenMinutes) {
  // A process crashes after so long of running; it starts again in no time.
  const auto crashes = [](const std::string& up) {
    return run("horizon: 4000s\n"
               "models: {m: {latency: {per_item: 1s}, faults: {crash: {up: " +
               up +
               ", clock: always}}}}\n"
               "workload: [{model: m, arrivals: {process: poisson, rate: 0.001/s}}]\n"
               "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n")
        .kill_times_s();
  };
  const auto often = crashes("100s");
  ASSERT_GE(often.size(), 5U);
  EXPECT_EQ(std::vector<double>(often.begin(), often.begin() + 5), (std::vector<double>{100, 200, 310, 430, 570}));
  // Ten minutes to the nanosecond do not reset it; one more does.
  EXPECT_EQ(crashes("600s")[3], 600 * 4 + 10 + 20);
  EXPECT_NEAR(crashes("600.000000001s")[3], 2400.000000004, 1e-10);
}

TEST(Trap27, TheVictimGoesByPowersOfTwoOfItsAgeThenByUidNeverTheIdlest) {
  // Both are ready since time 0: the uid decides, and it knows nothing of which one works. Over seeds the busy one is
  // hit about half the time.
  int busy_hit = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Ran ran = run(R"(
horizon: 100s
models: {m: {latency: {per_item: 1s}, dispatch: round_robin, termination: {on_sigterm: exit}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}
scaling: {m: {policy: queue_depth, target_per_replica: 100, scrape_interval: 0s, min: 1, initial: 2, max: 2}}
)",
                        "timestamp,size\n1,60\n", seed);
    busy_hit += ran.kills.empty() ? 0 : 1;
  }
  EXPECT_GE(busy_hit, 20 - 16);  // five standard deviations of 40 fair coins
  EXPECT_LE(busy_hit, 20 + 16);
}

TEST(Trap27, ADeletionCostKeptAtTheLoadSparesTheBusy) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Ran ran = run(R"(
horizon: 100s
models: {m: {latency: {per_item: 1s}, dispatch: round_robin, termination: {on_sigterm: exit}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}
scaling: {m: {policy: queue_depth, target_per_replica: 100, scrape_interval: 0s, min: 1, initial: 2, max: 2, scale_down_first: deletion_cost}}
)",
                        "timestamp,size\n1,60\n", seed);
    EXPECT_TRUE(ran.kills.empty());
  }
}

TEST(Trap28, TerminatingPodsVanishFromControllersAtOnceButHoldTheGpuUntilTheyExit) {
  // Scaled in at 15 s while both work until 101 s; at 30 s a second replica is wanted again, and its pod waits for the
  // GPU that the ending one holds.
  const Ran ran = run(R"(
horizon: 300s
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}
scaling: {m: {policy: queue_depth, target_per_replica: 2, tolerance: 0, scrape_interval: 0s, min: 1, initial: 2, max: 2}}
)",
                      "timestamp,size\n1,100\n1,100\n20,1\n20,1\n20,1\n");
  ASSERT_GE(ran.decisions.size(), 3U);
  EXPECT_EQ(ran.decisions[0].desired, 1);
  EXPECT_EQ(ran.decisions[1].current, 1);  // gone for the controller
  EXPECT_EQ(ran.decisions[1].ready, 1);
  EXPECT_EQ(ran.decisions[1].desired, 2);
  EXPECT_EQ(ran.decisions[2].ready, 1);  // and its successor cannot start
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 101 + 1);
  EXPECT_NEAR(ran.result.cluster.node_hours, 2 * 300.0 / 3600, 1e-9);
}

TEST(Trap29, CudaOomIsExitOneAndItsVictimIsWhoeverAsksNext) {
  // Two on a card of 16 GiB: `large` holds most of it, `small` asks next and dies of it, with code 1 and reason Error.
  const Ran ran = run(R"(
horizon: 100s
models:
  large: {latency: {per_item: 1s}, memory: {context: 0, weights: 14GiB, per_item: 0}}
  small: {latency: {per_item: 1s}, memory: {context: 0, weights: 100MiB, per_item: 4GiB}}
workload: [{model: small, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, sharing: {mode: time_slicing, replicas: 2}, nodes: 1}}}
)",
                      "timestamp,size\n1,1\n");
  ASSERT_FALSE(ran.kills.empty());
  EXPECT_EQ(ran.kills[0].model, 1U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::device_full);
  EXPECT_EQ(ran.kills[0].exit_code, 1);
  EXPECT_EQ(ran.kills[0].reason, "Error");
  EXPECT_EQ(ran.model("small").kills.exit_137, 0U);
  EXPECT_EQ(ran.model("large").kills.total, 0U);
}

TEST(Trap29, HostMemoryAboveTheContainersLimitIsTheOneThatIsOomKilled) {
  const Ran ran = run(R"(
horizon: 100s
models: {m: {latency: {per_item: 1s}, cold_start: {load: 5s}, host_memory: {steady: 1GiB, loading: 9GiB, limit: 8GiB}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
scaling: {m: {policy: queue_depth, target_per_replica: 1, scrape_interval: 0s, min: 0, initial: 0, max: 1}}
)",
                      "timestamp,size\n1,1\n");
  ASSERT_FALSE(ran.kills.empty());
  EXPECT_EQ(ran.kills[0].exit_code, 137);
  EXPECT_EQ(ran.kills[0].reason, "OOMKilled");
}

TEST(Trap30, NodeScaleDownLooksAtGpuRequestsOnlyInclusiveAndStrictlyAfterItsTime) {
  // Two nodes with four slots each, no CPU or memory asked for, nothing ever runs. Two slots of four requested are at
  // the threshold: one node goes, at the first scan after 100 s were over. Three of four are above it.
  const auto given_back = [](int replicas) {
    return run(
        "horizon: 1000s\n"
        "models: {m: {latency: {per_item: 1s}}}\n"
        "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
        "cluster: {autoscaler: {kind: cluster_autoscaler, scale_down_unneeded_time: 100s}, node_pools: {p: {gpu: "
        "T4, sharing: {mode: time_slicing, replicas: 4}, nodes: {min: 0, max: 2, initial: 2}}}}\n"
        "scaling: {m: {policy: fixed, replicas: " +
            std::to_string(replicas) + "}}\n",
        "timestamp,size\n999,1\n");
  };
  const Ran at = given_back(4);
  EXPECT_EQ(at.result.cluster.nodes.value().given_back, 1U);
  EXPECT_NEAR(at.result.cluster.node_hours, (1000.0 + 110) / 3600, 1e-9);
  EXPECT_EQ(given_back(6).result.cluster.nodes.value().given_back, 0U);
}

TEST(Trap31, ATicketOfATimeSlicedCardIsNoShareOfMemoryOrTime) {
  // One of two replicas works alone: it has the whole card, and may allocate nearly all of it.
  const auto alone = [](const std::string& sharing) {
    return run(R"(
horizon: 100s
models: {m: {latency: {per_item: 10s}, memory: {context: 0, weights: 1GiB, per_item: 9GiB}, on_vram_oom: fail_query}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, sharing: )" +
                   sharing + ", nodes: 1}}}\nscaling: {m: {policy: fixed, replicas: 2}}\n",
               "timestamp,size\n1,1\n");
  };
  EXPECT_DOUBLE_EQ(alone("{mode: time_slicing, replicas: 2}").ended_s(0), 11);
  // Under MPS the same ticket is a share of both: a memory limit, and half of the threads.
  EXPECT_EQ(alone("{mode: mps, replicas: 2}").only().queries.failed, 1U);
}

TEST(Trap31, UnderMpsATicketIsThreadsAndMemoryInWholePercentAndMebibytes) {
  const auto* row = find_entry(sharing_registry(), "mps");
  ParamSet params;
  params.set("contention", 1.0, false);
  params.set("clients", 48.0, false);
  params.set("limit_memory", true, false);
  params.set("static_partition", false, false);
  params.set("fault_exit", 0.2, false);
  const auto mode = row->make({.mode = "mps", .replicas = 3, .params = params});
  EXPECT_EQ(mode->default_limit(Bytes{16384 * kMiB}, 3), Bytes{5461 * kMiB});
  EXPECT_DOUBLE_EQ(mode->largest_share(1), 0.33);
}

}  // namespace
}  // namespace windtunnel::testing
