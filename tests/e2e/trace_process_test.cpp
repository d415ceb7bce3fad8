// windtunnel trace synth and trace fit: from a process to a trace, and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace trace_process_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using FitJson = nlohmann::ordered_json;

constexpr const char* kBursty = R"({process: mmpp, rate: 5/s, levels: [1, 6], sojourn: [2m, 30s]})";

TEST(TraceSynth, WritesAProcessThatInfoReadsBack) {
  const Workplace place(small_scenario());
  const Finished written =
      place.run({"trace", "synth", "--arrivals", "{process: poisson, rate: 5/s}", "--for", "1h", "-o", "t.csv"});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  const FitJson info = FitJson::parse(place.run({"trace", "info", "t.csv", "--format", "json"}).out);
  EXPECT_EQ(info["format"], "plain");
  EXPECT_NEAR(info["rate_mean_per_s"].get<double>(), 5, 5 * std::sqrt(5.0 / 3600));
  EXPECT_NEAR(info["idc_1s"].get<double>(), 1, 5 * std::sqrt(2.0 / 3600));
  EXPECT_THAT(place.left_behind(), ElementsAre("t.csv"));
}

const std::string kDrawn = R"(
schema: 1
name: small
horizon: 10m
models: {scene: {service_time: 0.3s}}
workload: [{model: scene, size: {law: exponential, mean: 1}, arrivals: )" +
                           std::string(kBursty) +
                           R"(}]
cluster: {node_pools: {pool: {gpu: T4, nodes: 2}}}
)";

/// That the scenario's run is the same with its traffic drawn, and replayed from this trace.
void expect_the_same_replayed(const Workplace& place, const std::string& trace) {
  const std::string set = "workload.0={model: scene, trace: " + trace + "}";
  FitJson drawn = FitJson::parse(place.run({"run", "scenario.yaml", "--format", "json", "-q"}).out);
  FitJson replayed = FitJson::parse(place.run({"run", "scenario.yaml", "--format", "json", "-q", "--set", set}).out);
  EXPECT_EQ(drawn["models"], replayed["models"]);
  EXPECT_GT(drawn["totals"]["queries"]["arrived"], 1000);
}

TEST(TraceSynth, GivesTheQueriesOfTheScenarioSoThatTheirReplayIsTheSameRun) {
  const Workplace place(kDrawn);
  ASSERT_EQ(place.run({"trace", "synth", "scenario.yaml", "-o", "t.csv"}).exit_code, 0);
  expect_the_same_replayed(place, "{file: t.csv, rebase: false}");
}

TEST(TraceSynth, WritesTheBinaryFormThatReplaysAsTheSameRun) {
  const Workplace place(kDrawn);
  ASSERT_EQ(place.run({"trace", "synth", "scenario.yaml", "-o", "t.h5"}).exit_code, 0);
  EXPECT_EQ(FitJson::parse(place.run({"trace", "info", "t.h5", "--format", "json"}).out)["format"], "windtunnel");
  expect_the_same_replayed(place, "{file: t.h5}");
}

TEST(TraceSynth, AClosedLoopHasNoArrivalsToWrite) {
  const Workplace place(R"(
schema: 1
name: small
horizon: 10m
models: {scene: {service_time: 0.3s}}
workload: [{model: scene, clients: {count: 4, think: 1s}}]
cluster: {node_pools: {pool: {gpu: T4, nodes: 2}}}
)");
  const Finished refused = place.run({"trace", "synth", "scenario.yaml"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("is a closed loop"));
  EXPECT_THAT(refused.err, HasSubstr("--per-query"));
}

TEST(TraceReplay, NamesTheNearestLabelForOneThatNoRowHas) {
  const Workplace place(R"(
schema: 1
name: small
horizon: 10m
models: {scene: {service_time: 0.3s}}
workload: [{name: day, trace: {file: t.csv, map: {scen: scene, "*": scene}}}]
cluster: {node_pools: {pool: {gpu: T4, nodes: 2}}}
)");
  std::ofstream(place.path() / "t.csv") << "timestamp,model\n1,scene\n2,b\n";
  const Finished finished = place.run({"run", "scenario.yaml"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  std::string text = finished.out;  // notes are wrapped
  text.replace(text.find("mean\n  "), 7, "mean ");
  EXPECT_THAT(text, HasSubstr("no row read has the map's label \"scen\"; did you mean \"scene\"?"));
}

TEST(TraceSynth, SaysWhatIsMissing) {
  const Workplace place(small_scenario());
  const auto refused = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"trace", "synth"});
    const Finished finished = place.run(options);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_THAT(place.left_behind(), ElementsAre());
    return finished.err;
  };
  EXPECT_THAT(refused({}), HasSubstr("give a scenario, or --arrivals"));
  EXPECT_THAT(refused({"--arrivals", "{process: poisson, rate: 5/s}"}), HasSubstr("this traffic never ends"));
  EXPECT_THAT(refused({"--arrivals", "{process: poison, rate: 5/s}", "--for", "1h"}),
              HasSubstr("did you mean \"poisson\"?"));
  EXPECT_THAT(refused({"--arrivals", "{process: poisson, rate: 5/s}", "--for", "1"}), HasSubstr("is no duration"));
  EXPECT_THAT(refused({"scenario.yaml", "--workload", "nobody"}), HasSubstr("no entry is called \"nobody\""));
}

TEST(TraceFit, PrintsAnEntryThatRunsAndComesNearTheRecording) {
  const Workplace place(small_scenario());
  ASSERT_EQ(place.run({"trace", "synth", "--arrivals", kBursty, "--for", "4h", "-o", "t.csv"}).exit_code, 0);
  const Finished fitted = place.run({"trace", "fit", "t.csv", "--model", "scene", "-o", "fit.yaml"});
  ASSERT_EQ(fitted.exit_code, 0) << fitted.err;
  EXPECT_THAT(fitted.out, HasSubstr("index of dispersion, 60 s"));
  EXPECT_LE(widest_line(fitted.out), 80);
  EXPECT_THAT(read_file(place.path() / "fit.yaml"), HasSubstr("- model: scene"));
  // The entry is one that synth takes, and a second fit is of the same kind.
  ASSERT_EQ(place.run({"trace", "synth", "fit.yaml", "-o", "again.csv"}).exit_code, 0);
  const auto figures = [&](const char* file) {
    return FitJson::parse(
        place.run({"trace", "fit", file, "--course", "none", "--format", "json", "--seeds", "1"}).out);
  };
  const FitJson first = figures("t.csv"), again = figures("again.csv");
  EXPECT_GE(first["states"], 2);
  EXPECT_NEAR(again["figures"][0]["recorded"].get<double>() / first["figures"][0]["recorded"].get<double>(), 1, 0.2);
}

TEST(TraceFit, RefusesWhatItCannotFit) {
  const Workplace place(small_scenario());
  std::ofstream(place.path() / "t.csv") << "timestamp\n1\n2\n";
  const Finished few = place.run({"trace", "fit", "t.csv"});
  EXPECT_EQ(few.exit_code, 2);
  EXPECT_THAT(few.err, HasSubstr("at least 20 queries"));
  const Finished course = place.run({"trace", "fit", "t.csv", "--course", "level"});
  EXPECT_EQ(course.exit_code, 2);
  EXPECT_THAT(course.err, HasSubstr("did you mean \"levels\"?"));
  EXPECT_THAT(place.run({"trace", "fit", "--help"}).out, HasSubstr("--course"));
}

}  // namespace trace_process_test
}  // namespace windtunnel::e2e
