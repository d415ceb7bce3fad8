// Small rules of nodes: scores, utilization, batch window, expanders, back-off of orders.
#include <gtest/gtest.h>

#include "sim/cluster/batch_window.hpp"
#include "sim/cluster/expander.hpp"
#include "sim/cluster/node_score.hpp"
#include "sim/cluster/node_utilization.hpp"
#include "sim/cluster/provision_backoff.hpp"

namespace windtunnel {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

using Resources = std::vector<NodeResource>;

TEST(NodeScore, LeastAllocatedTruncatesTwice) {
  // 75 and 50: 62.5.
  EXPECT_EQ(score_least_allocated(Resources{{4000, 1000}, {10000, 5000}}), 62);
  EXPECT_EQ(score_least_allocated(Resources{{3, 1}, {3, 1}}), 66);
  EXPECT_EQ(score_least_allocated(Resources{{10, 11}, {10, 0}}), 50);  // too much requested: 0
}

TEST(NodeScore, MostAllocatedPrefersTheFullest) {
  EXPECT_EQ(score_most_allocated(Resources{{8, 1}, {8, 3}}), 24);
  EXPECT_EQ(score_most_allocated(Resources{{8, 7}, {8, 8}}), 93);
  EXPECT_EQ(score_most_allocated(Resources{{8, 9}}), 100);
}

TEST(NodeScore, AResourceOfWhichTheNodeHasNothingIsLeftOut) {
  EXPECT_EQ(score_least_allocated(Resources{{0, 100}, {10, 5}}), 50);
  EXPECT_EQ(score_most_allocated(Resources{{0, 100}}), 0);
}

TEST(NodeScore, WeightsCount) {
  EXPECT_EQ(score_most_allocated(Resources{{100, 100, 3}, {100, 0, 1}}), 75);
}

TEST(NodeScore, RequestedToCapacityFollowsItsShape) {
  const std::vector<ScorePoint> packing{{0, 0}, {100, 10}}, spreading{{0, 10}, {100, 0}};
  EXPECT_EQ(score_requested_to_capacity(Resources{{8, 2}}, packing), 25);
  EXPECT_EQ(score_requested_to_capacity(Resources{{8, 2}}, spreading), 75);
  EXPECT_EQ(score_requested_to_capacity(Resources{{8, 9}}, packing), 100);
  // 0 is not weighted: 80 alone, not 40.
  EXPECT_EQ(score_requested_to_capacity(Resources{{10, 8}, {10, 0}}, packing), 80);
  // 1/3 is taken to be 100 - trunc(66.67) = 34 %.
  EXPECT_EQ(score_requested_to_capacity(Resources{{3, 1}}, packing), 34);
}

TEST(NodeScore, MemoryOfAnExbibyteDoesNotOverflow) {
  const std::int64_t exbibyte = std::int64_t{1} << 60;
  EXPECT_EQ(score_least_allocated(Resources{{exbibyte, exbibyte / 4}}), 75);
}

TEST(NodeUtilization, OnAGpuNodeOnlyGpuRequestsCount) {
  const ResourceUse cpu{64, 60}, memory{512, 500};
  EXPECT_DOUBLE_EQ(node_utilization(ResourceUse{4, 0}, cpu, memory), 0);
  EXPECT_DOUBLE_EQ(node_utilization(ResourceUse{8, 5}, {64, 1}, {512, 1}), 0.625);
  EXPECT_DOUBLE_EQ(node_utilization(std::nullopt, {64, 16}, memory), 500.0 / 512);
}

TEST(NodeUtilization, TheThresholdIsInclusiveAndTheTimeStrict) {
  EXPECT_TRUE(is_underused(0.5, 0.5));
  EXPECT_FALSE(is_underused(0.625, 0.5));
  EXPECT_FALSE(is_unneeded_for(SimTime{}, SimTime{minutes(10)}, minutes(10)));
  EXPECT_TRUE(is_unneeded_for(SimTime{}, SimTime{minutes(10) + nanoseconds(1)}, minutes(10)));
}

TEST(BatchWindow, ClosesWhenNoPodCameForASecondOrAfterTen) {
  BatchWindow window;
  EXPECT_EQ(window.pod_came(SimTime{seconds(3)}), SimTime{seconds(4)});
  window.close();
  SimTime closes{};
  for (int i = 0; i <= 12; ++i) closes = window.pod_came(SimTime{milliseconds(800 * i)});
  EXPECT_EQ(closes, SimTime{seconds(10)});
}

TEST(Expander, EachDecidesAmongWhatTheOneBeforeLeft) {
  const std::vector<GrowthOption> options{
      {.pool = 0, .nodes = 1, .pods = 4, .waste = 0.5, .price_usd_per_hour = 4, .priority = 1},
      {.pool = 1, .nodes = 2, .pods = 4, .waste = 0.25, .price_usd_per_hour = 3, .priority = 1},
      {.pool = 2, .nodes = 1, .pods = 1, .waste = 0, .price_usd_per_hour = 0.5, .priority = 0}};
  Rng rng(1);
  const auto chosen = [&](std::vector<Expander> expanders) { return choose_growth(expanders, options, rng); };
  EXPECT_EQ(chosen({Expander::least_waste}), 2U);
  EXPECT_EQ(chosen({Expander::price}), 2U);  // 0.5 a pod against 1 and 0.75
  EXPECT_EQ(chosen({Expander::priority, Expander::least_waste}), 1U);
  EXPECT_EQ(chosen({Expander::most_pods, Expander::least_nodes}), 0U);
}

TEST(Expander, WhatIsLeftIsDrawnEvenly) {
  const std::vector<GrowthOption> options(2);
  Rng rng(7);
  int second = 0;
  for (int i = 0; i < 1000; ++i)
    second += choose_growth(std::vector<Expander>{Expander::random}, options, rng) == 1 ? 1 : 0;
  EXPECT_NEAR(second, 500, 5 * std::sqrt(250.0));  // five standard deviations
}

TEST(Expander, NamesAreThoseOfTheFlag) {
  std::string bad;
  EXPECT_EQ(parse_expanders("priority, least-waste", bad),
            (std::vector<Expander>{Expander::priority, Expander::least_waste}));
  EXPECT_TRUE(parse_expanders("priority,least_wast", bad).empty());
  EXPECT_EQ(bad, "least_wast");
}

TEST(ProvisionBackoff, DoublesFromFiveMinutesToThirtyAndIsForgottenAfterThreeHours) {
  ProvisionBackoff backoff;
  SimTime now{};
  EXPECT_FALSE(backoff.holds(now));
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 5; ++i) {
    backoff.failed(now);
    waits.push_back((backoff.until() - now) / minutes(1));
    now = backoff.until();
    EXPECT_FALSE(backoff.holds(now));
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{5, 10, 20, 30, 30}));
  backoff.failed(now + hours(4));
  EXPECT_EQ(backoff.until(), now + hours(4) + minutes(5));
}

}  // namespace
}  // namespace windtunnel
