#include "sim/scenario/loader.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "harness.hpp"

namespace windtunnel {
namespace loader_test {

using testing::kSmall;
using testing::messages;
using testing::parse;
using testing::with;

const std::string kFolder = WINDTUNNEL_SOURCE_DIR "/scenarios";

TEST(Loader, EveryShippedScenarioLoads) {
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() != ".yaml" || entry.path().filename().string().find("_trace") != std::string::npos ||
        entry.path().parent_path().filename() == "manifests")
      continue;
    const auto scenario = load_scenario(entry.path());
    EXPECT_TRUE(scenario) << (scenario ? "" : scenario.problems().front().text());
    ++count;
  }
  EXPECT_GE(count, 9);
}

TEST(Loader, FillsDefaultsIn) {
  const auto s = parse(kSmall);
  ASSERT_TRUE(s) << messages(kSmall);
  EXPECT_EQ(s->name, "small");
  EXPECT_EQ(s->seed, 1u);
  EXPECT_FALSE(s->to_empty);
  EXPECT_EQ(s->digest.size(), 16u);
  const ModelSpec& scene = s->models[0];
  EXPECT_EQ(scene.memory.context.value, 500 * kMiB);
  EXPECT_EQ(scene.memory.context_mps.value, 250 * kMiB);
  EXPECT_EQ(scene.memory.overhead, 1.1);
  EXPECT_EQ(scene.cold_start.pull_bytes_per_s, 2e8);
  EXPECT_EQ(scene.cold_start.load.mean, 0);
  EXPECT_EQ(scene.on_vram_oom, OnVramOom::exit);
  EXPECT_EQ(scene.max_queue, 0);
  const ScalingSpec& scaling = s->scaling[0];
  EXPECT_EQ(scaling.min, 1);
  EXPECT_EQ(scaling.max, 8);
  EXPECT_EQ(scaling.initial, 1);
  EXPECT_EQ(s->scaling[1].policy, "fixed");
  EXPECT_EQ(s->scaling[1].max, 1);
  EXPECT_EQ(s->node_pools[0].initial_nodes, 1);
  EXPECT_DOUBLE_EQ(s->node_pools[0].price_usd_per_hour, 1.006);
}

TEST(Loader, WithoutAMemoryBlockAReplicaTakesNone) {
  const auto s = parse(kSmall);
  ASSERT_TRUE(s);
  EXPECT_EQ(s->models[1].memory.context.value, 0);
  EXPECT_EQ(s->models[1].memory.weights.value, 0);
}

TEST(Loader, ServiceTimeIsALatencyWithNoiseOfMeanOne) {
  const auto s = parse(with(kSmall, "{law: exponential, mean: 1s}", "{law: lognormal, mean: 4s, scv: 2}"));
  ASSERT_TRUE(s);
  const LatencySpec& latency = s->models[1].latency.at("*");
  EXPECT_EQ(latency.fixed_s, 4);
  EXPECT_EQ(latency.per_item_s, 0);
  EXPECT_EQ(latency.noise.kind, LawKind::lognormal);
  EXPECT_EQ(latency.noise.mean, 1);
  EXPECT_EQ(latency.noise.scv, 2);
}

TEST(Loader, CopiesExpandAndShareTheirGroup) {
  const auto s = parse(R"(
schema: 1
horizon: 1h
models: {m: {copies: 3, service_time: 1s}}
workload: [{model: m, arrivals: {rate: 1/s}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 3}}}
scaling: {m: {policy: fixed, replicas: 2}, m-1: {policy: fixed, replicas: 4}}
)");
  ASSERT_TRUE(s);
  ASSERT_EQ(s->models.size(), 3u);
  EXPECT_EQ(s->models[2].name, "m-2");
  EXPECT_EQ(s->models[2].group, "m");
  EXPECT_EQ(s->workload[0].target, "m");
  EXPECT_EQ(s->scaling[0].initial, 2);
  EXPECT_EQ(s->scaling[1].initial, 4);
}

TEST(Loader, AProfileLiesUnderTheModelsOwnKeys) {
  const auto s =
      parse(with(kSmall, "{latency: {A10G: {fixed: 0.5s, per_item: 1.5s}}, memory: {weights: 2GB, per_item: 1GB}}",
                 "{profile: sd15-fp16, memory: {weights: 3GB}}"));
  ASSERT_TRUE(s);
  EXPECT_EQ(s->models[0].memory.weights.value, 3000000000);
  EXPECT_EQ(s->models[0].memory.per_item.value, 1130000000);
  EXPECT_EQ(s->models[0].latency.at("A10G").per_item_s, 1.54);
  EXPECT_EQ(s->models[0].profile, "sd15-fp16");
}

TEST(Loader, ServiceTimeReplacesAProfilesLatency) {
  const auto s =
      parse(with(kSmall, "latency: {A10G: {fixed: 0.5s, per_item: 1.5s}}, memory: {weights: 2GB, per_item: 1GB}",
                 "profile: sd15-fp16, service_time: 2s"));
  ASSERT_TRUE(s);
  EXPECT_EQ(s->models[0].latency.size(), 1u);
  EXPECT_EQ(s->models[0].latency.at("*").fixed_s, 2);
}

TEST(Loader, EdgesBecomeAChainInTheirOwnOrder) {
  const auto s = parse(with(with(kSmall, "stages: [scene, quality]", "edges: [cond -> quality, scene -> cond]"),
                            "  quality: {service", "  cond: {service_time: 1s}\n  quality: {service"));
  ASSERT_TRUE(s);
  EXPECT_EQ(s->pipelines[0].stages, (std::vector<std::string>{"scene", "cond", "quality"}));
}

TEST(Loader, WorkloadNamesFollowTheirTargets) {
  const auto s =
      parse(with(kSmall, "  - {model: quality, arrivals: {rate: 0.1/s}}",
                 "  - {model: quality, arrivals: {rate: 0.1/s}}\n  - {model: quality, arrivals: {rate: 0.1/s}}"));
  ASSERT_TRUE(s);
  EXPECT_EQ(s->workload[0].name, "render");
  EXPECT_EQ(s->workload[1].name, "quality");
  EXPECT_EQ(s->workload[2].name, "quality#2");
}

TEST(Loader, AMappedTraceNeedsNoTargetOfItsOwn) {
  const auto s = load_scenario(kFolder + "/trace_replay.yaml");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->workload[0].target, "");
  const auto& trace = std::get<TraceSpec>(s->workload[0].source);
  EXPECT_EQ(trace.file, kFolder + "/data/example.csv");
  ASSERT_EQ(trace.map.size(), 2u);
  EXPECT_EQ(trace.map[1], (std::pair<std::string, std::string>{"*", "quality"}));
  EXPECT_EQ(trace.rate_scale.offered_load, 0.5);
}

TEST(Loader, ARunToEmptyNeedsNoHorizonWhenItsTrafficEnds) {
  const auto s = load_scenario(kFolder + "/bench/w1.yaml");
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->to_empty);
  EXPECT_EQ(s->horizon, Duration{});
  EXPECT_EQ(s->workload[0].queries, 10000000u);
}

TEST(Loader, BenchW3HasSixtyFourModelsSharingTheGpusEvenly) {
  const auto s = load_scenario(kFolder + "/bench/w3-4096.yaml");
  ASSERT_TRUE(s);
  ASSERT_EQ(s->models.size(), 64u);
  ASSERT_EQ(s->scaling.size(), 64u);
  EXPECT_EQ(s->scaling[63].initial, 64);
  EXPECT_EQ(s->models[5].concurrency.limit, 8);
  EXPECT_EQ(s->models[5].dispatch, DispatchKind::power_of_two);
  EXPECT_EQ(s->models[5].network.to_replica, std::chrono::microseconds(500));
  EXPECT_DOUBLE_EQ(std::get<ArrivalSpec>(s->workload[0].source).params.number("rate"), 3276.8);
}

TEST(Loader, FixedReplicasSetAllThreeBounds) {
  const auto s = parse(with(kSmall, "{policy: backlog_time, target: 3s, max: 8}", "{policy: fixed, replicas: 5}"));
  ASSERT_TRUE(s);
  EXPECT_EQ(s->scaling[0].min, 5);
  EXPECT_EQ(s->scaling[0].max, 5);
  EXPECT_EQ(s->scaling[0].initial, 5);
}

TEST(Loader, ScalingToZeroStillStartsWithOneReplica) {
  const auto s = parse(with(kSmall, "target: 3s, max: 8", "target: 3s, min: 0, max: 8"));
  ASSERT_TRUE(s);
  EXPECT_EQ(s->scaling[0].min, 0);
  EXPECT_EQ(s->scaling[0].initial, 1);
}

TEST(Loader, SizesMayBeDiscrete) {
  const auto s = parse(with(kSmall, "{model: quality, arrivals",
                            "{model: quality, size: {values: [1, 2, 4], weights: [0.7, 0.2, 0.1]}, arrivals"));
  ASSERT_TRUE(s);
  EXPECT_EQ(s->workload[1].size->kind, LawKind::discrete);
  EXPECT_DOUBLE_EQ(s->workload[1].size->mean, 1.5);
}

TEST(Loader, ExpectTakesNumbersAndQuantities) {
  const auto s = parse(kSmall +
                       "expect:\n  - {metric: totals.kills.oom, at_most: 0}\n  - {metric: "
                       "models.quality.response_time_s.p95, below: 250ms}\n");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->expect[0].bound, "at_most");
  EXPECT_EQ(s->expect[1].value, 0.25);
}

TEST(Loader, ExpectKeepsItsLineAndTheKindOfQuantityOutsideTheDigest) {
  const std::string expect = "expect:\n  - {metric: totals.restarts, below: ";
  const auto plain = parse(kSmall + expect + "2}\n"), time = parse(kSmall + "\n\n" + expect + "2s}\n"),
             size = parse(kSmall + expect + "2B}\n"), rate = parse(kSmall + expect + "2/s}\n");
  EXPECT_EQ(plain->expect[0].kind, BoundKind::number);
  EXPECT_EQ(time->expect[0].kind, BoundKind::duration);
  EXPECT_EQ(size->expect[0].kind, BoundKind::size);
  EXPECT_EQ(rate->expect[0].kind, BoundKind::rate);
  EXPECT_EQ(time->expect[0].line, plain->expect[0].line + 2);
  EXPECT_EQ(time->digest, plain->digest);
}

TEST(Loader, ExpectRefusesBoundsThatAreNoNumbers) {
  for (const char* bound : {".nan", ".inf", "nan", "inf", "1e999", "-5s", "many", "[1]", "true", "~"}) {
    const auto text = testing::messages(kSmall + "expect: [{metric: totals.restarts, below: " + bound + "}]\n");
    EXPECT_NE(text.find("expect.0.below: "), std::string::npos) << bound << ": " << text;
  }
}

TEST(Loader, WindowsLineEndsLoad) {
  std::string crlf;
  for (const char c : kSmall) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const auto s = parse(crlf);
  ASSERT_TRUE(s);
  EXPECT_EQ(s->digest, parse(kSmall)->digest);
}

TEST(Loader, AMissingFileAndAFolderAreSaidPlainly) {
  const auto missing = load_scenario("/nowhere/x.yaml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.problems()[0].text(),
            "/nowhere/x.yaml: no such file; give the path of a scenario, e.g. scenarios/steady_mm1.yaml");
  const auto folder = load_scenario(kFolder);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.problems()[0].text(), kFolder + ": is a folder; name a scenario file in it");
}

}  // namespace loader_test
}  // namespace windtunnel
