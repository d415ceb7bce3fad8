// When a run ends, and how it is stopped.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

TEST(Run, ToEmptyGoesOnUntilNothingIsInside) {
  const Ran ran = run(R"(
run: to_empty
models: {m: {latency: {per_item: 10s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                      "timestamp,size\n0,1\n1,1\n2,1\n");
  EXPECT_EQ(ran.only().queries.completed, 3U);
  EXPECT_DOUBLE_EQ(ran.result.measured_s, 30);
  EXPECT_FALSE(ran.result.interrupted);
}

TEST(Run, ToTheHorizonLeavesWhatIsInsideThere) {
  const Ran ran = run(R"(
horizon: 15s
models: {m: {latency: {per_item: 10s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                      "timestamp,size\n0,1\n1,1\n2,1\n15,1\n");
  const QueryCounts& q = ran.only().queries;
  EXPECT_EQ(q.arrived, 3U);  // arrivals end with the horizon
  EXPECT_EQ(q.completed, 1U);
  EXPECT_EQ(q.in_flight, 1U);
  EXPECT_EQ(q.queued, 1U);
  EXPECT_DOUBLE_EQ(ran.result.measured_s, 15);
}

const std::string kNobodyServes = R"(
run: to_empty
models: {m: {latency: {per_item: 1s}, memory: {context: 0, weights: 10GiB}}, n: {latency: {per_item: 1s}, memory: {context: 0, weights: 10GiB}}}
workload: [{model: n, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1, price: 0/h, sharing: {mode: time_slicing, replicas: 2}}}}
)";

TEST(Run, SaysSoWhenNothingServesWhatIsInside) {
  const Ran ran = run(kNobodyServes, "timestamp,size\n0,1\n");
  EXPECT_EQ(ran.model("n").queries.queued, 1U);
  ASSERT_EQ(ran.result.notes.size(), 1U);
  EXPECT_NE(ran.result.notes[0].find("nothing serves them"), std::string::npos) << ran.result.notes[0];
}

// The run ended with the last event before seven days were over, which was a sample when somebody took samples.
TEST(Run, ThatNothingServesEndsAtTheSameInstantWhoeverLooksOn) {
  const Folder folder;
  const Scenario scenario = load("schema: 1\n" + kNobodyServes, folder, "timestamp,size\n0,1\n");
  struct Sampling : RunObserver {
    [[nodiscard]] bool wants_samples() const override { return true; }
  } sampling;
  const auto alone = simulate(scenario, {.seed = 1});
  const auto watched = simulate(scenario, {.seed = 1, .observer = &sampling});
  ASSERT_TRUE(alone && watched);
  EXPECT_DOUBLE_EQ(alone->measured_s, 7 * 86400);
  EXPECT_DOUBLE_EQ(watched->measured_s, alone->measured_s);
}

struct Stopper : RunObserver {
  bool on_progress(double simulated_s, double horizon_s, std::uint64_t) override {
    EXPECT_LE(simulated_s, horizon_s);
    return false;
  }
};

TEST(Run, EndsBalancedAndMarkedWhenItsObserverSaysStop) {
  const Folder folder;
  const Scenario scenario = load(R"(schema: 1
horizon: 1h
models: {m: {service_time: {law: exponential, mean: 1s}}}
workload: [{model: m, arrivals: {rate: 100/s}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                                 folder);
  Stopper stopper;
  const auto result = simulate(scenario, {.seed = 1, .observer = &stopper});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->interrupted);
  EXPECT_LT(result->measured_s, 3600);
  EXPECT_LT(result->models.at(0).queries.arrived, 100U * 3600 / 2);
  expect_balance(result->models.at(0).queries, "m");
}

TEST(Run, BadRowsAreProblemsNotCrashes) {
  const Folder folder;
  const Scenario scenario = load(R"(schema: 1
horizon: 1h
models: {m: {latency: {per_item: 1s}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}
)",
                                 folder, "timestamp\n1\n2\n");
  std::ofstream(folder.path() / "trace.csv") << "timestamp\n20\n40\n1\n";  // changed after it was checked
  const auto result = simulate(scenario, {});
  ASSERT_FALSE(result);
  EXPECT_NE(result.problems().at(0).text().find("trace.csv:4"), std::string::npos) << result.problems().at(0).text();
}

}  // namespace
}  // namespace windtunnel::testing
