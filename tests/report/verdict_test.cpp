#include "sim/report/verdict.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "sim/report/summary.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace verdict_test {

using testing::example_run;
using testing::example_scenario;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Judgement judged(const char* bound, double asked, double value, double ci95) {
  return judge({.metric = "totals.restarts", .bound = bound, .value = asked}, {value, ci95}, false);
}

TEST(Judge, IsMetOnlyWhenTheWholeIntervalLiesInside) {
  EXPECT_EQ(judged("below", 10, 8, 1.9).outcome, Outcome::met);
  EXPECT_EQ(judged("below", 10, 8, 2.1).outcome, Outcome::unsure);
  EXPECT_EQ(judged("above", 10, 12, 1.9).outcome, Outcome::met);
  EXPECT_EQ(judged("above", 10, 12, 2.1).outcome, Outcome::unsure);
}

TEST(Judge, TakesTheBoundItselfInForAtMostAndAtLeastOnly) {
  EXPECT_EQ(judged("at_most", 10, 8, 2).outcome, Outcome::met);
  EXPECT_EQ(judged("at_least", 10, 12, 2).outcome, Outcome::met);
  EXPECT_EQ(judged("below", 10, 8, 2).outcome, Outcome::unsure);
  EXPECT_EQ(judged("above", 10, 12, 2).outcome, Outcome::unsure);
  EXPECT_EQ(judged("below", 10, 10, 0).outcome, Outcome::missed);
  EXPECT_EQ(judged("above", 10, 10, 0).outcome, Outcome::missed);
  EXPECT_EQ(judged("at_most", 0, 0, 0).outcome, Outcome::met);
}

TEST(Judge, AValueBeyondTheBoundIsMissedHoweverWideItsInterval) {
  EXPECT_EQ(judged("at_most", 10, 10.5, 100).outcome, Outcome::missed);
  EXPECT_EQ(judged("at_least", 10, 9.5, 100).outcome, Outcome::missed);
}

TEST(Judge, SaysHowFarTheValueOrTheEndOfItsIntervalLiesBeyond) {
  EXPECT_DOUBLE_EQ(judged("at_most", 10, 12, 5).missing_by, 2);
  EXPECT_DOUBLE_EQ(judged("at_least", 10, 7, 5).missing_by, 3);
  EXPECT_DOUBLE_EQ(judged("at_most", 10, 9, 5).missing_by, 4);
  EXPECT_DOUBLE_EQ(judged("at_least", 10, 11, 5).missing_by, 4);
  EXPECT_EQ(judged("at_most", 10, 1, 5).missing_by, 0);
}

TEST(Judge, OfNothingMeasuredIsNotMet) {
  const Judgement one = judged("at_most", 10, kNone, kNone);
  EXPECT_EQ(one.outcome, Outcome::unmeasured);
  EXPECT_TRUE(std::isnan(one.missing_by));
}

TEST(Judge, WithoutAnIntervalAmongReplicationsIsUnsureUnlessBeyond) {
  EXPECT_EQ(judged("below", 10, 8, kNone).outcome, Outcome::unsure);
  EXPECT_EQ(judged("below", 10, 11, kNone).outcome, Outcome::missed);
}

TEST(Judge, OfOneReplicationLooksAtTheValueAlone) {
  const ExpectSpec asked{.metric = "totals.restarts", .bound = "below", .value = 10};
  EXPECT_EQ(judge(asked, {8, kNone}, true).outcome, Outcome::met);
  EXPECT_EQ(judge(asked, {11, kNone}, true).outcome, Outcome::missed);
}

TEST(Judge, DoesNotMissABoundByTheRoundingOfAMean) {
  const double mean = (0.1 + 0.1 + 0.1) / 3;
  ASSERT_GT(mean, 0.1);
  EXPECT_EQ(judged("at_most", 0.1, mean, 1e-17).outcome, Outcome::met);
  EXPECT_EQ(judged("below", 0.1, 0.2 - mean, 0).outcome, Outcome::missed);
}

TEST(Verdict, IsReadFromTheSummaryAndMetOnlyWhenEveryLineIs) {
  Scenario scenario = example_scenario();
  scenario.expect = {{.metric = "totals.kills.oom", .bound = "at_most", .value = 9},
                     {.metric = "totals.kills.by_exit_code.3", .bound = "at_most", .value = 0},
                     {.metric = "models.room-scene.slo.attainment", .bound = "at_least", .value = 0.99}};
  const std::array runs = {example_run(990, 5, 7), example_run(990, 5, 8)};
  const Verdict verdict = judge(scenario, summarize(scenario, runs), "MPS");
  EXPECT_EQ(verdict.replications, 2U);
  EXPECT_EQ(verdict.seed, 7U);
  EXPECT_EQ(verdict.variant, "MPS");
  ASSERT_EQ(verdict.judgements.size(), 3U);
  EXPECT_EQ(verdict.judgements[0].outcome, Outcome::met);
  EXPECT_EQ(verdict.judgements[0].measured.ci95, 0);  // equal counts have an interval of no width
  EXPECT_EQ(verdict.judgements[1].outcome, Outcome::met);
  EXPECT_EQ(verdict.judgements[1].measured.value, 0);  // an exit code that nobody saw
  EXPECT_EQ(verdict.judgements[2].outcome, Outcome::missed);
  EXPECT_DOUBLE_EQ(verdict.judgements[2].measured.value, 0.9);
  EXPECT_FALSE(verdict.is_met());
  scenario.expect.pop_back();
  EXPECT_TRUE(judge(scenario, summarize(scenario, runs)).is_met());
}

TEST(Verdict, OfOneReplicationHasNoIntervals) {
  Scenario scenario = example_scenario();
  scenario.expect = {{.metric = "totals.kills.by_exit_code.3", .bound = "at_most", .value = 0},
                     {.metric = "totals.kills.oom", .bound = "at_most", .value = 5}};
  const Verdict verdict = judge(scenario, summarize(scenario, example_run()));
  EXPECT_TRUE(verdict.is_met());
  for (const Judgement& one : verdict.judgements) EXPECT_TRUE(std::isnan(one.measured.ci95));
}

TEST(Verdict, TakesContradictingAndRepeatedLinesAsTheyAre) {
  Scenario scenario = example_scenario();
  const ExpectSpec low{.metric = "totals.kills.oom", .bound = "below", .value = 1};
  const ExpectSpec high{.metric = "totals.kills.oom", .bound = "above", .value = 1};
  scenario.expect = {low, high, high};
  const Verdict verdict = judge(scenario, summarize(scenario, example_run()));
  EXPECT_EQ(verdict.count(Outcome::met), 2U);
  EXPECT_EQ(verdict.count(Outcome::missed), 1U);
}

}  // namespace verdict_test
}  // namespace windtunnel
