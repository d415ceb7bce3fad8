// Whose limit an allocation meets, by sharing mode, and the host's memory beside the device's.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Two models on one T4 (14609 MiB beside the driver's part). `a` and `b` hold 5000 MiB each; an item takes 1 GiB.
std::string shared(const std::string& sharing) {
  return "horizon: 100s\n"
         "models:\n"
         "  a: {latency: {per_item: 1s}, max_deliveries: 1, memory: {context: 0, context_mps: 0, weights: 5000MiB, "
         "per_item: 1GiB, overhead: 1}}\n"
         "  b: {latency: {per_item: 1s}, max_deliveries: 1, memory: {context: 0, context_mps: 0, weights: 5000MiB, "
         "per_item: 1GiB, overhead: 1}}\n"
         "workload: [{trace: {file: trace.csv, rebase: false, map: {a: a, b: b}}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: " +
         sharing + "}}}\n";
}

TEST(TimeSlicing, TheOneWhoAsksLastFails) {
  // a's four items leave 513 MiB, and its allocator keeps them; b's one item is refused though b is the smaller.
  const Ran ran = run(shared("{mode: time_slicing, replicas: 2}"), "timestamp,model,size\n1,a,4\n20,b,1\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].model, 1U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::device_full);
  EXPECT_EQ(ran.kills[0].own_used.value, 5000 * kMiB);
  EXPECT_EQ(ran.kills[0].sharers, 2U);
  EXPECT_EQ(ran.model("a").queries.completed, 1U);
  EXPECT_EQ(ran.model("b").queries.failed, 1U);
}

TEST(HardLimit, TheOneAboveItsOwnLimitFailsAndItsNeighbourIsSafe) {
  // Half of 14609 MiB is 7304: a may have two items beside its weights.
  const Ran ran = run(shared("{mode: hard_limit, replicas: 2}"), "timestamp,model,size\n1,a,4\n20,b,1\n40,a,2\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].model, 0U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::own_vram_limit);
  EXPECT_EQ(ran.model("b").queries.completed, 1U);
  EXPECT_EQ(ran.model("a").queries.completed, 1U);
}

// One replica of two places: 5000 MiB of weights, 1000 MiB of context, the limit 7304 MiB.
std::string with_context(const std::string& mode) {
  return "horizon: 100s\n"
         "models: {m: {latency: {per_item: 1s}, max_deliveries: 1, memory: {context: 1000MiB, context_mps: 1000MiB, "
         "weights: 5000MiB, per_item: 1GiB, overhead: 1}}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: " +
         mode + ", replicas: 2}}}}\n";
}

TEST(Mps, OwnLimitLeavesTheContextOut) {
  const Ran fits = run(with_context("mps"), "timestamp,size\n1,2\n");
  EXPECT_EQ(fits.only().queries.completed, 1U);
  EXPECT_TRUE(fits.kills.empty());
  const Ran above = run(with_context("mps"), "timestamp,size\n1,3\n");
  ASSERT_EQ(above.kills.size(), 1U);
  EXPECT_EQ(above.kills[0].cause, KillCause::own_vram_limit);
}

TEST(HardLimit, OwnLimitCountsTheContext) {
  const Ran fits = run(with_context("hard_limit"), "timestamp,size\n1,1\n");
  EXPECT_EQ(fits.only().queries.completed, 1U);
  const Ran above = run(with_context("hard_limit"), "timestamp,size\n1,2\n");
  ASSERT_EQ(above.kills.size(), 1U);
  EXPECT_EQ(above.kills[0].cause, KillCause::own_vram_limit);
}

TEST(Allocator, CachingKeepsItsHighWaterMarkAndExactGivesBack) {
  const std::string caching = shared("{mode: time_slicing, replicas: 2}");
  std::string exact = caching;
  for (const std::string from = "overhead: 1}"; exact.find(from) != std::string::npos;)
    exact.replace(exact.find(from), from.size(), "overhead: 1.0, allocator: exact}");
  constexpr std::string_view kTurns = "timestamp,model,size\n1,a,4\n20,b,4\n";
  EXPECT_EQ(run(caching, kTurns).kills.size(), 1U);
  EXPECT_EQ(run(exact, kTurns).kills.size(), 0U);
}

// Starts cold at 15 s, when the policy first looks.
std::string cold(const std::string& model, const std::string& pool, int replicas) {
  return "horizon: 100s\n"
         "models: {m: {latency: {per_item: 1s}, cold_start: {import: 1s, load: 5s}, " +
         model +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1" +
         pool +
         "}}}\n"
         "scaling: {m: {policy: queue_depth, target_per_replica: 1, min: 0, initial: 0, scrape_interval: 0s, max: " +
         std::to_string(replicas) + "}}\n";
}

TEST(HostMemory, LoadingAboveItsLimitIsKilledWith137) {
  const Ran ran = run(cold("host_memory: {steady: 1GiB, loading: 9GiB, limit: 8GiB}", "", 1), "timestamp,size\n0,1\n");
  ASSERT_GE(ran.kills.size(), 1U);
  const KillRecord& kill = ran.kills[0];
  EXPECT_EQ(kill.at, SimTime{std::chrono::seconds(16)});  // after the import
  EXPECT_EQ(kill.cause, KillCause::host_ram_limit);
  EXPECT_EQ(kill.mechanism, KillMechanism::sigkill);
  EXPECT_EQ(kill.exit_code, 137);
  EXPECT_EQ(kill.asked.value, 9 * kGiB);
  EXPECT_EQ(kill.host_limit.value, 8 * kGiB);
  EXPECT_EQ(ran.only().queries.queued, 1U);
}

TEST(HostMemory, TwoThatLoadAtOnceDoNotFitANodeThatHoldsOne) {
  const Ran ran = run(cold("host_memory: {steady: 1GiB, loading: 9GiB}", ", gpus: 2, host_memory: 12GiB", 2),
                      "timestamp,size\n0,20\n0,20\n");
  // The second of them dies as it begins to load at 16 s and again after its restart at once; 10 s later the first has
  // loaded, and it loads from 28 s on.
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{16, 17}));
  for (const auto& kill : ran.kills) EXPECT_EQ(kill.cause, KillCause::host_ram_limit);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 21 + 20);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 33 + 20);
}

// Three of one node die at once of the same query and restart at once: three peaks where the node holds two.
TEST(HostMemory, RestartsAtOnceRepeatTheLoadingPeak) {
  const Ran ran = run(
      "horizon: 100s\n"
      "models: {m: {latency: {per_item: 1s}, max_deliveries: 1, cold_start: {load: 5s}, memory: {context: 0, weights: "
      "14GiB, per_item: 10GiB}, host_memory: {steady: 1GiB, loading: 9GiB}}}\n"
      "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, gpus: 3, nodes: 1, host_memory: 20GiB}}}\n"
      "scaling: {m: {policy: fixed, replicas: 3}}\n",
      "timestamp,size\n5,1\n5,1\n5,1\n");
  // The third loads again in vain at once, and 10 s later when the others are done.
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{5, 5, 5, 5}));
  EXPECT_EQ(ran.only().kills.by_cause.at("device_full"), 3U);
  EXPECT_EQ(ran.only().kills.by_cause.at("host_ram_limit"), 1U);
  EXPECT_EQ(ran.only().kills.exit_137, 1U);
  EXPECT_EQ(ran.only().failed_starts, 1U);
}

// The kernel kills whoever is furthest above its request, not whoever is largest.
TEST(HostMemory, ANodeWithoutRoomCostsTheLoaderItsLifeAndNotALargerNeighbour) {
  const Ran ran =
      run("horizon: 50s\n"
          "models:\n"
          "  large: {latency: {per_item: 1s}, host_memory: {steady: 12GiB}}\n"
          "  loader: {latency: {per_item: 1s}, cold_start: {load: 5s}, host_memory: {steady: 1GiB, loading: 9GiB}}\n"
          "workload: [{trace: {file: trace.csv, rebase: false, map: {a: large, b: loader}}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, gpus: 2, nodes: 1, host_memory: 20GiB}}}\n"
          "scaling:\n"
          "  loader: {policy: queue_depth, target_per_replica: 1, min: 0, initial: 0, max: 1, scrape_interval: 0s}\n",
          "timestamp,model,size\n0,a,40\n0,b,1\n");
  ASSERT_GE(ran.kills.size(), 1U);
  for (const auto& kill : ran.kills) {
    EXPECT_EQ(kill.model, 1U);
    EXPECT_EQ(kill.cause, KillCause::host_ram_limit);
    EXPECT_EQ(kill.exit_code, 137);
  }
  EXPECT_EQ(ran.model("large").queries.completed, 1U);
}

TEST(HostMemory, ANodeWithoutRoomCostsALoaderItsLifeWhenASteadyNeighbourAsks) {
  // `slow` is 8 GiB above its request while it loads; `quick` asks for no more than it requested, and is spared.
  const Ran ran =
      run("horizon: 60s\n"
          "models:\n"
          "  slow: {latency: {per_item: 1s}, cold_start: {load: 20s}, host_memory: {steady: 1GiB, loading: 9GiB}}\n"
          "  quick: {latency: {per_item: 1s}, cold_start: {import: 1s, load: 1s}, host_memory: {steady: 12GiB}}\n"
          "workload: [{trace: {file: trace.csv, rebase: false, map: {a: slow, b: quick}}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, gpus: 2, nodes: 1, host_memory: 20GiB}}}\n"
          "scaling:\n"
          "  slow: {policy: queue_depth, target_per_replica: 1, min: 0, initial: 0, max: 1, scrape_interval: 0s}\n"
          "  quick: {policy: queue_depth, target_per_replica: 1, min: 0, initial: 0, max: 1, scrape_interval: 0s}\n",
          "timestamp,model,size\n0,a,1\n0,b,1\n");
  ASSERT_GE(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].model, 0U);
  EXPECT_EQ(ran.kills[0].at, SimTime{std::chrono::seconds(16)});
  EXPECT_EQ(ran.model("quick").queries.completed, 1U);
  EXPECT_EQ(ran.model("quick").kills.total, 0U);
}

}  // namespace
}  // namespace windtunnel::testing
