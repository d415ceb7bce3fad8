// Manifests on the command line, in and out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace manifests_test {

using ::testing::HasSubstr;

const std::string kExample = WINDTUNNEL_SOURCE_DIR "/scenarios/manifests";
const std::string kTrace = WINDTUNNEL_SOURCE_DIR "/scenarios/data/room_scene.csv";

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// The shipped example in a folder of its own, its scale-down window changed.
void copy_example(const std::filesystem::path& folder, const std::string& window) {
  std::filesystem::copy(kExample, folder, std::filesystem::copy_options::recursive);
  std::string text = read_file(folder / "scaledobject.yaml");
  const auto at = text.find("stabilizationWindowSeconds: 30");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 30, "stabilizationWindowSeconds: " + window);
  write(folder / "scaledobject.yaml", text);
}

TEST(ManifestsOnTheCommandLine, RunGivesDecisionsKillsLatencyAndBill) {
  const auto run = run_program({"run", "--manifests", kExample, "--trace", kTrace, "--explain", "room-scene"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("room-scene hpa: "));
  EXPECT_THAT(run.out, HasSubstr("Kills: 0"));
  EXPECT_THAT(run.out, HasSubstr("resp."));
  EXPECT_THAT(run.out, HasSubstr("Cost: "));
  EXPECT_THAT(run.err, HasSubstr("scaledobject.yaml:26: spec.triggers.0.authenticationRef (how to log in)"));
  EXPECT_THAT(run.err, HasSubstr("assumed: cluster.node_pools.a10g.nodes = 1 to 6: "));
}

TEST(ManifestsOnTheCommandLine, TheSummaryHoldsWhatWasLeftOutAndAssumed) {
  const auto run = run_program({"run", "--manifests", kExample, "--trace", kTrace, "--format", "json", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  const auto summary = nlohmann::json::parse(run.out);
  EXPECT_EQ(summary["manifests"]["objects"][0]["model"], "room-scene");
  EXPECT_FALSE(summary["manifests"]["not_modelled"].empty());
  EXPECT_FALSE(summary["manifests"]["assumed"].empty());
  const auto twice = run_program(
      {"run", "--manifests", kExample, "--trace", kTrace, "--format", "json", "--quiet", "--replications", "2"});
  ASSERT_EQ(twice.exit_code, 0) << twice.err;
  EXPECT_EQ(nlohmann::json::parse(twice.out)["manifests"], summary["manifests"]) << "no means of line numbers";
}

TEST(ManifestsOnTheCommandLine, CompareShowsThatTheOneLineChangeStopsTheFlapping) {
  const Workplace place(small_scenario());
  copy_example(place.path() / "before", "30");
  copy_example(place.path() / "after", "300");
  const auto compared = place.run(
      {"compare", "--manifests", "before", "--manifests", "after", "--trace", kTrace, "--format", "json", "--quiet"});
  ASSERT_EQ(compared.exit_code, 0) << compared.err;
  const auto variants = nlohmann::json::parse(compared.out)["variants"];
  ASSERT_EQ(variants.size(), 2u);
  EXPECT_EQ(variants[0]["name"], "before");
  EXPECT_EQ(variants[1]["name"], "after");
  const auto ups = [&](int i) { return variants[i]["summary"]["models"]["room-scene"]["scaling"]["ups"].get<int>(); };
  EXPECT_GT(ups(0), 5 * ups(1)) << "it flapped, and no longer does";
  EXPECT_EQ(variants[0]["summary"]["totals"]["queries"]["arrived"],
            variants[1]["summary"]["totals"]["queries"]["arrived"]);
}

TEST(ManifestsOnTheCommandLine, CheckJudgesThePartBesideThem) {
  const Workplace place(small_scenario());
  copy_example(place.path() / "deploy", "300");
  const auto part = [&](const std::string& bound) {
    write(place.path() / "deploy/windtunnel/scenario.yaml",
          "workload: [{model: room-scene, trace: {file: \"" + kTrace + "\"}}]\nrun: to_empty\n" +
              "expect: [{metric: totals.kills.total, at_most: 0}, {metric: totals.cost_usd, below: " + bound + "}]\n");
    return place.run({"check", "--manifests", "deploy", "--replications", "2", "--quiet"});
  };
  const auto met = part("1000");
  EXPECT_EQ(met.exit_code, 0) << met.err << met.out;
  const auto missed = part("0.01");
  EXPECT_EQ(missed.exit_code, 1) << missed.err << missed.out;
}

TEST(ManifestsOnTheCommandLine, TheScenarioWrittenOutRunsTheSame) {
  const Workplace place(small_scenario());
  const auto written =
      place.run({"export", "scenario", "--manifests", kExample, "--trace", kTrace, "-o", "made.yaml", "--seed", "4"});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  const auto of = [&](const std::vector<std::string>& source) {
    std::vector<std::string> arguments = {"run", "--format", "json", "--quiet"};
    arguments.insert(arguments.end(), source.begin(), source.end());
    const auto run = place.run(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return nlohmann::json::parse(run.out)["models"];
  };
  EXPECT_EQ(of({"made.yaml"}), of({"--manifests", kExample, "--trace", kTrace, "--seed", "4"}));
}

TEST(ManifestsOnTheCommandLine, ManifestsWrittenOutRunTheSame) {
  const Workplace place(small_scenario());
  const std::string scenario = WINDTUNNEL_SOURCE_DIR "/scenarios/keda_flapping.yaml";
  const auto written = place.run({"export", "manifests", scenario, "-o", "deploy"});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  const auto of = [&](const std::vector<std::string>& source) {
    std::vector<std::string> arguments = {"run", "--format", "json", "--quiet"};
    arguments.insert(arguments.end(), source.begin(), source.end());
    const auto run = place.run(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return nlohmann::json::parse(run.out)["models"];
  };
  EXPECT_EQ(of({scenario}), of({"--manifests", "deploy"}));
}

TEST(ManifestsOnTheCommandLine, BadOnesExitWithTwoAndEveryProblem) {
  const Workplace place(small_scenario());
  copy_example(place.path() / "deploy", "3000000");
  write(place.path() / "deploy/other.yaml", "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\n");
  const auto run = place.run({"run", "--manifests", "deploy", "--trace", kTrace});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr("deploy/other.yaml:1: apiVersion: \"autoscaling/v1\" of a HorizontalPodAutoscaler"));
  EXPECT_THAT(run.err, HasSubstr("spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown."
                                 "stabilizationWindowSeconds: 3000000 is outside [0, 3600]"));
}

TEST(ManifestsOnTheCommandLine, OptionsThatGoWithThemMeanNothingAlone) {
  const Workplace place(small_scenario());
  const auto lone = place.run({"run", "scenario.yaml", "--gpu", "T4"});
  EXPECT_EQ(lone.exit_code, 2);
  EXPECT_THAT(lone.err, HasSubstr("--gpu: says what manifests do not"));
  const auto none = place.run({"run"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("name a scenario file, or --manifests DIR"));
  const auto nodes = place.run({"run", "--manifests", kExample, "--trace", kTrace, "--nodes", "8:1"});
  EXPECT_EQ(nodes.exit_code, 2);
  EXPECT_THAT(nodes.err, HasSubstr("--nodes: \"8:1\" is no number of nodes"));
}

}  // namespace manifests_test
}  // namespace windtunnel::e2e
