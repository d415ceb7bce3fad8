// What a scenario may say in `vertical`, and what a mistake is told.
#include <gtest/gtest.h>

#include "harness.hpp"

namespace windtunnel {
namespace vertical_input_test {

using testing::expect_resolves_to_itself;
using testing::expect_says;
using testing::messages;
using testing::parse;
using testing::with;

const std::string kWatched = R"(schema: 1
horizon: 1h
models:
  m: {service_time: 1s, memory: {weights: 2GB}, memory_limit: 4GiB, copies: 2}
workload: [{model: m, arrivals: {rate: 0.2/s}}]
cluster: {node_pools: {p: {gpu: T4, sharing: {mode: hard_limit, replicas: 2}, nodes: 2}}}
vertical:
  m: {update: rolling_restart, host_memory: {percentile: 0.95}, gpu_memory: {rule: peak, oom_bump: 1GiB}}
  m-1: {host_memory: {}}
)";

std::string wrong(std::string_view from, std::string_view to) {
  return messages(with(kWatched, from, to));
}

TEST(VerticalBlock, IsReadForEveryCopyAndACopysOwnEntryWins) {
  const auto scenario = parse(kWatched);
  ASSERT_TRUE(scenario) << messages(kWatched);
  ASSERT_EQ(scenario->vertical.size(), 2U);
  const VerticalSpec& first = scenario->vertical[0];
  EXPECT_EQ(first.model, "m-0");
  EXPECT_EQ(first.update, VerticalUpdate::rolling_restart);
  EXPECT_DOUBLE_EQ(first.host_memory->percentile, 0.95);
  EXPECT_EQ(first.host_memory->oom_bump.value, 100 * kMiB);
  EXPECT_EQ(first.gpu_memory->rule, MemoryRule::peak);
  EXPECT_EQ(first.gpu_memory->oom_bump.value, kGiB);
  EXPECT_EQ(scenario->vertical[1].model, "m-1");
  EXPECT_EQ(scenario->vertical[1].update, VerticalUpdate::off);
  EXPECT_FALSE(scenario->vertical[1].gpu_memory);
}

TEST(VerticalBlock, LeavesNoTraceWhereTheFileHasNone) {
  const auto scenario = parse(testing::kSmall);
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->resolved.find("vertical"), std::string::npos);
}

TEST(VerticalBlock, ResolvesToItself) {
  expect_resolves_to_itself(kWatched);
}

TEST(VerticalBlock, MistakesAreToldWithPlaceAndWayOut) {
  expect_says(wrong("  m-1:", "  n:"), "vertical.n: unknown model \"n\"");
  expect_says(wrong("update: rolling_restart", "update: rolling"), "did you mean \"rolling_restart\"");
  expect_says(wrong("m-1: {host_memory: {}}", "m-1: {}"), "vertical.m-1: watches nothing");
  expect_says(wrong("percentile: 0.95", "percentile: 95"), "vertical.m.host_memory.percentile");
  expect_says(wrong("rule: peak,", "rule: peak, half_life: 2h,"),
              "gpu_memory.half_life: means nothing with rule: peak");
  expect_says(wrong("percentile: 0.95", "intervals: 3"), "host_memory.intervals: means nothing with rule: vpa");
  expect_says(wrong("percentile: 0.95", "min: 2GiB, max: 1GiB"), "host_memory.max: is below min");
  expect_says(wrong("mode: hard_limit", "mode: time_slicing"), "sets a limit that nothing enforces");
  expect_says(wrong("update: rolling_restart,", "update: rolling_restart, max_surge: 0, max_unavailable: 0,"),
              "no pod could ever be replaced");
  expect_says(wrong("vertical:\n  m: {", "vertical: [1]\nx:\n  m: {"), "vertical: is");
}

TEST(VerticalBlock, GpusFilledByLimitsNeedLimits) {
  const std::string bare =
      with(with(kWatched, "mode: hard_limit, replicas: 2}", "mode: time_slicing, replicas: 2}, fit: memory"),
           " memory_limit: 4GiB,", "");
  expect_says(messages(bare), "models.m: has no memory_limit, by which pool p is filled (fit: memory)");
}

}  // namespace vertical_input_test
}  // namespace windtunnel
