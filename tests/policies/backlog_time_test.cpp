// backlog_time: both spellings, measured or given, and the trap between them.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using testing_support::policy;
using testing_support::policy_params;
using testing_support::seen;
using testing_support::with_backlog;

Observation backlog(double n, int current, int ready) {
  return with_backlog(seen(current, ready), n, 0);
}

TEST(BacklogTime, WithProcessingTimeIsBacklogTimesSecondsOverReadyReplicas) {
  // 30 queries of 2 s on 4 ready replicas: 15 s. To clear in 5 s: 30 * 2 / 5 = 12 replicas.
  const auto decision = policy("backlog_time", {{"processing_time", 2.0}})->decide(backlog(30, 4, 4));
  EXPECT_DOUBLE_EQ(decision.value, 15);
  EXPECT_EQ(decision.desired_replicas, 12);
  EXPECT_EQ(decision.reason, "above target");
}

TEST(BacklogTime, WithThroughputIsBacklogOverQueriesPerSecondOfTheReadyReplicas) {
  // The same replica said the other way round: 2 s a query is 0.5 queries per second.
  const auto decision = policy("backlog_time", {{"throughput", 0.5}})->decide(backlog(30, 4, 4));
  EXPECT_DOUBLE_EQ(decision.value, 15);
  EXPECT_EQ(decision.desired_replicas, 12);
}

// The trap: "backlog / processing time" is not a time. For a slow model it says the backlog is small just when it is
// large: 30 queries of 10 s are 300 s of work, yet 30 / 10 = 3 would pass under a target of "3 s".
TEST(BacklogTime, OfASlowModelIsNotTheQuotientThatLooksLikeATime) {
  const double target_s = 3, processing_time_s = 10, queries = 30;
  ASSERT_LE(queries / processing_time_s, target_s) << "the trap would be content with one replica";
  auto rule = policy("backlog_time", {{"target", target_s}, {"processing_time", processing_time_s}});
  const auto decision = rule->decide(backlog(queries, 1, 1));
  EXPECT_DOUBLE_EQ(decision.value, 300);
  EXPECT_EQ(decision.desired_replicas, 100);
}

TEST(BacklogTime, OfAFastModelIsNotTheQuotientEither) {
  // 30 queries of 0.1 s are 3 s of work; 30 / 0.1 = 300 would ask for a hundred replicas.
  const auto decision = policy("backlog_time", {{"target", 3.0}, {"processing_time", 0.1}})->decide(backlog(30, 1, 1));
  EXPECT_DOUBLE_EQ(decision.value, 3);
  EXPECT_EQ(decision.desired_replicas, 1);
}

TEST(BacklogTime, CountsReadyReplicasNotThoseStillStarting) {
  const auto decision = policy("backlog_time", {{"processing_time", 1.0}})->decide(backlog(20, 8, 2));
  EXPECT_DOUBLE_EQ(decision.value, 10);
  EXPECT_EQ(decision.desired_replicas, 4) << "20 * 1 / 5, whatever is ready now";
}

TEST(BacklogTime, TakesNoReadyReplicaForOne) {
  const auto decision = policy("backlog_time", {{"processing_time", 1.0}})->decide(backlog(20, 2, 0));
  EXPECT_DOUBLE_EQ(decision.value, 20);
  EXPECT_EQ(decision.desired_replicas, 4);
}

TEST(BacklogTime, DividesProcessingTimeByConcurrencyButNotAFigureOfThroughput) {
  Observation o = backlog(64, 1, 1);
  o.concurrency = 8;
  EXPECT_DOUBLE_EQ(policy("backlog_time", {{"processing_time", 1.0}})->decide(o).value, 8);
  EXPECT_DOUBLE_EQ(policy("backlog_time", {{"throughput", 8.0}})->decide(o).value, 8)
      << "a replica's throughput is of the whole replica already";
}

TEST(BacklogTime, MeasuresProcessingTimeWhenNoFigureIsGiven) {
  auto rule = policy("backlog_time", {});
  EXPECT_TRUE(rule->needs().processing_time);
  EXPECT_FALSE(rule->needs().throughput);
  Observation o = backlog(30, 4, 4);
  o.processing_time_s = 2;
  EXPECT_EQ(rule->decide(o).desired_replicas, 12);
}

TEST(BacklogTime, MeasuresThroughputOfTheWholeModelWhenAsked) {
  auto rule = policy("backlog_time", {{"measure", std::string("throughput")}, {"window", 30.0}});
  EXPECT_TRUE(rule->needs().throughput);
  EXPECT_FALSE(rule->needs().processing_time);
  EXPECT_EQ(rule->needs().window, std::chrono::seconds(30));
  Observation o = backlog(30, 4, 4);
  o.throughput_per_s = 2;
  const auto decision = rule->decide(o);
  EXPECT_DOUBLE_EQ(decision.value, 15) << "30 queries at 2 per second of all four";
  EXPECT_EQ(decision.desired_replicas, 12);
}

TEST(BacklogTime, AsksForNoSignalWhenAFigureIsGiven) {
  for (const char* figure : {"processing_time", "throughput"}) {
    const auto needs = policy("backlog_time", {{figure, 2.0}})->needs();
    EXPECT_FALSE(needs.processing_time || needs.throughput || needs.response_time || needs.gpu) << figure;
  }
}

TEST(BacklogTime, KeepsTheCountWhenNothingCompletedAndSaysWhy) {
  const auto none = policy("backlog_time", {})->decide(backlog(30, 4, 4));  // processing time: no sample
  EXPECT_EQ(none.desired_replicas, 4);
  EXPECT_EQ(none.reason, "a backlog, but no completions to measure");
  Observation stuck = backlog(30, 4, 4);
  stuck.throughput_per_s = 0;
  EXPECT_EQ(policy("backlog_time", {{"measure", std::string("throughput")}})->decide(stuck).desired_replicas, 4);
}

TEST(BacklogTime, StartsTheFirstReplicaEvenWithNothingMeasured) {
  EXPECT_EQ(policy("backlog_time", {})->decide(backlog(1, 0, 0)).desired_replicas, 1);
}

TEST(BacklogTime, WantsNoneWithoutBacklogMeasuredOrNot) {
  const auto decision = policy("backlog_time", {})->decide(backlog(0, 4, 4));
  EXPECT_EQ(decision.desired_replicas, 0);
  EXPECT_EQ(decision.value, 0);
}

TEST(BacklogTime, KeepsTheCountWithoutASampleOfTheBacklog) {
  const auto decision = policy("backlog_time", {{"processing_time", 1.0}})->decide(backlog(kNoSample, 3, 3));
  EXPECT_EQ(decision.desired_replicas, 3);
  EXPECT_EQ(decision.reason, "no sample of the backlog");
}

TEST(BacklogTime, IsExactWhereTheQuotientIsWhole) {
  // ceil(backlog * S / target) with S = target: the backlog itself, for every S, whatever S is in binary.
  for (const double s : {0.1, 0.3, 1.0, 1.54, 2.03, 5.0}) {
    auto rule = policy("backlog_time", {{"target", s}, {"processing_time", s}});
    for (int n = 1; n <= 1000; ++n) ASSERT_EQ(rule->decide(backlog(n, 7, 3)).desired_replicas, n) << s << " s";
  }
}

TEST(BacklogTime, SurvivesABacklogThatNoIntegerHolds) {
  const auto decision = policy("backlog_time", {{"processing_time", 1e6}})->decide(backlog(1e300, 1, 1));
  EXPECT_EQ(decision.desired_replicas, 1'000'000);
}

TEST(CheckPolicy, RefusesBothSpellingsAtOnceAndNamesTheWayOut) {
  const auto message =
      check_policy("backlog_time", policy_params("backlog_time", {{"processing_time", 2.0}, {"throughput", 0.5}}));
  EXPECT_NE(message.find("processing_time and throughput are both given"), std::string::npos) << message;
  EXPECT_NE(message.find("keep"), std::string::npos) << message;
}

TEST(CheckPolicy, RefusesAMeasurementThatContradictsTheFigure) {
  const auto of = [](const char* figure, const char* measure) {
    return check_policy("backlog_time",
                        policy_params("backlog_time", {{figure, 2.0}, {"measure", std::string(measure)}}));
  };
  EXPECT_FALSE(of("processing_time", "throughput").empty());
  EXPECT_FALSE(of("throughput", "processing_time").empty());
  EXPECT_TRUE(of("throughput", "throughput").empty());
  EXPECT_TRUE(of("processing_time", "processing_time").empty());
}

TEST(CheckPolicy, AcceptsTheDefaultsOfEveryPolicyAndEachFigureAlone) {
  EXPECT_EQ(check_policy("backlog_time", policy_params("backlog_time")), "");
  EXPECT_EQ(check_policy("backlog_time", policy_params("backlog_time", {{"throughput", 0.5}})), "");
  EXPECT_EQ(check_policy("fixed", policy_params("fixed")), "");
}

TEST(BacklogTime, ParametersPointToEachOtherWhenTheUnitIsTheOthers) {
  for (const auto& param : testing_support::policy_entry("backlog_time").params) {
    if (param.name == "processing_time") {
      EXPECT_NE(param.wrong_unit_hint.find("throughput: 3/s"), std::string_view::npos);
    }
    if (param.name == "throughput") {
      EXPECT_NE(param.wrong_unit_hint.find("processing_time: 330ms"), std::string_view::npos);
    }
  }
}

}  // namespace
}  // namespace windtunnel
