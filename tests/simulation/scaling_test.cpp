// What a policy is shown, and what becomes of what it says.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Queries arrive faster than one replica works: the backlog changes with every second.
std::string growing(const std::string& scaling) {
  return "horizon: 10m\n"
         "models: {m: {latency: {fixed: 3s}}}\n"
         "workload: [{model: m, arrivals: {process: deterministic, rate: 1/s}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 4}}}\n"
         "scaling: {m: {policy: queue_depth, target_per_replica: 1000, " +
         scaling + "}}\n";
}

TEST(Scrape, ADecisionSeesTheLastOneAndNothingNewer) {
  // Scraped at 0, 60, ...; decided at 15, 30, ...: four decisions share a scrape. At one instant the scrape comes
  // first.
  const Ran ran = run(growing("min: 1, max: 1, interval: 15s, scrape_interval: 60s"));
  ASSERT_GE(ran.decisions.size(), 16U);
  for (std::size_t i = 0; i < 16; ++i) {
    const double scraped_s = std::floor(to_seconds(ran.decisions[i].at) / 60) * 60;
    // n arrived by then, of which every third second one was answered; an arrival of that instant is there already.
    const double arrived = scraped_s;
    const double answered = scraped_s < 4 ? 0 : std::floor((scraped_s - 1) / 3);
    EXPECT_DOUBLE_EQ(ran.decisions[i].value, arrived - answered) << "decision " << i;
  }
}

TEST(Scrape, AnIntervalOfZeroReadsAtTheDecision) {
  const Ran ran = run(growing("min: 1, max: 1, interval: 15s, scrape_interval: 0s"));
  for (std::size_t i = 1; i < ran.decisions.size(); ++i)
    EXPECT_GT(ran.decisions[i].value, ran.decisions[i - 1].value) << "decision " << i;
}

TEST(Scaling, KeepsWithinItsLimitsWhateverThePolicyProposes) {
  const Ran ran = run(growing("tolerance: 0, min: 2, max: 3, initial: 2"));
  for (const auto& decision : ran.decisions) {
    EXPECT_GE(decision.desired, 2);
    EXPECT_LE(decision.desired, 3);
  }
  EXPECT_EQ(ran.decisions.at(0).proposed, 1);
  EXPECT_EQ(ran.only().replicas.min, 2);
  EXPECT_EQ(ran.only().decisions, ran.decisions.size());
}

TEST(Scaling, FixedDecidesNothing) {
  const Ran ran = run(R"(
horizon: 10m
models: {m: {latency: {fixed: 3s}}}
workload: [{model: m, arrivals: {process: deterministic, rate: 1/s}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 4}}}
scaling: {m: {policy: fixed, replicas: 3}}
)");
  EXPECT_TRUE(ran.decisions.empty());
  EXPECT_EQ(ran.only().replicas.min, 3);
  EXPECT_EQ(ran.only().replicas.max, 3);
}

}  // namespace
}  // namespace windtunnel::testing
