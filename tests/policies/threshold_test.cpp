// threshold: what home-made scalers leave unsaid, one parameter each.
#include <gtest/gtest.h>

#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using testing_support::Given;

/// Decides every 10 s over a backlog that the test gives, the count following at once.
class ThresholdRun {
 public:
  explicit ThresholdRun(const Given& extra, int current = 4) : current_(current) {
    Given given = {{"upper", 5.0}, {"lower", 1.0}};
    given.insert(given.end(), extra.begin(), extra.end());
    policy_ = testing_support::policy("threshold", given);
  }
  /// @return by how much the count changed
  int check(double backlog, int ready = -1) {
    Observation o =
        testing_support::with_backlog(testing_support::seen(current_, ready < 0 ? current_ : ready), backlog, 0);
    o.now_s = now_s_ += 10;
    const int desired = policy_->decide(o).desired_replicas;
    const int change = desired - current_;
    current_ = desired;
    return change;
  }

 private:
  int current_;
  double now_s_ = 0;
  std::unique_ptr<ScalingPolicy> policy_;
};

TEST(Threshold, AddsAboveAndRemovesBelowABoundForEachReplica) {
  ThresholdRun run({});
  EXPECT_EQ(run.check(21), 1);  // 4 replicas: above 20
  EXPECT_EQ(run.check(25), 0);  // 5: at the bound
  EXPECT_EQ(run.check(4), -1);  // below 5
  EXPECT_EQ(run.check(10), 0);
}

TEST(Threshold, InclusiveCountsTheBoundItself) {
  EXPECT_EQ(ThresholdRun({}).check(20), 0);
  EXPECT_EQ(ThresholdRun({{"inclusive", true}}).check(20), 1);
  EXPECT_EQ(ThresholdRun({{"inclusive", true}}).check(4), -1);
}

TEST(Threshold, WaitsForSoManyChecksInARow) {
  ThresholdRun run({{"up_checks", 3.0}});
  EXPECT_EQ(run.check(100), 0);
  EXPECT_EQ(run.check(100), 0);
  EXPECT_EQ(run.check(10), 0);  // breaks the row
  EXPECT_EQ(run.check(100), 0);
  EXPECT_EQ(run.check(100), 0);
  EXPECT_EQ(run.check(100), 1);
  EXPECT_EQ(run.check(100), 0) << "the count starts anew after acting";
}

TEST(Threshold, WithoutResetEveryFurtherCheckActs) {
  ThresholdRun run({{"up_checks", 3.0}, {"reset_after_acting", false}});
  EXPECT_EQ(run.check(100) + run.check(100), 0);
  EXPECT_EQ(run.check(100), 1);
  EXPECT_EQ(run.check(100), 1);
}

TEST(Threshold, RestsAfterAdding) {
  ThresholdRun run({{"up_cooldown", 25.0}});
  EXPECT_EQ(run.check(100), 1);
  EXPECT_EQ(run.check(100), 0);
  EXPECT_EQ(run.check(100), 0);
  EXPECT_EQ(run.check(100), 1);  // 30 s later
}

TEST(Threshold, ChecksDuringARestCountOnlyIfSaidSo) {
  const auto after_rest = [](bool counts) {
    ThresholdRun run({{"up_checks", 2.0}, {"up_cooldown", 25.0}, {"count_in_cooldown", counts}});
    run.check(100), run.check(100);  // acts at 20 s, rests until 45 s
    run.check(100), run.check(100);  // at rest
    return run.check(100);           // 50 s
  };
  EXPECT_EQ(after_rest(true), 1);
  EXPECT_EQ(after_rest(false), 0);
}

TEST(Threshold, RemovingRestsAfterAddingToo) {
  ThresholdRun run({{"down_cooldown", 15.0}});
  EXPECT_EQ(run.check(100), 1);
  EXPECT_EQ(run.check(0), 0);
  EXPECT_EQ(run.check(0), -1);
}

TEST(Threshold, WithoutPendingOnesItOverProvisions) {
  ThresholdRun counted({}), blind({{"count_pending", false}});
  for (int i = 0; i < 5; ++i) {  // one ready replica, all others still starting
    counted.check(22, 1);
    blind.check(22, 1);
  }
  EXPECT_EQ(counted.check(22, 1), 0) << "5 replicas take 25";
  EXPECT_EQ(blind.check(22, 1), 1) << "1 ready replica takes 5";
}

TEST(Threshold, RefusesBoundsThatCross) {
  const auto params = testing_support::policy_params("threshold", {{"upper", 1.0}, {"lower", 1.0}});
  EXPECT_NE(check_policy("threshold", params).find("move them apart"), std::string::npos);
  const auto percent = testing_support::policy_params(
      "threshold", {{"signal", std::string("gpu_utilization")}, {"upper", 70.0}, {"lower", 0.3}});
  EXPECT_NE(check_policy("threshold", percent).find("0.7"), std::string::npos);
}

}  // namespace
}  // namespace windtunnel
