#include "sim/report/run_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "sim/report/summary.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace run_table_test {

using testing::example_run;
using testing::example_scenario;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::widest_line;

TEST(RunTable, ShowsWhatRepeatsTheRunThenCountsKillsAndCost) {
  const std::string text = run_table(summarize(example_scenario(), example_run()));
  EXPECT_THAT(text, HasSubstr("room-pipeline: seed 7, horizon 1h, warm-up 10m, digest 0123456789abcdef"));
  EXPECT_THAT(text, HasSubstr("Kills: 5, 5 of memory; OOM events survived: 2; restarts: 5; cause device_full\n"
                              "  (5); exit code 1 (1), 137 (4)\n"));
  EXPECT_THAT(text, HasSubstr("Cost: 2.75 USD, 2.78 USD per 1000 completed"));
  EXPECT_THAT(text, HasSubstr("Note: rate_scale"));
  EXPECT_THAT(text, HasSubstr("200 rows of render dropped: PENDING"));
  EXPECT_LE(widest_line(text), 80);
}

TEST(RunTable, OfReplicationsShowsHalfWidths) {
  const std::array runs = {example_run(990, 5, 7), example_run(980, 7, 8)};
  const std::string text = run_table(summarize(example_scenario(), runs));
  EXPECT_THAT(text, HasSubstr("2 replications"));
  EXPECT_THAT(text, HasSubstr("\xc2\xb1"));
  EXPECT_LE(widest_line(text), 80);
}

TEST(RunTable, FitsEightyColumnsWhateverTheFiguresAndNames) {
  RunResult run = example_run();
  Scenario scenario = example_scenario();
  scenario.name = std::string(200, 'n');
  for (ModelResult& model : run.models) {
    model.name = "\xe6\x97\xa5\xe6\x9c\xac-" + std::string(60, 'x') + model.name;
    model.queries = {.arrived = 123456, .completed = 999499, .failed = 555555, .rejected = 333333};
    model.replicas = model.ready_replicas = {.mean = 123456.7, .max = 234567, .min = 0};
    model.kills.total = model.kills.oom = model.kills.exit_137 = 777777;
    model.oom_events = 888888;
    model.cost_usd = 9876.54;
    model.response_time.record(to_duration(3e6));
  }
  run.notes.push_back("a path without spaces: /" + std::string(300, 'p'));
  const std::array runs = {run, run, example_run()};
  EXPECT_LE(widest_line(run_table(summarize(scenario, run))), 80);
  EXPECT_LE(widest_line(run_table(summarize(scenario, runs))), 80);
}

TEST(RunTable, ShowsADashWhereNothingIsKnown) {
  RunResult run = example_run();
  run.pipelines.clear();
  run.models.resize(1);
  run.models[0].response_time = Histogram{};
  run.models[0].slo = {};
  const std::string text = run_table(summarize(example_scenario(), run));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
  EXPECT_THAT(text, HasSubstr(" - "));
}

}  // namespace run_table_test
}  // namespace windtunnel
