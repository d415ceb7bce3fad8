// What a process does under pressure: its allocator gives back before it fails, it grows with age, it pages.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Two models on one T4: 14609 MiB beside the driver's part, 4609 beside both weights.
std::string pair_of(const std::string& a, const std::string& b) {
  const auto model = [](const std::string& memory) {
    return "{latency: {per_item: 1s}, max_deliveries: 1, memory: {context: 0, weights: 5000MiB, per_item: 1GiB, " +
           memory + "}\n";
  };
  return "horizon: 100s\nmodels:\n  a: " + model(a) + "  b: " + model(b) +
         "workload: [{trace: {file: trace.csv, rebase: false, map: {a: a, b: b}}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: time_slicing, replicas: 2}}}}\n";
}

TEST(GiveBack, FitsWhatFragmentationAloneMadeTooLargeAtThePriceOfAStall) {
  // a leaves 769 MiB; b's 0.65 items usually reserve 832, but 750 are all it cannot do without.
  const Ran ran = run(pair_of("overhead: 1.25}", "overhead: 1.25}"), "timestamp,model,size\n1,a,3\n20,b,0.65\n");
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_EQ(ran.model("b").alloc_retries, 1U);
  EXPECT_NEAR(ran.ended_s(1), 20.68, 1e-6);
  EXPECT_EQ(ran.model("a").alloc_retries, 0U);
}

TEST(GiveBack, DoesNotHelpAPlainAllocatorWhichHasNoCache) {
  const Ran ran =
      run(pair_of("overhead: 1.25}", "overhead: 1.25, allocator: plain}"), "timestamp,model,size\n1,a,3\n20,b,0.7\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].model, 1U);
  EXPECT_EQ(ran.model("b").alloc_retries, 0U);
}

TEST(GiveBack, LeavesTheCacheWithTheDriverEvenWhereItDoesNotSuffice) {
  // 1.5 GiB each are cached at first. a's four items are refused whatever it gives back, and b then finds room for
  // four.
  const std::string survives = "overhead: 1}, on_vram_oom: fail_query";
  const Ran ran = run(pair_of(survives, survives), "timestamp,model,size\n1,a,1.5\n10,b,1.5\n20,a,4\n30,b,4\n");
  EXPECT_EQ(ran.model("a").oom_events, 1U);
  EXPECT_EQ(ran.model("a").alloc_retries, 1U);
  EXPECT_EQ(ran.model("b").oom_events, 0U);
  EXPECT_EQ(ran.model("b").queries.completed, 2U);
}

// One model alone, 609 MiB beside its weights; an item takes a second.
std::string alone(const std::string& memory, const std::string& more = "") {
  return "horizon: 4h\n"
         "models: {m: {latency: {per_item: 1s}, memory: {context: 0, overhead: 1, " +
         memory + "}" + more +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n";
}

TEST(Leak, EndsTheProcessThatItFillsAndTheNextOneBeginsAnew) {
  // Six queries keep 600 MiB; the seventh would be 91 too many, and is served by the process that comes after.
  const Ran ran = run(alone("weights: 14000MiB, leak: {per_query: 100MiB}"),
                      "timestamp,size\n0,1\n2,1\n4,1\n6,1\n8,1\n10,1\n12,1\n14,1\n");
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{12});
  EXPECT_EQ(ran.kills[0].own_used.value, 14600 * kMiB);
  EXPECT_EQ(ran.only().queries.completed, 8U);
  EXPECT_EQ(ran.only().queries.redelivered, 1U);
}

TEST(Leak, GrowsWithTheHoursOfAProcessThatWasReady) {
  const std::string yaml = alone("weights: 14000MiB, leak: {per_hour: 200MiB}");
  EXPECT_TRUE(run(yaml, "timestamp,size\n10800,1\n").kills.empty());  // 600 MiB after three hours
  EXPECT_EQ(run(yaml, "timestamp,size\n11000,1\n").kill_times_s(), std::vector<double>{11000});  // 612 MiB
}

TEST(Oversubscription, PagesWhatTheDeviceHasNoRoomForInsteadOfFailing) {
  // Of 1024 MiB 608 are resident (pages of 2 MiB); 416 come over the bus in a second.
  const Ran ran = run(alone("weights: 14000MiB, per_item: 1GiB, oversubscribe: {pcie_bandwidth: 416MiB/s}"),
                      "timestamp,size\n1,1\n");
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_NEAR(ran.ended_s(0), 3, 1e-6);
}

TEST(Oversubscription, ServesAModelWhoseWeightsFitNoCard) {
  const Ran ran =
      run(alone("weights: 16000MiB, oversubscribe: {pcie_bandwidth: 1392MiB/s}"), "timestamp,size\n1,1\n5,1\n");
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_NEAR(ran.ended_s(0), 3, 1e-6);
  EXPECT_NEAR(ran.ended_s(1), 7, 1e-6);
}

TEST(Oversubscription, CostsNothingWhereAllFits) {
  const Ran ran = run(alone("weights: 1GiB, per_item: 1GiB, oversubscribe: {}"), "timestamp,size\n1,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 2);
}

}  // namespace
}  // namespace windtunnel::testing
