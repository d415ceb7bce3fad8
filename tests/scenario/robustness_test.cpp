// Whatever the bytes, the loader returns: quickly, and with a scenario or with problems.
#include <gtest/gtest.h>

#include <ctime>
#include <functional>

#include "harness.hpp"
#include "sim/core/rng.hpp"

namespace windtunnel {
namespace robustness_test {

using testing::kSmall;

// The demo's shape: profiles, pipeline, curve, every block there is.
const std::string kRich = R"(schema: 1
name: room-pipeline
seed: 7
horizon: 6h
warm_up: 10m
models:
  room-scene:
    profile: sd15-fp16
    memory: &memory {context: 500MiB, weights: 2.03GB, per_item: 1.13GB, allocator: caching, overhead: 1.10}
    host_memory: {steady: 3GiB, loading: 9GiB, limit: 10GiB}
    batch: {max: 2, wait: 50ms}
    concurrency: {limit: 8, scaling: contention, slope: 0.15, cap: 4}
    cold_start: {image: 9GiB, load: {law: lognormal, mean: 22s, scv: 0.1}, first_batch: 4s}
    on_vram_oom: wedge
    slo: {backlog_time: 3s, response_time_p95: 8s}
    thresholds: {response_time: [1s, 5s]}
  cond: {profile: controlnet, memory: *memory, slo: {backlog_time: 3s}}
  quality: {profile: clip-scorer, slo: {backlog_time: 3s}}
pipelines:
  render: {edges: [room-scene -> cond, cond -> quality], slo: {response_time_p95: 15s}}
workload:
  - {pipeline: render, trace: {file: data/example.csv, map: {scene: render, "*": quality}, rate_scale: {offered_load: 0.7}}}
  - {model: quality, size: {values: [1, 2], weights: [3, 1]}, arrivals: {process: poisson, rate: 0.8/s, curve: {amplitude: 0.8, period: 1h}}}
cluster:
  node_pools:
    a10: {gpu: A10G, gpus: 1, sharing: {mode: time_slicing, replicas: 4}, nodes: {min: 1, max: 8}, provision: 90s, price: 1.01/h}
scaling:
  room-scene: {policy: backlog_time, target: 3s, min: 1, max: 16}
expect:
  - {metric: totals.kills.oom, at_most: 0}
compare:
  - {name: MPS, set: {cluster.node_pools.a10.sharing: {mode: mps, replicas: 4}}}
)";

/// Processor time, so that a busy machine does not fail the test.
double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

TEST(Robustness, TheRichScenarioIsFine) {
  EXPECT_EQ(testing::messages(kRich), "");
}

TEST(Robustness, MutatedScenariosAlwaysReturn) {
  static constexpr std::string_view pieces = "{}[]:,&*!|>%@`'\"#-?.~0123456789eE \t\n\r\xff\0<x";
  Rng rng(2026);
  int accepted = 0;
  for (int round = 0; round < 800; ++round) {
    std::string text = kRich;
    const std::uint32_t changes = 1 + rng.below(6);
    for (std::uint32_t i = 0; i < changes; ++i) {
      const std::uint32_t at = rng.below(static_cast<std::uint32_t>(text.size()));
      const std::uint32_t kind = rng.below(4);
      const char piece = pieces[rng.below(static_cast<std::uint32_t>(pieces.size()))];
      if (kind == 0)
        text[at] = piece;
      else if (kind == 1)
        text.insert(at, 1, piece);
      else if (kind == 2)
        text.erase(at, 1 + rng.below(20));
      else
        text.insert(at, text.substr(rng.below(static_cast<std::uint32_t>(text.size())), rng.below(40)));
    }
    const auto result = testing::parse(text);
    if (result)
      ++accepted;
    else
      ASSERT_FALSE(result.problems().empty());
  }
  EXPECT_LT(accepted, 400);  // a change in a comment or a digit may be fine, most are not
}

TEST(Robustness, EveryPrefixReturns) {
  for (std::size_t length = 0; length < kSmall.size(); length += 3) {
    const auto result = testing::parse(kSmall.substr(0, length));
    EXPECT_TRUE(result || !result.problems().empty());
  }
}

TEST(Robustness, AnAliasBombIsRefusedAtOnce) {
  std::string bomb = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k ? ", " : "") + last;
    bomb += "]\n";
  }
  std::string said;
  EXPECT_LT(seconds_of([&] { said = testing::messages(bomb); }), 5);
  EXPECT_NE(said.find("more than 200000 values once aliases are expanded; use fewer aliases"), std::string::npos)
      << said;
}

TEST(Robustness, DeepNestingIsRefusedAtOnce) {
  for (const std::string& open : {std::string("["), std::string("{a: "), std::string("- "), std::string("? ")}) {
    std::string deep = "a: ";
    if (open == "- " || open == "? ") deep.clear();
    for (int i = 0; i < 20000; ++i) deep += open;
    std::string said;
    EXPECT_LT(seconds_of([&] { said = testing::messages(deep); }), 5) << open;
    EXPECT_NE(said.find("nested more than 64 levels deep"), std::string::npos) << open << said.substr(0, 200);
  }
}

TEST(Robustness, AHugeFileIsRefusedUnread) {
  const std::string said = testing::messages("a: " + std::string(5 << 20, 'x'));
  EXPECT_NE(said.find("bytes is more than a file may have"), std::string::npos);
}

TEST(Robustness, ManyKeysStayFast) {
  std::string text = kSmall;
  for (int i = 0; i < 60000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_LT(seconds_of([&] { (void)testing::messages(text); }), 10);
}

}  // namespace robustness_test
}  // namespace windtunnel
