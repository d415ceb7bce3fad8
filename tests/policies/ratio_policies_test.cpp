// The policies that follow ceil(ready * value / target): response_time, gpu_utilization, memory; and fixed.
#include <gtest/gtest.h>

#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using testing_support::policy;
using testing_support::seen;
using testing_support::with_backlog;

struct Signal {
  const char* name;
  double target;
  double Observation::* field;
};

class RatioPolicy : public testing::TestWithParam<Signal> {
 protected:
  static std::unique_ptr<ScalingPolicy> rule() { return policy(GetParam().name, {{"target", GetParam().target}}); }
  /// `times` the target seen.
  static Observation at(double times, int current, int ready) {
    Observation o = seen(current, ready);
    o.*GetParam().field = times * GetParam().target;
    return o;
  }
};

TEST_P(RatioPolicy, WantsReadyTimesValueOverTargetRoundedUp) {
  EXPECT_EQ(rule()->decide(at(1.2, 5, 5)).desired_replicas, 6);
  EXPECT_EQ(rule()->decide(at(1.21, 5, 5)).desired_replicas, 7);
  EXPECT_EQ(rule()->decide(at(0.5, 5, 5)).desired_replicas, 3);
}

TEST_P(RatioPolicy, MultipliesReadyReplicasNotThoseStillStarting) {
  EXPECT_EQ(rule()->decide(at(2, 6, 3)).desired_replicas, 6) << "the three on their way are enough";
}

TEST_P(RatioPolicy, KeepsTheCountWithinATenthOfTheTarget) {
  EXPECT_EQ(rule()->decide(at(1.09, 5, 5)).desired_replicas, 5);
  EXPECT_EQ(rule()->decide(at(0.91, 5, 5)).desired_replicas, 5);
  EXPECT_EQ(rule()->decide(at(0.91, 5, 5)).reason, "within tolerance");
}

TEST_P(RatioPolicy, KeepsTheCountWithoutASampleAndSaysSo) {
  const auto decision = rule()->decide(at(kNoSample, 5, 5));
  EXPECT_EQ(decision.desired_replicas, 5);
  EXPECT_EQ(decision.reason, "no sample");
}

TEST_P(RatioPolicy, KeepsTheCountWhileNoReplicaIsReady) {
  const auto decision = rule()->decide(at(3, 5, 0));
  EXPECT_EQ(decision.desired_replicas, 5);
  EXPECT_EQ(decision.reason, "no ready replica");
}

TEST_P(RatioPolicy, StartsTheFirstReplicaForABacklog) {
  EXPECT_EQ(rule()->decide(with_backlog(at(kNoSample, 0, 0), 3, 0)).desired_replicas, 1);
  EXPECT_EQ(rule()->decide(at(kNoSample, 0, 0)).desired_replicas, 0);
}

TEST_P(RatioPolicy, NeverPassesTheMostReplicas) {
  EXPECT_EQ(rule()->decide(at(1e12, 1'000'000, 1'000'000)).desired_replicas, 1'000'000);
}

INSTANTIATE_TEST_SUITE_P(Signals, RatioPolicy,
                         testing::Values(Signal{"response_time", 8, &Observation::response_time_s},
                                         Signal{"gpu_utilization", 0.5, &Observation::gpu_utilization},
                                         Signal{"memory", 0.5, &Observation::gpu_memory_used}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(ResponseTime, AsksForTheStatisticAndWindowItWasGiven) {
  const auto needs =
      policy("response_time", {{"target", 8.0}, {"statistic", std::string("p99")}, {"window", 120.0}})->needs();
  EXPECT_TRUE(needs.response_time);
  EXPECT_EQ(needs.response_quantile, 0.99);
  EXPECT_EQ(needs.window, std::chrono::minutes(2));
  EXPECT_EQ(policy("response_time", {{"target", 8.0}})->needs().response_quantile, 0.95);
  EXPECT_EQ(policy("response_time", {{"target", 8.0}, {"statistic", std::string("mean")}})->needs().response_quantile,
            -1);
}

TEST(GpuUtilizationAndMemory, AskForTheGpuSignalsOnly) {
  for (const char* name : {"gpu_utilization", "memory"}) {
    const auto needs = policy(name)->needs();
    EXPECT_TRUE(needs.gpu) << name;
    EXPECT_FALSE(needs.response_time || needs.throughput || needs.processing_time) << name;
  }
}

TEST(Fixed, WantsItsReplicasWhateverItSees) {
  auto rule = policy("fixed", {{"replicas", 3.0}});
  EXPECT_EQ(rule->decide(seen(0, 0)).desired_replicas, 3);
  EXPECT_EQ(rule->decide(with_backlog(seen(9, 9), 1e9, 9)).desired_replicas, 3);
}

}  // namespace
}  // namespace windtunnel
