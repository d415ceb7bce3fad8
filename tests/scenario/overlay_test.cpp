#include "sim/scenario/overlay.hpp"

#include <gtest/gtest.h>

#include "harness.hpp"

namespace windtunnel {
namespace overlay_test {

using testing::kSmall;
using testing::messages;
using testing::parse;

TEST(SettingPath, PartsMayBeQuoted) {
  EXPECT_EQ(split_path("models.\"v1.5\".copies"), (std::vector<std::string>{"models", "v1.5", "copies"}));
  EXPECT_EQ(split_path("a.'b.c'"), (std::vector<std::string>{"a", "b.c"}));
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "a.\"b", "\"a\"b"}) EXPECT_FALSE(split_path(bad)) << bad;
}

TEST(Setting, ReplacesAValueAndIsCheckedLikeTheFile) {
  const auto changed = parse(kSmall, {.set = {{"horizon", "2h"},
                                              {"workload.0.arrivals.rate", "3/s"},
                                              {"cluster.node_pools.a10.sharing.replicas", "2"}}});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->horizon, std::chrono::hours(2));
  EXPECT_EQ(std::get<ArrivalSpec>(changed->workload[0].source).params.number("rate"), 3);
  EXPECT_EQ(changed->node_pools[0].sharing.replicas, 2);
}

TEST(Setting, ReplacesAWholeBlock) {
  const auto changed = parse(kSmall, {.set = {{"cluster.node_pools.a10.sharing", "{mode: mps, replicas: 3}"}}});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->node_pools[0].sharing.mode, "mps");
}

TEST(Setting, MakesMissingBlocksOnItsWay) {
  const auto changed = parse(kSmall, {.set = {{"models.scene.batch.max", "4"}}});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->models[0].batch.max, 4);
}

TEST(Setting, BadValuesSayThatTheyCameFromTheCommandLine) {
  EXPECT_EQ(messages(kSmall, {.set = {{"horizon", "60"}}}), "--set horizon: horizon: 60 has no unit; write 60s\n");
  EXPECT_EQ(messages(kSmall, {.set = {{"horizon", ""}}}), "--set horizon: has no value; write --set path=value\n");
  EXPECT_NE(messages(kSmall, {.set = {{"horizon", "[1"}}}).find("--set horizon:1: is not YAML"), std::string::npos);
}

TEST(Setting, UnknownKeysNameTheNearest) {
  EXPECT_EQ(messages(kSmall, {.set = {{"models.scene.bacth.max", "4"}}}),
            "small.yaml:5: models.scene: unknown key \"bacth\"; did you mean \"batch\"?\n");
  EXPECT_EQ(messages(kSmall, {.set = {{"models.scen.batch.max", "4"}}}),
            "--set: models.scen.batch.max: models has no \"scen\"; did you mean \"scene\"? (known: scene, quality)\n");
  EXPECT_EQ(
      messages(kSmall, {.set = {{"cluster.node_pools.a1.gpus", "4"}}}),
      "--set: cluster.node_pools.a1.gpus: cluster.node_pools has no \"a1\"; did you mean \"a10\"? (known: a10)\n");
}

TEST(Setting, IndicesStayInsideTheList) {
  EXPECT_EQ(
      messages(kSmall, {.set = {{"workload.2.arrivals.rate", "1/s"}}}),
      "--set: workload.2.arrivals.rate: \"2\" is no index into workload, which has 2 entries; indices count from 0\n");
  EXPECT_EQ(messages(kSmall, {.set = {{"horizon.x", "1"}}}),
            "--set: horizon.x: horizon is \"1h\", which has no keys; set horizon as a whole\n");
  EXPECT_NE(messages(kSmall, {.set = {{"a..b", "1"}}}).find("--set: a..b: is not a path"), std::string::npos);
}

TEST(LayOver, MergesBlocksButReplacesLaws) {
  const auto bottom = parse_document("{a: {x: 1, y: 2}, load: {law: lognormal, mean: 4s, scv: 0.1}}", "b");
  const auto top = parse_document("{a: {y: 3}, load: {law: exponential, mean: 2s}}", "t");
  EXPECT_EQ(write_flow(lay_over(*bottom, *top)), "{a: {y: 3, x: 1}, load: {law: exponential, mean: 2s}}");
}

TEST(LayOver, ALatencyForAnyGpuReplacesOneByType) {
  const auto bottom = parse_document("{latency: {A10G: {fixed: 1s}}, memory: {weights: 1GB}}", "b");
  const auto top = parse_document("{latency: {fixed: 2s}, memory: {per_item: 1GB}}", "t");
  EXPECT_EQ(write_flow(lay_over(*bottom, *top)), "{latency: {fixed: 2s}, memory: {per_item: 1GB, weights: 1GB}}");
}

}  // namespace overlay_test
}  // namespace windtunnel
