// The operator's poll, the fallback and the rounding of values.
#include <gtest/gtest.h>

#include <cmath>

#include "policies/kubernetes/keda_fallback.hpp"
#include "policies/kubernetes/keda_poll.hpp"
#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// An inactive object of 5 replicas at t = 1 h, min 0, last active that long ago.
KedaPollState idle_since(Duration age) {
  KedaPollState state;
  state.now = SimTime{std::chrono::hours(1)};
  state.current = 5;
  state.last_active = state.now - age;
  return state;
}

TEST(KedaTraps, Trap15GoesFromNToZeroInOneJumpAfterTheCooldownSinceLastActive) {
  EXPECT_EQ(keda_poll(idle_since(seconds(301))).replicas, 0) << "5 -> 0, no rate limit";
  EXPECT_EQ(keda_poll(idle_since(seconds(300))).replicas, 5) << "strictly more than the cooldown";
  EXPECT_EQ(keda_poll(idle_since(seconds(300))).condition, "ScalerCooldown");
}

TEST(KedaTraps, Trap15ANewObjectThatWasNeverActiveIsCutAtItsFirstPoll) {
  KedaPollState state;
  state.current = 4;
  EXPECT_EQ(keda_poll(state).replicas, 4) << "created this instant: not yet strictly after";
  state.now = SimTime{milliseconds(1)};
  EXPECT_EQ(keda_poll(state).replicas, 0);
  state.initial_cooldown = seconds(60);
  EXPECT_EQ(keda_poll(state).replicas, 4);
}

TEST(KedaTraps, Trap16ActivationIsStrictAndNothingElseThanTheTarget) {
  EXPECT_FALSE(keda_is_active(50, 50));
  EXPECT_TRUE(keda_is_active(50.001, 50));
  EXPECT_FALSE(keda_is_active(40, 50)) << "whatever the HPA would make of 40 against a threshold of 10";
}

TEST(KedaTraps, Trap18TheFailureCounterIsStrictAndStartsAnewAfterASuccess) {
  std::int32_t failures = 0;
  EXPECT_EQ(keda_serve(failures, true, 2), KedaServed::error);
  EXPECT_EQ(keda_serve(failures, true, 2), KedaServed::error);
  EXPECT_EQ(keda_serve(failures, true, 2), KedaServed::fallback) << "3 > 2";
  EXPECT_EQ(keda_serve(failures, false, 2), KedaServed::value);
  EXPECT_EQ(keda_serve(failures, true, 2), KedaServed::error);
  EXPECT_EQ(keda_serve(failures, true, std::nullopt), KedaServed::error) << "without a fallback nothing is counted";
  EXPECT_EQ(failures, 1);
}

TEST(KedaTraps, Trap22ModifierResultsTruncateToThousandthsAndPlainMetricsRound) {
  EXPECT_EQ(keda_composite_milli(2.0 / 3), 666);
  EXPECT_EQ(keda_metric_milli(2.0 / 3), 667);
  EXPECT_EQ(keda_composite_milli(-0.5), -500);
  EXPECT_EQ(keda_metric_milli(-0.5), 0);
}

TEST(KedaValue, WhatIsNoNumberIsZeroAndTiesFollowTheExactValueOfTheDouble) {
  EXPECT_EQ(keda_metric_milli(std::nan("")), 0);
  EXPECT_EQ(keda_metric_milli(INFINITY), 0);
  EXPECT_EQ(keda_metric_milli(1.0005), 1000) << "the double lies below the tie";
  EXPECT_EQ(keda_metric_milli(0.0625), 62) << "an exact tie goes to even";
  EXPECT_EQ(keda_metric_milli(123456789.5), 123456789500);
  EXPECT_EQ(keda_metric_milli(1e300), std::numeric_limits<std::int64_t>::max());
}

TEST(KedaPoll, WakesToTheMinimumOrOneAndRemembersWholeSeconds) {
  KedaPollState state;
  state.now = SimTime{milliseconds(1999)};
  state.active = true;
  EXPECT_EQ(keda_poll(state).replicas, 1);
  EXPECT_EQ(keda_poll(state).last_active, SimTime{seconds(1)});
  state.min = 3;
  EXPECT_EQ(keda_poll(state).replicas, 3);
  state.current = 1;
  EXPECT_EQ(keda_poll(state).replicas, 1) << "above zero the HPA raises it to the minimum";
  state.idle = 0;
  EXPECT_EQ(keda_poll(state).replicas, 3) << "unless there is an idle count";
}

TEST(KedaPoll, AFailingTriggerDoesNotRefreshTheLastActivity) {
  auto state = idle_since(seconds(100));
  state.active = state.error = true;
  EXPECT_EQ(keda_poll(state).last_active, state.last_active);
  EXPECT_EQ(keda_poll(state).reason, "PartialTriggerError");
  state.error = false;
  EXPECT_EQ(keda_poll(state).last_active, state.now);
}

TEST(KedaPoll, AnErrorKeepsTheSizeUnlessTheFallbackIsZero) {
  auto state = idle_since(seconds(1000));
  state.error = true;
  EXPECT_EQ(keda_poll(state).replicas, 5);
  state.fallback = 2;
  EXPECT_EQ(keda_poll(state).replicas, 5);
  state.fallback = 0;
  EXPECT_EQ(keda_poll(state).replicas, 0);
}

TEST(KedaPoll, GoesToTheIdleCountAndWithAMinimumNoFurther) {
  auto state = idle_since(seconds(1000));
  state.min = 2;
  EXPECT_EQ(keda_poll(state).replicas, 5) << "only the HPA shrinks it";
  state.idle = 0;
  EXPECT_EQ(keda_poll(state).replicas, 0);
  state.current = 1;
  state.idle.reset();
  EXPECT_EQ(keda_poll(state).replicas, 2) << "below the minimum without activity";
}

TEST(KedaPoll, PausesHoldTheirOwnDirectionOnly) {
  auto state = idle_since(seconds(1000));
  state.pause_scale_in = true;
  EXPECT_EQ(keda_poll(state).replicas, 5);
  EXPECT_EQ(keda_poll(state).reason, "PausedScaleIn");
  state.current = 0;
  state.active = true;
  EXPECT_EQ(keda_poll(state).replicas, 1);
  state.pause_scale_out = true;
  EXPECT_EQ(keda_poll(state).replicas, 0);
  state.pause_scale_out = false;
  state.active = false;
  state.forced = true;
  EXPECT_EQ(keda_poll(state).replicas, 1) << "force-activation";
}

TEST(KedaFallback, TheSyntheticValueIsCutNotRounded) {
  const KedaFallback to_23{.failure_threshold = 3, .replicas = 23};
  EXPECT_EQ(keda_fallback_milli(to_23, HpaTargetKind::value, 3, 0, 5), 13799) << "3 * 1000 * (23 / 5) in doubles";
  EXPECT_EQ(keda_fallback_milli(to_23, HpaTargetKind::average_value, 3, 0, 0), 69000);
  EXPECT_EQ(keda_fallback_milli(to_23, HpaTargetKind::value, 3, 7, 0), std::nullopt) << "no replica is ready";
}

TEST(KedaFallback, MayFollowTheCurrentSize) {
  KedaFallback fallback{.failure_threshold = 0, .replicas = 4, .behavior = KedaFallbackBehavior::current_if_higher};
  const auto replicas = [&](std::int32_t current) {
    return *keda_fallback_milli(fallback, HpaTargetKind::average_value, 1, current, 0) / 1000;
  };
  EXPECT_EQ(replicas(9), 9);
  EXPECT_EQ(replicas(2), 4);
  fallback.behavior = KedaFallbackBehavior::current_if_lower;
  EXPECT_EQ(replicas(9), 4);
  EXPECT_EQ(replicas(2), 2);
  fallback.behavior = KedaFallbackBehavior::current_replicas;
  EXPECT_EQ(replicas(9), 9);
}

}  // namespace
}  // namespace windtunnel
