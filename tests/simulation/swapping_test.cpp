// Variants of a model: hits and misses, what a swap takes, its bytes in the ledger.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// A batch takes 1 s. Variants of 12 GB (big: 6 GB more) come over PCIe at 12 GB/s, a second each. Rows name them.
std::string swapping(const std::string& variants, const std::string& more = "",
                     const std::string& pool = "gpu: A100-40GB") {
  return "horizon: 1000s\n"
         "models: {m: {latency: {fixed: 1s}, memory: {context: 0}, variants: {" +
         variants + "}" + more +
         "}}\n"
         "workload: [{trace: {file: trace.csv, rebase: false, label_column: v, "
         "map: {a: m/a, b: m/b, c: m/c}}}]\n"
         "cluster: {node_pools: {p: {nodes: 1, " +
         pool + "}}}\n";
}
const std::string kThreeVariants = "names: {a: 1, b: 1, c: 1}, bytes: 12GB";

void expect_ends(const Ran& ran, const std::vector<double>& ends) {
  for (std::size_t i = 0; i < ends.size(); ++i) EXPECT_NEAR(ran.ended_s(i), ends[i], 1e-9) << "query " << i;
}

TEST(Swapping, AMissTakesItsLoadTimeAndAHitNone) {
  const std::string rows = "timestamp,v\n0,a\n10,a\n20,b\n30,a\n";
  const Ran one = run(swapping(kThreeVariants + ", resident: 1"), rows);
  expect_ends(one, {2, 11, 22, 32});
  EXPECT_EQ(one.only().swaps->hits, 1U);
  EXPECT_EQ(one.only().swaps->misses, 3U);
  EXPECT_EQ(one.only().swaps->evictions, 2U);
  EXPECT_EQ(one.only().swaps->bytes.value, 36'000'000'000);
  EXPECT_NEAR(one.only().swaps->time_s, 3, 1e-9);
  const Ran two = run(swapping(kThreeVariants + ", resident: 2"), rows);
  expect_ends(two, {2, 11, 22, 31});
  EXPECT_EQ(two.only().swaps->evictions, 0U);
}

// Two models, each with a replica on the same card, or on a card of its own; a swap alone takes a second.
std::string two_swapping(const std::string& sharing, int nodes, const std::string& more = "",
                         const std::string& cluster = "") {
  const auto model = [&](const std::string& name) {
    return name +
           ": {latency: {fixed: 1s, gpu_active: 0.000001}, memory: {context: 0}, variants: {names: {a: 1, b: 1}, "
           "bytes: 12GB, resident: 2" +
           more + "}}";
  };
  return "horizon: 100s\nmodels: {" + model("m") + ", " + model("n") +
         "}\nworkload: [{trace: {file: trace.csv, rebase: false, label_column: v, map: {m: m/a, n: n/a, o: n/b}}}]\n"
         "cluster: {" +
         cluster + "node_pools: {p: {nodes: " + std::to_string(nodes) + ", gpu: A100-40GB, sharing: " + sharing +
         "}}}\n";
}

TEST(Swapping, ReplicasOfOneCardShareItsLink) {
  // m's load has half a second for itself, then half the link until its 12 GB are over at 1.5; n's end at 2.
  const std::string rows = "timestamp,v\n0,m\n0.5,n\n";
  const Ran shared = run(two_swapping("{mode: time_slicing, replicas: 2, switch_cost: 0s}", 1), rows);
  EXPECT_NEAR(shared.ended_s(0), 1.5 + 1, 1e-5);
  EXPECT_NEAR(shared.ended_s(1), 2 + 1, 1e-5);
  EXPECT_NEAR(shared.model("m").swaps->time_s, 1.5, 1e-9);
  const Ran apart = run(two_swapping("exclusive", 2), rows);
  EXPECT_NEAR(apart.ended_s(0), 1 + 1, 1e-5);
  EXPECT_NEAR(apart.ended_s(1), 1.5 + 1, 1e-5);
}

TEST(Swapping, ReplicasOfAllCardsShareTheStore) {
  // 12 GB/s each and together.
  const std::string rows = "timestamp,v\n0,m\n0.5,n\n";
  const std::string from = ", from: store, bandwidth: 12GB/s";
  const Ran shared = run(two_swapping("exclusive", 2, from, "weights_store: 12GB/s, "), rows);
  EXPECT_NEAR(shared.ended_s(0), 1.5 + 1, 1e-5);
  EXPECT_NEAR(shared.ended_s(1), 2 + 1, 1e-5);
  const Ran unlimited = run(two_swapping("exclusive", 2, from), rows);
  EXPECT_NEAR(unlimited.ended_s(0), 1 + 1, 1e-5);
  EXPECT_NEAR(unlimited.ended_s(1), 1.5 + 1, 1e-5);
}

TEST(Swapping, ADeadProcessLeavesTheLinkToTheOthers) {
  // n dies at 0.5 of a fault while it loads; m has the link for itself again.
  std::string yaml = two_swapping("{mode: time_slicing, replicas: 2, switch_cost: 0s}", 1);
  yaml.replace(yaml.find("n: {latency"), 11,
               "n: {max_deliveries: 1, faults: {crash: {up: 500ms, clock: while_serving}}, latency");
  const Ran ran = run(yaml, "timestamp,v\n0,m\n0,n\n");
  ASSERT_FALSE(ran.kills.empty());
  EXPECT_NEAR(to_seconds(ran.kills[0].at), 0.5, 1e-9);
  EXPECT_NEAR(ran.ended_s(0), 0.5 + 0.75 + 1, 1e-5);  // a quarter was there by then
}

TEST(Swapping, FetchesTheNextVariantWhileABatchRuns) {
  // b comes in while a's batch runs, so that its own begins at once; c then takes the place of a.
  const std::string rows = "timestamp,v\n0,a\n0,b\n0,c\n";
  const Ran ran = run(swapping(kThreeVariants + ", resident: 2, fetch_ahead: true"), rows);
  expect_ends(ran, {2, 3, 4});
  EXPECT_EQ(ran.only().swaps->fetched, 2U);
  EXPECT_EQ(ran.only().swaps->misses, 1U);
  EXPECT_EQ(ran.only().swaps->hits, 2U);
  expect_ends(run(swapping(kThreeVariants + ", resident: 2"), rows), {2, 4, 6});
}

TEST(Swapping, FetchesNothingAtTheCostOfWhatIsNeededSooner) {
  // While a's batch runs, b is there and next: c must not take its place.
  const std::string rows = "timestamp,v\n0,b\n10,a\n10,b\n10,c\n";
  const Ran ran = run(swapping(kThreeVariants + ", resident: 2, fetch_ahead: true"), rows);
  expect_ends(ran, {2, 12, 13, 14});  // c comes in while b's runs, in the place of a
  EXPECT_EQ(ran.only().swaps->evictions, 1U);
}

TEST(Swapping, FetchesNothingIntoAFullDevice) {
  const Ran ran =
      run(swapping(kThreeVariants + ", resident: 3, fetch_ahead: true", ", on_vram_oom: fail_query", "gpu: T4"),
          "timestamp,v\n0,a\n0,b\n");
  EXPECT_EQ(ran.only().swaps->fetched, 0U);
  EXPECT_EQ(ran.only().oom_events, 1U);  // b's own batch is refused
}

TEST(Swapping, TheLeastRecentlyUsedGoes) {
  // c takes the place of b, since a was used after it.
  const Ran ran = run(swapping(kThreeVariants + ", resident: 2"), "timestamp,v\n0,a\n10,b\n20,a\n30,c\n40,a\n50,b\n");
  expect_ends(ran, {2, 12, 21, 32, 41, 52});
}

TEST(Swapping, FromAStoreIsSlowerAndHasItsSetup) {
  expect_ends(run(swapping(kThreeVariants + ", resident: 1, from: store, setup: 500ms"), "timestamp,v\n0,a\n"), {13.5});
}

TEST(Swapping, ABoundOfBytesEvictsAsManyAsItMust) {
  // c, twice as large, takes the room of both.
  const std::string sizes = "names: {a: {bytes: 6GB}, b: {bytes: 6GB}, c: {bytes: 12GB}}, resident_memory: 15GB";
  const Ran ran = run(swapping(sizes), "timestamp,v\n0,a\n10,b\n20,c\n30,a\n40,b\n");
  expect_ends(ran, {1.5, 11.5, 22, 31.5, 41.5});
  EXPECT_EQ(ran.only().swaps->evictions, 3U);
}

TEST(Swapping, ABatchIsOfOneVariant) {
  const Ran ran =
      run(swapping(kThreeVariants + ", resident: 3", ", batch: {max: 8}"), "timestamp,v\n0,a\n0,a\n0,b\n0,a\n");
  expect_ends(ran, {2, 2, 4, 5});
  EXPECT_EQ(ran.only().batches.begun, 3U);
}

TEST(Swapping, BatchesOfOneVariantShareItsLoad) {
  // Both wait for it, then share the GPU for two seconds.
  const Ran ran = run(swapping(kThreeVariants + ", resident: 2", ", concurrency: 2"), "timestamp,v\n0,a\n0.5,a\n");
  expect_ends(ran, {3, 3});
  EXPECT_EQ(ran.only().swaps->misses, 1U);
  EXPECT_EQ(ran.only().swaps->hits, 1U);
}

TEST(Swapping, WhatABatchNeedsStaysForIt) {
  // When c comes, a was used before b, but its long batch still runs: b goes.
  std::string yaml = swapping(kThreeVariants + ", resident: 2", ", concurrency: 2");
  yaml.replace(yaml.find("{fixed: 1s}"), 11, "{per_item: 1s}");
  const Ran ran = run(yaml, "timestamp,v,size\n0,b,1\n10,a,10\n12,b,1\n16,c,1\n40,a,1\n50,b,1\n");
  EXPECT_EQ(ran.only().swaps->hits, 2U);  // b at 12, a at 40
  EXPECT_NEAR(ran.ended_s(4), 41, 1e-9);
  EXPECT_NEAR(ran.ended_s(5), 52, 1e-9);
}

TEST(Swapping, IsRefusedWhereTheDeviceIsFull) {
  // Two of 12 GB fit 16 GB of nobody's: the second is refused. What is there stays.
  const std::string rows = "timestamp,v\n0,a\n10,b\n20,a\n";
  const std::string t4 = "gpu: T4";
  const Ran survived = run(swapping(kThreeVariants + ", resident: 2", ", on_vram_oom: fail_query", t4), rows);
  EXPECT_EQ(survived.only().oom_events, 1U);
  EXPECT_EQ(survived.only().queries.failed, 1U);
  EXPECT_NEAR(survived.ended_s(2), 21, 1e-9);
  const Ran died = run(swapping(kThreeVariants + ", resident: 2", ", max_deliveries: 1", t4), rows);
  ASSERT_EQ(died.kills.size(), 1U);
  EXPECT_EQ(died.kills[0].cause, KillCause::device_full);
  EXPECT_EQ(died.kills[0].asked.value, 12'000'000'000);
  EXPECT_EQ(died.kills[0].own_used.value, 12'000'000'000);
  EXPECT_NEAR(died.ended_s(2), 22, 1e-9);  // the new process has nothing yet
}

TEST(Swapping, TheAllocatorHandsItsCacheBackForAVariant) {
  // The first batch's 4.5 GB of work memory are kept; b finds room once they are back, 30 ms later.
  std::string yaml = swapping("names: {a: 1, b: 1, c: 1}, bytes: 6GB, resident: 2", "", "gpu: T4");
  yaml.replace(yaml.find("{context: 0}"), 12, "{context: 0, per_item: 1.5GB, overhead: 1}");
  const Ran ran = run(yaml, "timestamp,v,size\n0,a,3\n10,b,1\n");
  expect_ends(ran, {1.5, 11.53});
  EXPECT_EQ(ran.only().alloc_retries, 1U);
  EXPECT_EQ(ran.kills.size(), 0U);
}

TEST(Swapping, CopiesOnTheHostAreInItsLedger) {
  // 36 GB of copies on a node of 32 GiB: the process dies of it before it serves. From a store it does not.
  const std::string node = "gpu: A100-40GB, host_memory: 32GiB";
  const Ran ran = run(swapping(kThreeVariants + ", resident: 1", "", node), "timestamp,v\n0,a\n");
  ASSERT_GE(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::host_ram_limit);
  EXPECT_EQ(ran.kills[0].asked.value, 36'000'000'000);
  EXPECT_EQ(run(swapping(kThreeVariants + ", resident: 1, from: store", "", node), "timestamp,v\n0,a\n").kills.size(),
            0U);
}

std::string drawn(const std::string& variants, const std::string& more_models = "",
                  const std::string& more_traffic = "") {
  return "horizon: 20000s\n"
         "models: {m: {latency: {fixed: 100ms}, variants: {" +
         variants + "}}" + more_models + "}\nworkload: [" + more_traffic +
         "{model: m, name: mine, arrivals: {rate: 1/s}}]\n"
         "cluster: {node_pools: {p: {nodes: 2, gpu: A100-40GB}}}\n";
}

TEST(Swapping, DrawsVariantsByPopularity) {
  // With one resident a query is a hit if it asks for what the one before asked for: 0.9^2 + 0.1^2.
  const Ran ran = run(drawn("names: {a: 9, b: 1}, bytes: 1GB, resident: 1"));
  const auto hits = static_cast<double>(ran.only().swaps->hits);
  const double n = hits + static_cast<double>(ran.only().swaps->misses);
  EXPECT_GT(n, 19000);
  // Indicators of neighbours are correlated: their variance sums to at most three times that of independent ones.
  EXPECT_NEAR(hits / n, 0.82, 4 * std::sqrt(3 * 0.82 * 0.18 / n));
}

TEST(Swapping, VariantsDoNotMoveWithOtherTraffic) {
  const std::string variants = "count: 5, zipf: 1, bytes: 1GB, resident: 2";
  const Ran alone = run(drawn(variants));
  const Ran beside =
      run(drawn(variants, ", other: {latency: {fixed: 10ms}}", "{model: other, arrivals: {rate: 0.5/s}}, "));
  const auto& own = beside.model("m");
  EXPECT_GT(alone.only().swaps->misses, 1000U);
  EXPECT_EQ(own.swaps->misses, alone.only().swaps->misses);
  EXPECT_EQ(own.response_time.mean_s(), alone.only().response_time.mean_s());
}

TEST(Swapping, AWorkloadMayNameItsVariant) {
  std::string yaml = drawn("names: {a: 1, b: 1}, bytes: 1GB, resident: 1");
  yaml.replace(yaml.find("name: mine"), 10, "name: mine, variant: b");
  EXPECT_EQ(run(yaml).only().swaps->misses, 1U);
}

TEST(HostTime, OfALawIsNotStretchedByASliceOfTheCard) {
  // On all SMs 1 s of span and 1 of work, half of it on the host. On a seventh 8 s: 1 on the host, 7 on the slice,
  // which is a seventh of the card.
  const std::string law = "latency: {law: work_span, a: 1s, f: 0s, w: 1s, p: 1, gpu_active: 0.5}";
  const Ran ran = run("horizon: 100s\nmodels: {m: {" + law +
                          "}}\nworkload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
                          "cluster: {node_pools: {p: {gpu: A100-40GB, nodes: 1, sharing: {mode: mig, layout: "
                          "[1g.5gb]}}}}\n",
                      "timestamp,size\n0,1\n");
  EXPECT_NEAR(ran.ended_s(0), 8, 1e-9);
  EXPECT_NEAR(ran.result.cluster.gpu_utilization, 7.0 / 7 / 100, 1e-12);
}

TEST(HostTime, OfALawIsNotStretchedByACapUnderMps) {
  const Ran ran =
      run("horizon: 100s\nmodels: {m: {latency: {law: work_span, a: 1s, f: 0s, w: 1s, p: 1, gpu_active: "
          "0.5}}}\nworkload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
          "cluster: {node_pools: {p: {gpu: A100-40GB, nodes: 1, sharing: {mode: mps, replicas: 2, "
          "active_threads: 0.5}}}}\n",
          "timestamp,size\n0,1\n");
  EXPECT_NEAR(ran.ended_s(0), 3, 1e-9);  // t(1, 1/2)
  EXPECT_NEAR(ran.result.cluster.gpu_utilization, 0.02, 1e-12);
}

}  // namespace
}  // namespace windtunnel::testing
