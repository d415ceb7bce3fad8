#include "sim/report/summary.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/report/statistics.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace summary_test {

using Json = nlohmann::ordered_json;
using testing::example_run;
using testing::example_scenario;

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& item : object.items()) keys.push_back(item.key());
  return keys;
}

using Keys = std::vector<std::string>;

TEST(Summary, HasEveryNameOfTheContract) {
  const Json summary = summarize(example_scenario(), example_run());
  for (const char* key : {"schema", "version", "scenario", "scenario_digest", "seed", "horizon_s", "warm_up_s",
                          "models", "pipelines", "totals", "cluster", "engine"})
    EXPECT_TRUE(summary.contains(key)) << key;
  EXPECT_EQ(summary.front(), 1);
  EXPECT_EQ(keys_of(summary).back(), "engine");

  const Json& model = summary["models"]["room-scene"];
  EXPECT_EQ(keys_of(model["queries"]),
            (Keys{"arrived", "completed", "failed", "timed_out", "rejected", "in_flight", "queued", "redelivered"}));
  for (const char* key : {"response_time_s", "queueing_delay_s", "service_time_s"})
    EXPECT_EQ(keys_of(model[key]), (Keys{"mean", "p50", "p90", "p95", "p99", "p999", "max"})) << key;
  for (const char* key : {"queued", "in_service", "backlog", "backlog_time_s"})
    EXPECT_EQ(keys_of(model[key]), (Keys{"mean", "max"})) << key;
  for (const char* key : {"replicas", "ready_replicas"}) EXPECT_EQ(keys_of(model[key]), (Keys{"mean", "min", "max"}));
  EXPECT_EQ(keys_of(model["scaling"]), (Keys{"ups", "downs", "decisions"}));
  EXPECT_EQ(keys_of(model["kills"]), (Keys{"total", "oom", "exit_137", "by_cause", "by_exit_code"}));
  for (const char* key : {"oom_events", "restarts", "lost_work_s", "cost_usd"}) EXPECT_TRUE(model.contains(key)) << key;
  for (const char* key : {"attainment", "goodput_per_s"}) EXPECT_TRUE(model["slo"].contains(key)) << key;

  for (const char* key : {"queries", "response_time_s", "slo"})
    EXPECT_TRUE(summary["pipelines"]["render"].contains(key)) << key;
  for (const char* key : {"queries", "kills", "oom_events", "restarts", "cost_usd", "cost_per_1000_completed_usd"})
    EXPECT_TRUE(summary["totals"].contains(key)) << key;
  for (const char* key : {"node_hours", "gpu_hours", "gpu_utilization", "memory_used_mean_bytes",
                          "memory_used_max_bytes", "stranded_memory_bytes"})
    EXPECT_TRUE(summary["cluster"].contains(key)) << key;
  EXPECT_EQ(keys_of(summary["engine"]),
            (Keys{"events", "queries", "wall_s", "cpu_s", "events_per_s", "queries_per_s", "peak_rss_bytes"}));
}

TEST(Summary, TotalsCountAPipelineQueryOnceAndKillsOfAllModels) {
  const Json totals = summarize(example_scenario(), example_run())["totals"];
  EXPECT_EQ(totals["queries"]["arrived"], 1000);
  EXPECT_EQ(totals["queries"]["completed"], 990);
  EXPECT_EQ(totals["queries"]["redelivered"], 6);  // three at each of two stages
  EXPECT_EQ(totals["kills"]["total"], 5);
  EXPECT_EQ(totals["kills"]["by_cause"]["device_full"], 5);
  EXPECT_EQ(totals["kills"]["by_cause"]["probe"], 0);
  EXPECT_EQ(totals["kills"]["by_exit_code"]["137"], 4);
  EXPECT_DOUBLE_EQ(totals["cost_per_1000_completed_usd"].get<double>(), 2750.0 / 990);
}

TEST(Summary, TotalsTakeTheSimulationsOwnCountOfRootQueries) {
  RunResult run = example_run();
  run.totals = QueryCounts{.arrived = 1500, .completed = 1400, .failed = 100};
  EXPECT_EQ(summarize(example_scenario(), run)["totals"]["queries"]["arrived"], 1500);
}

TEST(Summary, IsNullWhereThereIsNothingToSay) {
  RunResult run = example_run();
  run.models[1].response_time = Histogram{};
  run.cluster.gpu_hours = 0;
  run.pipelines[0].queries = {};
  run.horizon_s = kMaxSeconds;
  const Json summary = summarize(example_scenario(), run);
  EXPECT_TRUE(summary["models"]["quality"]["response_time_s"]["p95"].is_null());
  EXPECT_TRUE(summary["models"]["quality"]["slo"]["attainment"].is_null());
  EXPECT_TRUE(summary["cluster"]["gpu_utilization"].is_null());
  EXPECT_TRUE(summary["totals"]["cost_per_1000_completed_usd"].is_null());
  EXPECT_TRUE(summary["horizon_s"].is_null());
}

TEST(Summary, GoodputIsQueriesOnTargetPerMeasuredSecond) {
  const Json slo = summarize(example_scenario(), example_run())["models"]["room-scene"]["slo"];
  EXPECT_DOUBLE_EQ(slo["attainment"].get<double>(), 0.9);
  EXPECT_DOUBLE_EQ(slo["goodput_per_s"].get<double>(), 0.3);
}

TEST(Summary, KeepsExactThresholdCounts) {
  RunResult run = example_run();
  run.models[0].response_thresholds = {{.at_s = 1.5, .at_or_below = 51}};
  const Json rows = summarize(example_scenario(), run)["models"]["room-scene"]["response_time_thresholds"];
  EXPECT_EQ(rows[0]["at_s"], 1.5);
  EXPECT_EQ(rows[0]["at_or_below"], 51);
}

TEST(Summary, OfOneReplicationHasNoIntervals) {
  const std::array runs = {example_run()};
  const Json summary = summarize(example_scenario(), runs);
  EXPECT_EQ(summary.dump().find("_ci95"), std::string::npos);
  EXPECT_EQ(summary["replications"], 1);
}

TEST(Summary, OfReplicationsHasMeansWithIntervalsBesideThem) {
  const std::array runs = {example_run(990, 5, 7), example_run(980, 7, 11), example_run(970, 9, 13)};
  const Json summary = summarize(example_scenario(), runs);
  EXPECT_EQ(summary["replications"], 3);
  EXPECT_EQ(summary["seeds"], (Json{7, 11, 13}));
  EXPECT_EQ(summary["seed"], 7);
  const Json& queries = summary["totals"]["queries"];
  EXPECT_DOUBLE_EQ(queries["completed"].get<double>(), 980);
  EXPECT_NEAR(queries["completed_ci95"].get<double>(), student_t_975(2) * 10 / std::sqrt(3.0), 1e-9);
  EXPECT_DOUBLE_EQ(queries["arrived_ci95"].get<double>(), 0);
  EXPECT_DOUBLE_EQ(summary["totals"]["kills"]["total"].get<double>(), 7);
  EXPECT_TRUE(summary["models"]["room-scene"]["response_time_s"].contains("p95_ci95"));
  EXPECT_EQ(summary["engine"]["events"], 30000);
  EXPECT_FALSE(summary["engine"].contains("events_ci95"));
  EXPECT_EQ(summary["notes"].size(), 1U);
  EXPECT_EQ(summary["models"]["room-scene"]["slo"]["target_s"], 8.0);
  EXPECT_FALSE(summary["models"]["room-scene"]["slo"].contains("target_s_ci95"));
}

TEST(Summary, CountsAnExitCodeThatOneReplicationNeverSawAsZeroThere) {
  RunResult calm = example_run();
  calm.models[0].kills = {};
  const std::array runs = {calm, example_run(990, 5)};
  const Json summary = summarize(example_scenario(), runs);
  EXPECT_DOUBLE_EQ(summary["totals"]["kills"]["by_exit_code"]["137"].get<double>(), 2);
}

TEST(Summary, LeavesReplicationsThatSayNothingOutOfTheMean) {
  RunResult idle = example_run();
  idle.models[0].response_time = Histogram{};
  const std::array runs = {idle, example_run()};
  const Json times = summarize(example_scenario(), runs)["models"]["room-scene"]["response_time_s"];
  EXPECT_DOUBLE_EQ(times["mean"].get<double>(), example_run().models[0].response_time.mean_s());
  EXPECT_TRUE(times["mean_ci95"].is_null());
}

TEST(JsonText, ReadsBackTheSameNumbersAndEndsInANewline) {
  const Json value = {{"third", 1.0 / 3}, {"big", 123456789012345678ULL}};
  const std::string text = json_text(value);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(Json::parse(text), value);
}

TEST(JsonText, SurvivesANameThatIsNoUtf8) {
  Scenario scenario = example_scenario();
  scenario.name = "broken\xff";
  EXPECT_EQ(Json::parse(json_text(summarize(scenario, example_run())))["scenario"], "broken\xef\xbf\xbd");
}

}  // namespace summary_test
}  // namespace windtunnel
