// Law 3: two policies meet the same weather. Arrivals and what queries bring do not move with what becomes of them.
#include <map>

#include "tests/properties/shipped.hpp"

namespace windtunnel::testing {
namespace weather_test {

using Weather = EveryShippedScenario;

std::map<std::uint64_t, SimTime> arrivals(const Scenario& scenario) {
  Witness witness;
  (void)run(scenario, kSeeds[0], &witness);
  std::map<std::uint64_t, SimTime> by_serial;
  for (const auto& query : witness.queries) by_serial[query.serial] = query.arrived;
  return by_serial;
}

// Compares the queries that ended in both runs.
void expect_same_weather(const std::map<std::uint64_t, SimTime>& one, const std::map<std::uint64_t, SimTime>& other) {
  std::size_t both = 0;
  for (const auto& [serial, at] : one) {
    const auto it = other.find(serial);
    if (it == other.end()) continue;
    ASSERT_EQ(at, it->second) << "query " << serial;
    ++both;
  }
  EXPECT_GT(both, 100U);
}

TEST_P(Weather, ArrivalsDoNotMoveWithThePolicy) {
  const Scenario shipped = load(GetParam());
  Settings fixed;
  std::string groups;
  for (const auto& model : shipped.models) {
    if (groups.find("<" + model.group + ">") != std::string::npos) continue;
    groups += "<" + model.group + ">";
    fixed.emplace_back("scaling." + model.group, "{policy: fixed, replicas: 1}");
  }
  // Not a setting of the variant's own: the file itself under other policies.
  expect_same_weather(arrivals(shipped), arrivals(load({GetParam().file, ""}, fixed)));
}

TEST_P(Weather, ArrivalsDoNotMoveWithTheSharingMode) {
  const Scenario shipped = load(GetParam());
  Settings shared;
  for (const auto& pool : shipped.node_pools)
    shared.emplace_back("cluster.node_pools." + pool.name + ".sharing", "{mode: hard_limit, replicas: 2}");
  expect_same_weather(arrivals(shipped), arrivals(load({GetParam().file, ""}, shared)));
}

WINDTUNNEL_OVER_EVERY_SHIPPED_SCENARIO(Weather);

// `m` alone on GPUs of its own, so that a query's service time is its size times its noise. Its neighbour `n` varies.
std::string two_models(const std::string& neighbours_traffic,
                       const std::string& scaling_of_m = "{policy: fixed, replicas: 3}") {
  return "schema: 1\n"
         "horizon: 30m\n"
         "models:\n"
         "  m: {latency: {T4: {fixed: 100ms, per_item: 1s, cv: 0.3}}}\n"
         "  n: {latency: {L4: {fixed: 1s, cv: 0.5}}}\n"
         "workload:\n"
         "  - {model: m, size: {law: lognormal, mean: 1, scv: 0.5}, arrivals: {process: batch_poisson, rate: 1/s, "
         "batch_mean: 2}}\n" +
         neighbours_traffic +
         "cluster: {node_pools: {p: {gpu: T4, nodes: 3}, q: {gpu: L4, nodes: 1}}}\n"
         "scaling: {m: " +
         scaling_of_m + "}\n";
}

struct Brought {
  SimTime arrived;
  Duration service{};
  auto operator<=>(const Brought&) const = default;
};

/// What the queries of `m` brought, in order of arrival; those that ended.
std::vector<Brought> brought_to_m(const std::string& yaml, std::uint64_t seed = 3) {
  const auto scenario = parse_scenario(yaml, "test.yaml", ".", {.set = {{"run", "to_empty"}}});
  if (!scenario) throw std::invalid_argument(scenario.problems().front().text());
  Witness witness;
  (void)run(*scenario, seed, &witness);
  std::vector<Brought> all;
  for (const auto& query : witness.queries)
    if (query.model == 0) all.push_back({query.arrived, query.service_time});
  std::sort(all.begin(), all.end());
  return all;
}

const std::string kSteadyNeighbour = "  - {model: n, arrivals: {rate: 0.5/s}}\n";

TEST(Weather, WhatQueriesBringDoesNotMoveWithAnotherModelsTraffic) {
  const auto alone = brought_to_m(two_models(""));
  EXPECT_GT(alone.size(), 1000U);
  EXPECT_EQ(alone, brought_to_m(two_models(kSteadyNeighbour)));
  EXPECT_EQ(alone,
            brought_to_m(two_models("  - {model: n, size: {law: exponential, mean: 2}, arrivals: {rate: 0.8/s}}\n")));
}

TEST(Weather, WhatQueriesBringDoesNotMoveWithThePolicy) {
  const auto fixed = brought_to_m(two_models(kSteadyNeighbour));
  const auto scaled = brought_to_m(two_models(kSteadyNeighbour, "{policy: backlog_time, target: 2s, min: 1, max: 3}"));
  EXPECT_EQ(fixed, scaled);
}

TEST(Weather, ASecondStreamToTheSameModelLeavesTheFirstAlone) {
  const auto alone = brought_to_m(two_models(""));
  const auto both = brought_to_m(two_models("  - {model: m, arrivals: {rate: 0.2/s}}\n"));
  EXPECT_GT(both.size(), alone.size() + 200);
  EXPECT_TRUE(std::includes(both.begin(), both.end(), alone.begin(), alone.end()));
}

TEST(Weather, MovesWithTheSeed) {
  EXPECT_NE(brought_to_m(two_models(""), 3), brought_to_m(two_models(""), 4));
}

}  // namespace weather_test
}  // namespace windtunnel::testing
