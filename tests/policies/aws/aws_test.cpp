// AWS step scaling and target tracking.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policies/aws/step_scaling.hpp"
#include "policies/aws/target_tracking.hpp"
#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using std::chrono::seconds;

SimTime minute(int n) {
  return SimTime{std::chrono::minutes(n)};
}

TEST(StepScaling, TheLowerBoundIsInsideAboveTheThresholdAndTheUpperOneBelow) {
  const std::vector<ScalingStep> out = {{0, 10, 1}, {10, std::nullopt, 2}};
  EXPECT_EQ(find_step(out, 10)->adjustment, 2);
  EXPECT_EQ(find_step(out, 9.99)->adjustment, 1);
  EXPECT_EQ(find_step(out, -1), nullptr);
  const std::vector<ScalingStep> in = {{-10, 0, -1}, {std::nullopt, -10, -2}};
  EXPECT_EQ(find_step(in, -10)->adjustment, -2);
  EXPECT_EQ(find_step(in, -9.99)->adjustment, -1);
}

TEST(StepScaling, PercentRoundsTowardsZeroButNeverToZero) {
  EXPECT_EQ(round_percent_change(12.7), 12);
  EXPECT_EQ(round_percent_change(-6.67), -6);
  EXPECT_EQ(round_percent_change(0.4), 1);
  EXPECT_EQ(round_percent_change(-0.4), -1);
  EXPECT_EQ(round_percent_change(0), 0);
  const ScalingStep tenth{0, std::nullopt, 10};
  EXPECT_EQ(stepped_capacity(4, StepAdjustment::percent_change_in_capacity, tenth, 2), 6)
      << "a magnitude of 2 at least";
  EXPECT_EQ(stepped_capacity(4, StepAdjustment::exact_capacity, tenth, 0), 10);
  EXPECT_EQ(stepped_capacity(1, StepAdjustment::change_in_capacity, {std::nullopt, 0, -3}, 0), 0);
}

TEST(StepScaling, RefusesGapsAndOverlaps) {
  EXPECT_EQ(check_steps(std::vector<ScalingStep>{{10, std::nullopt, 2}, {0, 10, 1}}), "");
  EXPECT_NE(check_steps(std::vector<ScalingStep>{{0, 10, 1}, {12, std::nullopt, 2}}).find("gap"), std::string::npos);
  EXPECT_NE(check_steps(std::vector<ScalingStep>{{0, 10, 1}, {8, std::nullopt, 2}}).find("overlap"), std::string::npos);
  EXPECT_NE(check_steps({}), "");
}

/// Feeds one data point a minute from `from` on; the capacity follows.
std::int32_t feed(TargetTracking& policy, std::int32_t capacity, double metric, int from, int points) {
  for (int i = 0; i < points; ++i) capacity = policy.point(metric, capacity, minute(from + i)).capacity;
  return capacity;
}

TEST(TargetTracking, ScalesOutAfterThreePointsByProportion) {
  TargetTracking policy({.target = 50});
  EXPECT_EQ(feed(policy, 4, 75, 0, 2), 4);
  EXPECT_EQ(feed(policy, 4, 75, 2, 1), 6);
}

TEST(TargetTracking, OnlyALargerScaleOutActsInItsCooldownAndWhatWasAddedCounts) {
  TargetTracking policy({.target = 50, .points_out = 1});
  EXPECT_EQ(feed(policy, 4, 75, 0, 1), 6) << "+2";
  const auto same = policy.point(60, 6, minute(1));
  EXPECT_EQ(same.capacity, 6) << "ceil(7.2) would be +2 again";
  EXPECT_STREQ(same.limit, "ScaleOutCooldown");
  EXPECT_EQ(policy.point(75, 6, minute(2)).capacity, 7) << "+3, of which 2 are there";
  EXPECT_EQ(policy.point(75, 7, minute(8)).capacity, 11) << "after the cooldown all of it";
}

TEST(TargetTracking, ScaleInWaitsFifteenPointsBelowNineTenths) {
  TargetTracking policy({.target = 50});
  EXPECT_EQ(feed(policy, 10, 45, 0, 60), 10) << "45 is not below 90 %";
  EXPECT_EQ(feed(policy, 10, 20, 60, 14), 10);
  EXPECT_EQ(feed(policy, 10, 20, 74, 1), 4);
  EXPECT_EQ(policy.point(20, 4, minute(75)).capacity, 4) << "cooldown";
  TargetTracking out_only({.target = 50, .disable_scale_in = true});
  EXPECT_EQ(feed(out_only, 10, 1, 0, 30), 10);
}

TEST(TargetTracking, MissingDataChangesNothingAndBreaksTheSeries) {
  TargetTracking policy({.target = 50});
  EXPECT_EQ(feed(policy, 4, 75, 0, 2), 4);
  EXPECT_EQ(policy.point(std::nullopt, 4, minute(2)).capacity, 4);
  EXPECT_EQ(feed(policy, 4, 75, 3, 2), 4);
  EXPECT_EQ(feed(policy, 4, 75, 5, 1), 6);
}

TEST(TargetTracking, BacklogPerInstanceHasADivisorOfAtLeastOne) {
  EXPECT_EQ(backlog_per_instance(900, 3), 300);
  EXPECT_EQ(backlog_per_instance(900, 0), 900);
  EXPECT_EQ(acceptable_backlog_per_instance(60, 2.5), 24);
}

Observation busy(int instances, double queued, double now_s) {
  auto out = testing_support::with_backlog(testing_support::seen(instances, instances), queued, 0);
  out.now_s = now_s;
  return out;
}

TEST(StepScalingPolicy, TakesTheStepOfItsDistanceAfterTwoPoints) {
  const testing_support::Given given = {{"metric", std::string("backlog")},
                                        {"out_threshold", 10.0},
                                        {"out_bounds", std::vector<double>{0, 20}},
                                        {"out_adjustments", std::vector<double>{1, 4}},
                                        {"in_threshold", 2.0}};
  auto policy = testing_support::policy("aws_step_scaling", given);
  EXPECT_EQ(policy->decide(busy(2, 80, 0)).desired_replicas, 2);
  EXPECT_EQ(policy->decide(busy(2, 80, 60)).desired_replicas, 6) << "40 each, 30 above: the second step";
  EXPECT_EQ(policy->decide(busy(6, 80, 120)).desired_replicas, 6) << "+1 is not more than was added";
  EXPECT_EQ(policy->decide(busy(6, 0, 900)).desired_replicas, 6);
  EXPECT_EQ(policy->decide(busy(6, 0, 960)).desired_replicas, 5);
  EXPECT_EQ(policy->decide(busy(5, 0, 1020)).limits, "ScaleInCooldown");
}

TEST(StepScalingPolicy, RefusesStepsThatDoNotFit) {
  const auto wrong = [](const testing_support::Given& more) {
    testing_support::Given given = {{"out_threshold", 10.0}};
    given.insert(given.end(), more.begin(), more.end());
    return check_policy("aws_step_scaling", testing_support::policy_params("aws_step_scaling", given));
  };
  EXPECT_EQ(wrong({}), "");
  EXPECT_NE(wrong({{"out_bounds", std::vector<double>{0, 5}}}).find("an adjustment for each bound"), std::string::npos);
  EXPECT_NE(wrong({{"in_threshold", 10.0}}).find("not below out_threshold"), std::string::npos);
  EXPECT_NE(wrong({{"out_bounds", std::vector<double>{-5}}}).find("distances from the threshold"), std::string::npos);
}

TEST(BacklogPerInstancePolicy, TargetsWhatOneInstanceWorksOffInTime) {
  auto policy = testing_support::policy("aws_backlog_per_instance",
                                        {{"acceptable_latency", 10.0}, {"processing_time", 0.1}, {"points_out", 1.0}});
  EXPECT_EQ(policy->decide(busy(10, 1500, 0)).desired_replicas, 15) << "150 against 100";
}

}  // namespace
}  // namespace windtunnel
