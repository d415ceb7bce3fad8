// Stages of a start: pulls and stores that are shared, and where the time went.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Two replicas asked for at 15 s, on two GPUs of one node.
std::string two_starts(const std::string& cold_start, const std::string& pool = "", const std::string& cluster = "") {
  return "horizon: 300s\n"
         "models: {a: {latency: {per_item: 1s}, memory: {context: 0, weights: 1GB}, cold_start: " +
         cold_start + "}, b: {latency: {per_item: 1s}, memory: {context: 0, weights: 1GB}, cold_start: " + cold_start +
         "}}\n"
         "workload: [{model: a, trace: {file: trace.csv, rebase: false}}, {model: b, trace: {file: trace.csv, rebase: "
         "false}}]\n"
         "cluster: {" +
         cluster + "node_pools: {p: {gpu: T4, gpus: 2, nodes: 1" + pool +
         "}}}\n"
         "scaling:\n"
         "  a: &s {policy: queue_depth, target_per_replica: 1, interval: 15s, scrape_interval: 0s, min: 0, initial: 0, "
         "max: 1}\n"
         "  b: *s\n";
}
constexpr std::string_view kTwo = "timestamp,size\n1,1\n";

TEST(Pull, TwoImagesOnOneNodeShareItsBandwidthWhereThatIsSaid) {
  const std::string cold = "{image: 1GB, pull: 100MB/s}";
  const Ran apart = run(two_starts(cold), kTwo);
  EXPECT_DOUBLE_EQ(apart.ended_s(0), 15 + 10 + 1);
  EXPECT_DOUBLE_EQ(apart.ended_s(1), 15 + 10 + 1);
  const Ran together = run(two_starts(cold, ", pull_bandwidth: 100MB/s"), kTwo);
  EXPECT_DOUBLE_EQ(together.ended_s(0), 15 + 20 + 1);
  EXPECT_DOUBLE_EQ(together.ended_s(1), 15 + 20 + 1);
  EXPECT_DOUBLE_EQ(together.model("a").cold_start.pull_s, 20);
}

TEST(Pull, TheSlowerOfRegistryAndDecompressionCountsForTheLayersThatAreNotCached) {
  const Ran ran = run(two_starts("{image: 1GB, pull: 100MB/s, decompress: 50MB/s, cached: 0.75}"), kTwo);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 5 + 1);
}

// A second replica of the same image used to pull it anew.
TEST(Pull, ASecondReplicaWaitsForTheRestOfTheFirstPull) {
  const Ran ran = run(R"(
horizon: 300s
models: {m: {latency: {per_item: 1s}, cold_start: {image: 1GB, pull: 50MB/s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, gpus: 2, nodes: 1}}}
scaling: {m: {policy: queue_depth, target_per_replica: 1, interval: 15s, scrape_interval: 0s, min: 0, initial: 0, max: 2}}
)",
                      "timestamp,size\n1,30\n20,30\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 20 + 30);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 15 + 20 + 30);  // asked for at 30 s, five seconds before the image is there
  EXPECT_DOUBLE_EQ(ran.only().cold_start.pull_s, 20 + 5);
}

TEST(Weights, ReplicasThatLoadAtOnceShareTheStore) {
  const std::string cold = "{weights: {stream: 1GB/s, deserialise: 500MB/s}}";
  EXPECT_DOUBLE_EQ(run(two_starts(cold), kTwo).ended_s(0), 15 + 2 + 1);
  const Ran shared = run(two_starts(cold, "", "weights_store: 500MB/s, "), kTwo);
  EXPECT_DOUBLE_EQ(shared.ended_s(0), 15 + 4 + 1);
  EXPECT_DOUBLE_EQ(shared.ended_s(1), 15 + 4 + 1);
  EXPECT_DOUBLE_EQ(shared.model("b").cold_start.weights_s, 4);
}

TEST(ColdStart, IsPartedIntoItsStages) {
  const Ran ran = run(R"(
horizon: 400s
models: {m: {latency: {per_item: 1s}, memory: {weights: 2GB}, cold_start: {image: 1GB, pull: 100MB/s, container: 1s, import: 2s, weights: {stream: 500MB/s}, first_batch: 5s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: {min: 0, max: 1}, provision: 90s, driver: 30s}}}
scaling: {m: {policy: queue_depth, target_per_replica: 1, interval: 15s, scrape_interval: 0s, min: 0, initial: 0, max: 1}}
)",
                      "timestamp,size\n0,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 15 + 90 + 30 + 10 + 1 + 2 + 4 + 5 + 1);
  const ColdStartResult& cold = ran.only().cold_start;
  EXPECT_EQ(cold.starts, 1U);
  EXPECT_EQ(cold.scheduling_s, 0);
  EXPECT_EQ(cold.node_s, 90);
  EXPECT_EQ(cold.driver_s, 30);
  EXPECT_EQ(cold.pull_s, 10);
  EXPECT_EQ(cold.container_s, 1);
  EXPECT_EQ(cold.import_s, 2);
  EXPECT_EQ(cold.weights_s, 4);
  EXPECT_EQ(cold.warm_up_s, 5);
}

TEST(ColdStart, ReplicasOfTimeZeroCountForNone) {
  const Ran ran = run(R"(
horizon: 100s
models: {m: {latency: {per_item: 1s}, cold_start: {load: 5s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                      "timestamp,size\n0,1\n");
  EXPECT_EQ(ran.only().cold_start.starts, 0U);
}

}  // namespace
}  // namespace windtunnel::testing
