// Why a policy did what it did, from the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace explain_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two models behind queues that call for more than one replica.
std::string growing_scenario() {
  return "schema: 1\nname: growing\nhorizon: 10m\n"
         "models: {scene: {latency: {fixed: 2s}, cold_start: {load: 20s}}, quality: {latency: {fixed: 1s}}}\n"
         "workload: [{model: scene, arrivals: {rate: 2/s}}, {model: quality, arrivals: {rate: 1/s}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 16}}}\n"
         "scaling:\n"
         "  scene: {policy: queue_depth, target_per_replica: 2, max: 8}\n"
         "  quality: {policy: queue_depth, target_per_replica: 2, max: 4}\n";
}

TEST(Explain, ShowsEveryModelOrTheOneAskedForInEightyColumns) {
  const Workplace place(growing_scenario());
  const Finished all = place.run({"run", "scenario.yaml", "--explain"});
  ASSERT_EQ(all.exit_code, 0) << all.err;
  EXPECT_THAT(all.out, HasSubstr("  scene scaler: 1 -> "));
  EXPECT_THAT(all.out, HasSubstr("  quality scaler: "));
  EXPECT_THAT(all.out, HasSubstr(" served "));
  EXPECT_THAT(all.out, HasSubstr("growing: seed 1")) << "the summary follows";
  EXPECT_LE(widest_line(all.out), 80);
  const Finished one = place.run({"run", "scenario.yaml", "--explain=scene"});
  EXPECT_THAT(one.out, HasSubstr("  scene scaler: "));
  EXPECT_THAT(one.out, Not(HasSubstr("  quality scaler: ")));
  const Finished spaced = place.run({"run", "scenario.yaml", "--explain", "scene"});
  EXPECT_EQ(spaced.out, one.out) << spaced.err;
  EXPECT_EQ(place.run({"run", "--explain", "scenario.yaml"}).out, all.out);
}

TEST(Explain, RefusesAModelThereIsNotAndJson) {
  const Workplace place(growing_scenario());
  const Finished unknown = place.run({"run", "scenario.yaml", "--explain=scen"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean \"scene\"?"));
  const Finished json = place.run({"run", "scenario.yaml", "--explain", "--format", "json"});
  EXPECT_EQ(json.exit_code, 2);
  EXPECT_THAT(json.err, HasSubstr("decisions.jsonl"));
}

TEST(Explain, WritesOneJsonObjectALineForEachDecision) {
  const Workplace place(growing_scenario());
  ASSERT_EQ(place.run({"run", "scenario.yaml", "-o", "out"}).exit_code, 0);
  EXPECT_THAT(place.left_behind(), ElementsAre("out", "out/decisions.jsonl", "out/result.h5",
                                               "out/scenario.resolved.yaml", "out/summary.json"));
  const auto summary = nlohmann::json::parse(read_file(place.path() / "out/summary.json"));
  std::istringstream lines(read_file(place.path() / "out/decisions.jsonl"));
  std::size_t scene = 0, all = 0;
  for (std::string line; std::getline(lines, line); ++all) {
    const auto decision = nlohmann::json::parse(line);
    EXPECT_EQ(decision["loop"], "scaler");
    scene += decision["model"] == "scene" ? 1 : 0;
  }
  EXPECT_EQ(scene, summary["models"]["scene"]["scaling"]["decisions"].get<std::size_t>());
  EXPECT_EQ(all, 2 * scene);
  EXPECT_GT(summary["models"]["scene"]["scale_ups_served"].get<int>(), 0);
  EXPECT_GE(summary["models"]["scene"]["scale_up_anatomy_s"]["load"].get<double>(), 20);
}

}  // namespace explain_test
}  // namespace windtunnel::e2e
