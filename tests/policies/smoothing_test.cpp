// Tolerance, the scale-down window and rounding: the rules all metric policies share.
#include "policies/smoothing.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "sim/core/error.hpp"
#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using testing_support::params_of;
using testing_support::seen;

Smoothing smoothing(double tolerance, double scale_down_after_s) {
  return Smoothing(
      params_of(with_smoothing({}, "0", "test"), {{"tolerance", tolerance}, {"scale_down_after", scale_down_after_s}}));
}

/// What comes out when the rule wants `wanted` at `now_s` with `current` there.
int settled(Smoothing& s, double now_s, int current, double wanted) {
  Observation o = seen(current, current);
  o.now_s = now_s;
  return s.settle(o, {.value = wanted, .target = 1, .wanted = wanted}).desired_replicas;
}

TEST(WholeReplicas, RoundsUpButNotForARoundingError) {
  EXPECT_EQ(whole_replicas(0), 0);
  EXPECT_EQ(whole_replicas(0.001), 1);
  EXPECT_EQ(whole_replicas(3), 3);
  EXPECT_EQ(whole_replicas(3 * 0.1 / 0.1), 3) << "3.0000000000000004 in doubles";
  EXPECT_EQ(whole_replicas(3.000001), 4);
}

TEST(WholeReplicas, StaysWithinItsLimits) {
  EXPECT_EQ(whole_replicas(-5), 0);
  EXPECT_EQ(whole_replicas(1e300), kMostReplicas);
  EXPECT_EQ(whole_replicas(std::numeric_limits<double>::infinity()), kMostReplicas);
  EXPECT_THROW((void)whole_replicas(kNoSample), InternalError);
}

TEST(Tolerance, BandIncludesBothEnds) {
  // As Kubernetes compares since 1.33: 1 - t <= ratio <= 1 + t in doubles, so 1.1 is within 0.1.
  auto s = smoothing(0.1, 0);
  const auto at = [&](double ratio) {
    return s.settle(seen(10, 10), {.value = ratio, .target = 1, .wanted = 10 * ratio}).desired_replicas;
  };
  EXPECT_EQ(at(1.1), 10);
  EXPECT_EQ(at(0.9), 10);
  EXPECT_EQ(at(1.11), 12);
  EXPECT_EQ(at(0.89), 9);
}

TEST(Tolerance, OfZeroLeavesTheRuleExact) {
  auto s = smoothing(0, 0);
  // Two of three are ready and their load is just on target: the rule says two.
  EXPECT_EQ(s.settle(seen(3, 2), {.value = 1, .target = 1, .wanted = 2}).desired_replicas, 2);
}

TEST(Tolerance, DoesNotHoldAModelAtZero) {
  auto s = smoothing(0.5, 0);
  EXPECT_EQ(s.settle(seen(0, 0), {.value = 1, .target = 1, .wanted = 1}).desired_replicas, 1);
}

TEST(ScaleDownWindow, FallsToTheHighestWantedWithinIt) {
  auto s = smoothing(0, 60);
  EXPECT_EQ(settled(s, 0, 4, 8), 8);
  EXPECT_EQ(settled(s, 15, 8, 3), 8);
  EXPECT_EQ(settled(s, 30, 8, 5), 8);
  EXPECT_EQ(settled(s, 45, 8, 2), 8);
  EXPECT_EQ(settled(s, 60, 8, 2), 5) << "the 8 is exactly 60 s old and no longer counts";
  EXPECT_EQ(settled(s, 75, 5, 2), 5);
  EXPECT_EQ(settled(s, 90, 5, 2), 2);
}

TEST(ScaleDownWindow, NeverDelaysScaleUp) {
  auto s = smoothing(0, 300);
  EXPECT_EQ(settled(s, 0, 2, 1), 2);
  EXPECT_EQ(settled(s, 15, 2, 9), 9);
}

TEST(ScaleDownWindow, HoldsTheSizeAtTheStart) {
  auto s = smoothing(0, 60);
  EXPECT_EQ(settled(s, 0, 6, 1), 6);
  EXPECT_EQ(settled(s, 45, 6, 1), 6);
  EXPECT_EQ(settled(s, 60, 6, 1), 1);
}

TEST(ScaleDownWindow, NeverRaisesTheCountBecauseOfAnOldProposal) {
  auto s = smoothing(0, 300);
  EXPECT_EQ(settled(s, 0, 4, 20), 20);
  EXPECT_EQ(settled(s, 15, 10, 5), 10) << "a maximum of 10 cut the 20; an old 20 must not come back as a wish";
}

TEST(ScaleDownWindow, SaysWhatHeldTheCount) {
  auto s = smoothing(0, 60);
  const auto decision = s.settle(seen(6, 6), {.value = 1, .target = 2, .wanted = 1});
  EXPECT_EQ(decision.desired_replicas, 6);
  EXPECT_EQ(decision.reason, "held by scale_down_after");
}

TEST(ScaleDownWindow, EqualsTheMaximumOverAllRecordsOfTheWindow) {
  // Against the plain definition, over a walk of proposals.
  auto s = smoothing(0, 100);
  std::vector<std::pair<int, int>> records{{0, 5}};
  int current = 5;
  unsigned state = 1;
  for (int now = 0; now < 20'000; now += 15) {
    state = state * 1664525U + 1013904223U;
    const int wanted = 1 + static_cast<int>((state >> 24) % 20);
    records.emplace_back(now, wanted);
    int highest = wanted;
    for (const auto& [at, count] : records)
      if (at > now - 100) highest = std::max(highest, count);
    const int expected = wanted >= current ? wanted : std::min(current, highest);
    ASSERT_EQ(settled(s, now, current, wanted), expected) << "at " << now << " s";
    current = expected;
  }
}

TEST(Keep, RecordsNothing) {
  auto s = smoothing(0, 60);
  EXPECT_EQ(settled(s, 0, 2, 2), 2);
  EXPECT_EQ(Smoothing::keep(seen(9, 9), "no sample").desired_replicas, 9);
  EXPECT_EQ(settled(s, 75, 9, 1), 1) << "a count that was only kept is no proposal";
}

}  // namespace
}  // namespace windtunnel
