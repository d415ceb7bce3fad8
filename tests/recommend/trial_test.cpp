// A scenario before and with the limits that follow from it.
#include <gtest/gtest.h>

#include "sim/recommend/trial.hpp"
#include "sim/scenario/loader.hpp"

namespace windtunnel {
namespace trial_test {

Scenario scenario(std::string_view model, std::string_view sharing = "{mode: time_slicing, replicas: 8}") {
  const auto read = parse_scenario(
      "schema: 1\nhorizon: 4h\nmodels:\n  m:\n    latency: {fixed: 100ms, per_item: 200ms}\n    cold_start: {load: "
      "5s}\n" +
          std::string(model) +
          "workload: [{model: m, size: {values: [1, 3], weights: [0.95, 0.05]}, arrivals: {process: poisson, rate: "
          "1/s}}]\n"
          "cluster: {node_pools: {p: {gpu: A10G, sharing: " +
          std::string(sharing) +
          ", nodes: {min: 0, max: 4, initial: 0}, provision: 30s, price: 1/h}}}\n"
          "scaling: {m: {policy: fixed, replicas: 8}}\n",
      "test.yaml", ".");
  if (!read) throw std::runtime_error(read.problems().front().text());
  return *read;
}

constexpr std::string_view kGpuModel =
    "    memory: {context: 500MiB, weights: 1GiB, per_item: 1GiB, overhead: 1}\n    on_vram_oom: wedge\n";

TEST(Trial, DeviceFullKillsEndWhereGpusAreFilledByLimits) {
  const auto trial = try_limits(scenario(kGpuModel), {});  // eight marks of 4.5 GiB on one card of 22
  ASSERT_TRUE(trial);
  EXPECT_GT(trial->before.models[0].kills.exit_137, 0U);
  EXPECT_EQ(trial->after.models[0].kills.total, 0U);
  EXPECT_GT(trial->after.cluster.node_hours, 1.9 * trial->before.cluster.node_hours);  // four a card instead of eight
  ASSERT_EQ(trial->advice.size(), 1U);
  EXPECT_EQ(trial->advice[0].by_rule[2].sharers, 4);
  EXPECT_EQ(trial->advice[0].largest.value, 4 * kGiB + 512 * kMiB - 12 * kMiB);
}

TEST(Trial, LoadingPeaksThatWereNeverSeenAreFoundByTheirKills) {
  const auto trial =
      try_limits(scenario("    host_memory: {steady: 1GiB, loading: 9GiB, limit: 2GiB}\n"), {.margin = 0});
  ASSERT_TRUE(trial);
  EXPECT_GT(trial->before.models[0].kills.exit_137, 100U);
  EXPECT_EQ(trial->after.models[0].kills.exit_137, 0U);
  EXPECT_GE(trial->runs, 1);
  EXPECT_GE(trial->advice.at(0).by_rule[2].limit.value, 9 * kGiB);
  EXPECT_EQ(trial->advice.at(0).limit->value, 2 * kGiB);
  EXPECT_GT(trial->advice.at(0).ooms, 0U);
}

TEST(Trial, HardLimitsThatAreTooLowAreRaised) {
  const auto trial = try_limits(scenario(kGpuModel, "{mode: hard_limit, replicas: 8}"), {});
  ASSERT_TRUE(trial);
  EXPECT_GT(trial->before.models[0].kills.by_cause.at("own_vram_limit"), 0U);
  EXPECT_EQ(trial->after.models[0].kills.total, 0U);
}

TEST(Trial, TheSameQueriesArrive) {
  const auto trial = try_limits(scenario(kGpuModel), {});
  ASSERT_TRUE(trial);
  EXPECT_EQ(trial->before.models[0].queries.arrived, trial->after.models[0].queries.arrived);
}

TEST(Trial, AScenarioWithoutMemoryHasNothingToAdvise) {
  const auto trial = try_limits(scenario(""), {});
  ASSERT_TRUE(trial);
  EXPECT_TRUE(trial->advice.empty());
  EXPECT_EQ(trial->runs, 0);
}

}  // namespace trial_test
}  // namespace windtunnel
