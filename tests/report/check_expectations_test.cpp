#include "sim/report/check_expectations.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "sim/report/metric_path.hpp"
#include "sim/report/metric_shape.hpp"
#include "sim/report/metric_unit.hpp"
#include "sim/report/summary.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace check_expectations_test {

using Json = nlohmann::ordered_json;
using testing::example_run;
using testing::example_scenario;

/// The example with a target and thresholds for its first model, traffic, and a model whose name holds a dot.
Scenario scenario_with(std::vector<ExpectSpec> expect) {
  Scenario scenario = example_scenario();
  scenario.file = "room.yaml";
  scenario.models[0].slo.response_time = std::chrono::seconds(8);
  scenario.models[0].thresholds = {std::chrono::seconds(1)};
  scenario.models.emplace_back();
  scenario.models[2].name = "v1.5_s";
  scenario.workload.emplace_back();
  scenario.workload[0].name = "render";
  scenario.expect = std::move(expect);
  return scenario;
}

/// The one message that a metric gets, or empty.
std::string message(const std::string& metric, BoundKind kind = BoundKind::number) {
  const Problems problems =
      check_expectations(scenario_with({{.metric = metric, .bound = "below", .value = 8, .kind = kind, .line = 12}}));
  return problems.empty() ? "" : problems.front().text();
}

void collect(const Json& at, const std::string& path, std::set<std::string>& out) {
  out.insert(path);
  if (!at.is_structured()) return;  // items() of a figure is the figure itself
  for (const auto& item : at.items()) collect(item.value(), path + "/" + item.key(), out);
}

TEST(SummaryShape, HasTheNamesOfAMergedSummary) {
  Scenario scenario = example_scenario();
  scenario.models[0].slo.response_time = scenario.pipelines[0].slo.response_time = std::chrono::seconds(8);
  scenario.workload.emplace_back();
  scenario.workload[0].name = "render";
  RunResult run = example_run();
  run.sources[0].second.dropped.clear();  // what only a run knows
  run.notes.clear();
  run.models[0].kills = {};
  const std::array runs = {run, run};
  std::set<std::string> expected, seen;
  collect(summarize(scenario, runs), "", expected);
  collect(summary_shape(scenario), "", seen);
  EXPECT_EQ(seen, expected);
}

TEST(CheckExpectations, AcceptsWhatTheScenarioMeasures) {
  for (const char* metric :
       {"totals.kills.oom", "models.room-scene.response_time_s.p95", "models.\"v1.5_s\".queries.failed",
        "pipelines.render.queries.completed", "cluster.gpu_utilization", "sources.render.rows", "measured_s",
        "models.room-scene.slo.attainment", "models.room-scene.response_time_thresholds.0.at_or_below",
        "models.room-scene.slowdown_mean", "totals.kills.by_exit_code.0", "models.quality.kills.by_exit_code.255",
        "totals.kills.by_cause.device_full", "sources.render.dropped.PENDING"})
    EXPECT_EQ(message(metric), "");
}

TEST(CheckExpectations, NamesPlaceAndTheNearestPath) {
  EXPECT_EQ(message("totals.kils.oom"),
            "room.yaml:12: expect.0.metric: totals.kils.oom: totals has no \"kils\"; did you mean totals.kills.oom?");
  EXPECT_EQ(message("modles.quality.waited"),
            "room.yaml:12: expect.0.metric: modles.quality.waited: summary.json has no \"modles\"; did you mean "
            "models.quality.waited?");
}

TEST(CheckExpectations, CompletesAPathThatBeginsTooLate) {
  EXPECT_NE(message("kills.oom").find("did you mean totals.kills.oom?"), std::string::npos);
  EXPECT_NE(message("render.queries.failed").find("did you mean pipelines.render.queries.failed?"), std::string::npos);
}

TEST(CheckExpectations, ListsTheKnownNamesWhereNoneIsNear) {
  EXPECT_NE(message("models.zzz.waited").find("known: room-scene, quality, v1.5_s"), std::string::npos);
}

TEST(CheckExpectations, AsksForQuotesAroundANameThatHoldsDots) {
  EXPECT_NE(message("models.v1.5_s.waited").find("did you mean models.\"v1.5_s\".waited?"), std::string::npos);
}

TEST(CheckExpectations, RefusesWhatIsNoMeasuredFigure) {
  const auto says = [](const char* metric, const char* what) {
    EXPECT_NE(message(metric).find(what), std::string::npos) << metric << ": " << message(metric);
  };
  says("totals.kills", "is a block, not a figure; it holds: total, oom, exit_137");
  says("notes", "is a list, not a figure");
  says("models.room-scene.response_time_thresholds", "write models.room-scene.response_time_thresholds.0.at_or_below");
  says("models.room-scene.response_time_thresholds.1.at_or_below", "\"1\" is no index into");
  says("models.room-scene.response_time_thresholds.0.at_s", "is given by the scenario, not measured");
  says("models.room-scene.slo.target_s", "is given by the scenario, not measured");
  says("scenario", "is a text, not a figure");
  says("seed", "is given by the scenario, not measured");
  says("horizon_s", "is given by the scenario, not measured");
  says("totals.kills.oom.more", "totals.kills.oom is a figure: nothing stands below it");
  says("totals.kills.oom_ci95", "is the half-width of an interval");
  says("engine.wall_s", "engine figures differ between runs");
  says("engine", "engine figures differ between runs");
  says("totals..oom", "\"totals..oom\" is not a path");
  says("totals.kills.by_exit_code.256", "\"256\" is no exit code");
  says("totals.kills.by_exit_code.007", "\"007\" is no exit code");
  says("totals.kills.by_exit_code.-1", "\"-1\" is no exit code");
}

TEST(CheckExpectations, RefusesWhatThisScenarioNeverMeasures) {
  EXPECT_NE(message("models.quality.slo.attainment").find("never measured here: models.quality has no target"),
            std::string::npos);
  EXPECT_NE(message("models.quality.slowdown_mean").find("only kept for models with thresholds"), std::string::npos);
}

TEST(CheckExpectations, ABoundIsInTheUnitOfItsMetric) {
  EXPECT_EQ(message("totals.kills.oom", BoundKind::duration),
            "room.yaml:12: expect.0.below: 8s is a duration, totals.kills.oom is a plain number; write the number "
            "alone");
  EXPECT_EQ(message("models.quality.response_time_s.p95", BoundKind::duration), "");
  EXPECT_NE(message("models.quality.response_time_s.p95", BoundKind::size), "");
  EXPECT_EQ(message("cluster.memory_used_max_bytes", BoundKind::size), "");
  EXPECT_NE(message("cluster.memory_used_max_bytes", BoundKind::rate), "");
  EXPECT_EQ(message("models.room-scene.slo.goodput_per_s", BoundKind::rate), "");
  EXPECT_NE(message("models.room-scene.slo.goodput_per_s", BoundKind::duration), "");
  EXPECT_NE(message("models.\"v1.5_s\".queries.failed", BoundKind::duration), "");  // a name says nothing of units
}

TEST(CheckExpectations, SaysAllProblemsAtOnceAndHowToBegin) {
  const Scenario scenario = scenario_with({{.metric = "totals.kils", .bound = "below"},
                                           {.metric = "totals.restarts", .bound = "below"},
                                           {.metric = "seed", .bound = "below"}});
  const Problems problems = check_expectations(scenario);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].where, "room.yaml: expect.0.metric: totals.kils");  // from --set: no line
  EXPECT_EQ(problems[1].where, "room.yaml: expect.2.metric: seed");
  EXPECT_EQ(check_expectations(scenario_with({})).front().text(),
            "room.yaml: expects nothing, so there is nothing to check; add `expect: [{metric: totals.kills.oom, "
            "at_most: 0}]`");
}

TEST(MetricAt, ReadsFiguresWithTheirIntervals) {
  const std::array runs = {example_run(990, 5), example_run(980, 7)};
  const Json summary = summarize(example_scenario(), runs);
  EXPECT_EQ(metric_at(summary, "totals.kills.oom").value, 6);
  EXPECT_GT(metric_at(summary, "totals.kills.oom").ci95, 0);
  EXPECT_EQ(metric_at(summary, "sources.render.dropped.PENDING").value, 200);
  EXPECT_EQ(metric_at(summary, "sources.render.dropped.other").value, 0);
  EXPECT_FALSE(metric_at(summary, "models.quality.slo.attainment").is_known());
}

TEST(MeasuredText, ShowsAsManyDigitsAsTheIntervalTellsAndTheBoundAsks) {
  const auto text = [](double value, double ci95, double bound, MetricUnit unit) {
    return measured_text({value, ci95}, bound, unit);
  };
  const std::string pm = " \xc2\xb1";
  EXPECT_EQ(text(11.7234, 0.3111, 15, MetricUnit::seconds), "11.72" + pm + "0.31 s");
  EXPECT_EQ(text(52364.4, 120.2, 0, MetricUnit::plain), "52,364" + pm + "120");
  EXPECT_EQ(text(0, 0, 0, MetricUnit::plain), "0" + pm + "0");
  EXPECT_EQ(text(15.0004, std::nan(""), 15, MetricUnit::seconds), "15.0004 s");
  EXPECT_EQ(text(22.5 * kGiB, 0, 16.0 * kGiB, MetricUnit::bytes), "22.5" + pm + "0 GiB");
  EXPECT_EQ(text(139.7, std::nan(""), 100, MetricUnit::usd), "139.70 USD");
  EXPECT_EQ(text(1234567, 0, 10, MetricUnit::plain), "1.23M" + pm + "0");
  EXPECT_EQ(text(1234567, 0, 1234566, MetricUnit::plain), "1,234,567" + pm + "0");
  EXPECT_EQ(text(std::nan(""), std::nan(""), 1, MetricUnit::plain), "nothing");
}

}  // namespace check_expectations_test
}  // namespace windtunnel
