// The Knative Pod Autoscaler: window, decision, panic.
#include <gtest/gtest.h>

#include "policies/knative/kpa_decider.hpp"
#include "policies/knative/window_average.hpp"

namespace windtunnel {
namespace {

using std::chrono::seconds;

SimTime at(int s) {
  return SimTime{seconds(s)};
}

/// 10 requests a pod, product defaults otherwise.
KpaSpec ten_a_pod() {
  KpaSpec spec;
  spec.target = 10;
  spec.total = 10;
  return spec;
}

TEST(KpaTraps, Trap23PanicTestsTheUnclampedCountOverReadyPods) {
  KpaSpec spec = ten_a_pod();
  spec.max_scale_up_rate = 1.5;  // clamps a want of 4 to 3 = 1.5 * 2
  KpaDecider decider(spec, 0, at(0));
  const auto decision = decider.decide(0, 40, 2, at(0));
  EXPECT_TRUE(decision.in_panic) << "4 / 2 reaches 2.0, the clamped 3 / 2 would not";
  EXPECT_EQ(decision.desired, 3);
}

TEST(KpaTraps, Trap23EachCrossingExtendsThePanicAndItsEndIsStrict) {
  KpaDecider decider(ten_a_pod(), 1, at(0));
  EXPECT_TRUE(decider.decide(20, 20, 1, at(0)).in_panic);
  EXPECT_TRUE(decider.decide(20, 20, 1, at(30)).in_panic);
  EXPECT_TRUE(decider.decide(20, 10, 2, at(61)).in_panic) << "the second crossing moved its beginning";
  EXPECT_TRUE(decider.decide(20, 10, 2, at(90)).in_panic) << "exactly a window later";
  EXPECT_FALSE(decider.decide(20, 10, 2, at(91)).in_panic);
}

TEST(KpaTraps, Trap24NeverShrinksInPanicAndStartsInItWithMoreThanOnePod) {
  KpaDecider decider(ten_a_pod(), 5, at(0));
  const auto first = decider.decide(10, 10, 5, at(0));
  EXPECT_TRUE(first.in_panic);
  EXPECT_EQ(first.desired, 5);
  EXPECT_TRUE(first.shrink_held);
  EXPECT_EQ(decider.decide(10, 10, 5, at(60)).desired, 5);
  EXPECT_EQ(decider.decide(10, 10, 5, at(62)).desired, 2) << "floor(5 / 2): half at a time";
  EXPECT_FALSE(KpaDecider(ten_a_pod(), 1, at(0)).decide(10, 10, 1, at(0)).in_panic);
}

TEST(KpaTraps, Trap25SilenceShortensTheWindowAndGapsCountAsZero) {
  WindowAverage window(seconds(5));
  for (int s = 0; s < 5; ++s) window.record(at(s), s + 1);
  EXPECT_EQ(window.average(at(4)), 3);
  EXPECT_EQ(window.average(at(6)), 4) << "(3 + 4 + 5) / 3: two silent seconds leave three";
  EXPECT_EQ(window.average(at(9)), 0);
  WindowAverage gap(seconds(5));
  gap.record(at(0), 8);
  gap.record(at(3), 8);
  EXPECT_EQ(gap.average(at(3)), 4) << "16 over 4 seconds";
}

TEST(WindowAverage, LateSamplesGoWhereTheyBelongUnlessAWindowOld) {
  WindowAverage window(seconds(5));
  window.record(at(10), 6);
  window.record(at(8), 3);
  EXPECT_EQ(window.average(at(10)), 3) << "9 over 3 seconds: the first write moved back";
  window.record(at(5), 100);
  EXPECT_EQ(window.average(at(10)), 3);
  window.record(at(20), 7);
  EXPECT_EQ(window.average(at(20)), 7) << "a silent window begins anew";
}

TEST(KpaDecider, BurstCapacityKeepsTheActivatorInTheWay) {
  KpaSpec spec = ten_a_pod();
  spec.target_burst_capacity = 25;
  KpaDecider decider(spec, 1, at(0));
  EXPECT_EQ(decider.decide(10, 10, 3, at(0)).excess_burst_capacity, -5);
  EXPECT_EQ(decider.decide(10, 10, 4, at(2)).excess_burst_capacity, 5);
  spec.target_burst_capacity = 0;
  EXPECT_EQ(KpaDecider(spec, 1, at(0)).decide(10, 10, 1, at(0)).excess_burst_capacity, 0);
  spec.target_burst_capacity = -1;
  EXPECT_EQ(KpaDecider(spec, 1, at(0)).decide(10, 10, 9, at(0)).excess_burst_capacity, -1);
}

TEST(KpaDecider, ScaleDownDelayHoldsTheLargestOfItsBuckets) {
  KpaSpec spec = ten_a_pod();
  spec.scale_down_delay = seconds(6);
  KpaDecider decider(spec, 1, at(0));
  EXPECT_EQ(decider.decide(15, 0, 2, at(0)).desired, 2);
  EXPECT_EQ(decider.decide(10, 0, 2, at(2)).desired, 2);
  EXPECT_EQ(decider.decide(10, 0, 2, at(4)).desired, 2) << "3 buckets of 2 s, the present one included";
  EXPECT_EQ(decider.decide(10, 0, 2, at(6)).desired, 1);
}

}  // namespace
}  // namespace windtunnel
