// Where the time from demand to served capacity goes.
#include <numeric>

#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// One replica holds one query of 1000 s. The second arrives at 7 s and waits; scrapes every 15 s, decisions at 15, 30,
// ... The policy wants a replica for each query in the system.
std::string surge(const std::string& more_model, const std::string& scaling) {
  return "horizon: 1h\n"
         "models: {m: {latency: {fixed: 1000s}, " +
         more_model +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 8}}}\n"
         "scaling: {m: {policy: queue_depth, target_per_replica: 1, tolerance: 0, min: 1, max: 8, " +
         scaling + "}}\n";
}
constexpr std::string_view kSecondAtSeven = "timestamp,size\n1,1\n7,1\n";

double part_s(const ScaleUpRecord& record, ScaleUpPart part) {
  return to_seconds(record.parts[part]);
}

TEST(ScaleUpAnatomy, PartsTheTimeFromDemandToServedCapacity) {
  const Ran ran = run(surge("cold_start: {load: 22s, container: 3s}", ""), kSecondAtSeven);
  ASSERT_EQ(ran.scale_ups.size(), 1U);
  const ScaleUpRecord& up = ran.scale_ups.front();
  EXPECT_EQ(up.from, 1);
  EXPECT_EQ(up.to, 2);
  EXPECT_DOUBLE_EQ(to_seconds(up.demanded), 7) << "when the query came for which there was no slot";
  EXPECT_DOUBLE_EQ(part_s(up, kScaleUpScrape), 8) << "the scrape of 15 s shows it";
  EXPECT_DOUBLE_EQ(part_s(up, kScaleUpWindow), 0);
  EXPECT_DOUBLE_EQ(part_s(up, kScaleUpLoop), 0) << "decided at that instant";
  EXPECT_DOUBLE_EQ(part_s(up, kScaleUpLimit), 0);
  EXPECT_GE(part_s(up, kScaleUpLoad), 25);
  const Duration sum = std::accumulate(up.parts.begin(), up.parts.end(), Duration{});
  EXPECT_EQ(sum, up.served - up.demanded) << "nothing is left over";
  EXPECT_EQ(ran.only().scale_up.events, 1U);
  EXPECT_EQ(ran.only().scale_up.parts, up.parts);
}

TEST(ScaleUpAnatomy, TheLoopIsTheAgeOfTheSampleAtTheDecision) {
  const Ran ran = run(surge("cold_start: {load: 22s}", "interval: 20s, scrape_interval: 15s"), kSecondAtSeven);
  ASSERT_EQ(ran.scale_ups.size(), 1U);
  EXPECT_DOUBLE_EQ(part_s(ran.scale_ups.front(), kScaleUpScrape), 8);
  EXPECT_DOUBLE_EQ(part_s(ran.scale_ups.front(), kScaleUpLoop), 5);
  EXPECT_DOUBLE_EQ(to_seconds(ran.scale_ups.front().decided), 20);
}

TEST(ScaleUpAnatomy, ReplicasThatNeverServeAreNoScaleUp) {
  // The load of 22 s outlasts the horizon.
  const Ran ran = run("horizon: 30s\n" + surge("cold_start: {load: 22s}", "").substr(12), kSecondAtSeven);
  EXPECT_TRUE(ran.scale_ups.empty());
  EXPECT_EQ(ran.only().scale_up.events, 0U);
  EXPECT_EQ(ran.only().scale_ups, 1U);
}

TEST(ScaleUpAnatomy, AFixedFleetHasNone) {
  const Ran ran = run(R"(
horizon: 1m
models: {m: {latency: {fixed: 3s}}}
workload: [{model: m, arrivals: {process: deterministic, rate: 1/s}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 4}}}
)");
  EXPECT_FALSE(ran.only().scale_up.kept);
}

TEST(SyncPhase, ASeededPhaseIsOfTheSeedAndWithinAnInterval) {
  const auto first = [](std::uint64_t seed, const std::string& scaling) {
    return to_seconds(run(surge("", scaling), kSecondAtSeven, seed).decisions.at(0).at);
  };
  EXPECT_DOUBLE_EQ(first(1, ""), 15);
  const double at = first(1, "interval_phase: seeded");
  EXPECT_GT(at, 15);
  EXPECT_LT(at, 30);
  EXPECT_DOUBLE_EQ(first(1, "interval_phase: seeded"), at);
  EXPECT_NE(first(2, "interval_phase: seeded"), at);
}

TEST(SyncPhase, JitterMakesIntervalsLongerNeverShorter) {
  const Ran ran = run(surge("", "interval_jitter: 2s"), kSecondAtSeven);
  ASSERT_GT(ran.decisions.size(), 100U);
  double least = 1e9, most = 0;
  for (std::size_t i = 1; i < ran.decisions.size(); ++i) {
    const double gap = to_seconds(ran.decisions[i].at - ran.decisions[i - 1].at);
    least = std::min(least, gap);
    most = std::max(most, gap);
  }
  EXPECT_GE(least, 15);
  EXPECT_LE(most, 17);
  EXPECT_GT(most - least, 1) << "two hundred draws over 2 s";
}

}  // namespace
}  // namespace windtunnel::testing
