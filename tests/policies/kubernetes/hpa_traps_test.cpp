// Where autoscalers are commonly got wrong: one test a trap. Figures from the rules of
// pkg/controller/podautoscaler/horizontal.go and replica_calculator.go, worked by hand.
#include <gtest/gtest.h>

#include "tests/policies/kubernetes/hpa_harness.hpp"

namespace windtunnel {
namespace {

using std::chrono::seconds;
using testing_support::FixedMetrics;
using testing_support::hpa_at;
using testing_support::hpa_pods;

const HpaTolerance kTenPercent{.down = 0.1, .up = 0.1};

std::int32_t utilization_replicas(const std::vector<HpaPod>& pods, std::int32_t percent, std::int32_t current) {
  const HpaPodTarget target{.kind = HpaTargetKind::utilization, .percent = percent, .milli = 0, .cpu = true};
  return propose_from_pods(pods, {}, target, current, kTenPercent, hpa_at(3600), {}).replicas;
}

TEST(HpaTraps, Trap01UtilizationAndAveragesAreIntegersBeforeTheRatio) {
  // 3 x 335 of 1000: 33.5 % truncates to 33; 33/30 = 1.1 is within 10 %, 33.5/30 = 1.117 would not be.
  EXPECT_EQ(utilization_replicas(hpa_pods({335, 335, 335}), 30, 3), 3);
  EXPECT_EQ(utilization_replicas(hpa_pods({340, 340, 340}), 30, 3), 4);
  // An average in thousandths truncates likewise: (10 + 10 + 11) / 3 is 10.
  const HpaPodTarget target{.kind = HpaTargetKind::average_value, .percent = 0, .milli = 5, .cpu = false};
  const auto proposal = propose_from_pods(hpa_pods({10, 10, 11}), {}, target, 3, kTenPercent, hpa_at(3600), {});
  EXPECT_EQ(proposal.average_milli, 10);
  EXPECT_EQ(proposal.replicas, 6);  // ceil(2 * 3); 10.33 / 5 * 3 would be 6.2, so 7
}

TEST(HpaTraps, Trap02CeilMultipliesPodsAndAverageValueUsesStatusAndNoPods) {
  // Ten are wanted by spec, three pods exist: 60 % of 30 % doubles the three.
  EXPECT_EQ(utilization_replicas(hpa_pods({600, 600, 600}), 30, 10), 6);
  // AverageValue: 36 over 6 per replica against status 6 is within tolerance and proposes status, not spec 10.
  EXPECT_EQ(propose_from_average(36'000, 6'000, 6, kTenPercent).replicas, 6);
  EXPECT_EQ(propose_from_average(60'000, 6'000, 6, kTenPercent).replicas, 10);
}

TEST(HpaTraps, Trap03ARatioOfExactlyOnePointOneIsWithinTolerance) {
  EXPECT_TRUE(kTenPercent.holds(1.1));
  EXPECT_GT(std::abs(1 - 1.1), 0.1) << "older releases compared this, and scaled";
  EXPECT_TRUE(kTenPercent.holds(0.9));
  EXPECT_EQ(propose_from_average(11'000, 1'000, 10, kTenPercent).replicas, 10);
  EXPECT_EQ(propose_from_average(11'001, 1'000, 10, kTenPercent).replicas, 12);
}

TEST(HpaTraps, Trap04TheFirstReconcileRecordsTheSizeAndHoldsItForTheWindow) {
  HpaMemory memory;
  FixedMetrics metrics({3});
  const auto spec = testing_support::external_spec(1, 20);
  for (const int t : {0, 150, 300}) EXPECT_EQ(testing_support::reconcile_at(spec, memory, t, 9, metrics).replicas, 9);
  EXPECT_EQ(testing_support::reconcile_at(spec, memory, 301, 9, metrics).replicas, 3);
}

TEST(HpaTraps, Trap05RecordsAreRawProposalsAndTheEdgeOfTheWindowDiffers) {
  HpaMemory memory;
  FixedMetrics metrics({40});
  EXPECT_EQ(testing_support::reconcile_at(testing_support::external_spec(1, 50), memory, 0, 1, metrics).replicas, 4);
  EXPECT_EQ(memory.records->back().replicas, 40) << "not the 4 it was cut to";
  const HpaRecords eight{{.replicas = 8, .at = hpa_at(0)}};
  auto legacy = eight, behavior = eight;
  EXPECT_EQ(stabilise_legacy(legacy, 3, seconds(300), hpa_at(300)), 8);
  EXPECT_EQ(stabilise_behavior(behavior, 8, 3, seconds(0), seconds(300), hpa_at(300)), 3);
  EXPECT_EQ(legacy.size(), 2u);
  EXPECT_EQ(behavior.size(), 2u) << "as old as the window: it no longer counts and its slot is not reusable yet";
}

TEST(HpaTraps, Trap06WithoutBehaviorTheLimitIsDoubleOrFourWithItPlusFour) {
  const auto behavior = fill_behavior({}, {});
  const std::pair<int, std::pair<int, int>> table[] = {
      {1, {4, 5}}, {2, {4, 6}}, {3, {6, 7}}, {4, {8, 8}}, {9, {18, 18}}};
  for (const auto& [current, limits] : table) {
    EXPECT_EQ(limit_legacy(current, 1000, 1, 1000).replicas, limits.first) << current;
    const auto limited = limit_behavior(current, 1000, 1, 1000, behavior, {}, {}, hpa_at(0));
    EXPECT_EQ(limited.replicas, limits.second) << current;
    EXPECT_EQ(limited.reason, kScaleUpLimit);
  }
}

TEST(HpaTraps, Trap07PercentUpIsCeilPercentDownTruncatesInDoubles) {
  const auto up = testing_support::percent_rules(10, 60), down = testing_support::percent_rules(80, 60);
  EXPECT_EQ(limit_behavior(100, 500, 1, 1000, {.up = up, .down = down}, {}, {}, hpa_at(0)).replicas, 111);
  EXPECT_EQ(limit_behavior(10, 0, 0, 1000, {.up = up, .down = down}, {}, {}, hpa_at(0)).replicas, 1);
  const auto thirty = testing_support::percent_rules(30, 60);
  EXPECT_EQ(limit_behavior(90, 1, 1, 1000, {.up = up, .down = thirty}, {}, {}, hpa_at(0)).replicas, 62);
  // And ceil(ratio * n): 124 % against 60 % with 15 pods is 32 in doubles, 31 on paper.
  EXPECT_EQ(utilization_replicas(hpa_pods(std::vector<std::int64_t>(15, 1240)), 60, 15), 32);
}

TEST(HpaTraps, Trap08PeriodStartsUseEventsOfBothDirectionsStrictlyYounger) {
  const auto rules = testing_support::pods_rules(5, 60);
  const HpaBehavior behavior{.up = rules, .down = rules};
  const ScaleEvents ups{{.change = 4, .at = hpa_at(50)}}, downs{{.change = 3, .at = hpa_at(50)}};
  // The period began at 10 - 4 + 3 = 9: up to 14, down to 4.
  EXPECT_EQ(limit_behavior(10, 100, 1, 200, behavior, ups, downs, hpa_at(100)).replicas, 14);
  EXPECT_EQ(limit_behavior(10, 1, 1, 200, behavior, ups, downs, hpa_at(100)).replicas, 4);
  // Exactly a period old: they no longer count.
  EXPECT_EQ(limit_behavior(10, 100, 1, 200, behavior, ups, downs, hpa_at(110)).replicas, 15);
}

TEST(HpaTraps, Trap09BoundCorrectionsSkipMetricsAndZeroWithAMinimumIsAPause) {
  FixedMetrics metrics({7});
  HpaMemory memory;
  const auto spec = testing_support::external_spec(2, 10);
  const auto above = testing_support::reconcile_at(spec, memory, 0, 50, metrics);
  EXPECT_EQ(above.replicas, 10);
  EXPECT_EQ(above.reason, kAboveMax);
  EXPECT_EQ(testing_support::reconcile_at(spec, memory, 15, 1, metrics).reason, kBelowMin);
  const auto paused = testing_support::reconcile_at(spec, memory, 30, 0, metrics);
  EXPECT_EQ(paused.replicas, 0);
  EXPECT_EQ(paused.reason, kScalingDisabled);
  EXPECT_EQ(metrics.asked, 0) << "none of the three reads a metric";
  EXPECT_EQ(memory.records->size(), 1u) << "or records anything but the first size";
}

TEST(HpaTraps, Trap10OneFailingMetricBlocksOnlyShrinking) {
  const auto spec = testing_support::external_spec(1, 20, 2);
  FixedMetrics grow({std::nullopt, 6}), shrink({std::nullopt, 2}), none({std::nullopt, std::nullopt});
  HpaMemory memory{.records = HpaRecords{}, .ups = {}, .downs = {}};
  EXPECT_EQ(testing_support::reconcile_at(spec, memory, 0, 4, grow).replicas, 6);
  memory.records = HpaRecords{};
  const auto held = testing_support::reconcile_at(spec, memory, 15, 4, shrink);
  EXPECT_EQ(held.replicas, 4);
  EXPECT_EQ(held.reason, "FailedGetExternalMetric");
  EXPECT_EQ(held.conditions.back(), "ScalingActive=False FailedGetExternalMetric");
  EXPECT_TRUE(memory.records->empty()) << "nothing is recorded";
  EXPECT_EQ(testing_support::reconcile_at(spec, memory, 30, 4, none).replicas, 4);
}

TEST(HpaTraps, Trap11AMissingSampleCountsAgainstTheDirection) {
  const auto with_missing = [](std::vector<std::int64_t> usages) {
    auto pods = hpa_pods(std::move(usages));
    pods.push_back(pods.front());
    pods.back().sample.reset();
    return pods;
  };
  // Down: (100 + 100 + 1000) / 3000 = 40 % of 50: r2 0.8, ceil(0.8 * 3) = 3.
  EXPECT_EQ(utilization_replicas(with_missing({100, 100}), 50, 3), 3);
  // A target above 100 % counts for more: 1500 for the missing one, not 1000.
  EXPECT_EQ(utilization_replicas(with_missing({300, 300}), 150, 3), 2);  // 2100/3000: 70/150 * 3 = 1.4
  // Up: 0 for the missing one: (900 + 900 + 0) / 3000 = 60 % of 50: within neither, ceil(1.2 * 3) = 4.
  EXPECT_EQ(utilization_replicas(with_missing({900, 900}), 50, 3), 4);
  // Pods metric: exactly the target when down; left out at a ratio of 1.
  const HpaPodTarget target{.kind = HpaTargetKind::average_value, .percent = 0, .milli = 100, .cpu = false};
  EXPECT_EQ(propose_from_pods(with_missing({20, 30}), {}, target, 3, kTenPercent, hpa_at(3600), {}).replicas, 2);
  EXPECT_EQ(propose_from_pods(with_missing({100, 100}), {}, target, 5, kTenPercent, hpa_at(3600), {}).replicas, 5);
}

TEST(HpaTraps, Trap12ReadinessMattersToCpuOnlyAndAValueMetricProposesZeroWithoutReadyPods) {
  auto pods = hpa_pods({900, 900, 900});
  for (auto& pod : pods) {
    pod.ready = false;
    pod.ready_changed = *pod.started;  // never ready since it started
  }
  HpaPodTarget target{.kind = HpaTargetKind::average_value, .percent = 0, .milli = 300, .cpu = true};
  EXPECT_FALSE(propose_from_pods(pods, {}, target, 3, kTenPercent, hpa_at(3600), {}).valid());
  target.cpu = false;
  EXPECT_EQ(propose_from_pods(pods, {}, target, 3, kTenPercent, hpa_at(3600), {}).replicas, 9);
  EXPECT_EQ(running_and_ready(pods), 0);
  EXPECT_EQ(propose_from_value(20'000, 1'000, 3, 3, 0, kTenPercent).replicas, 0);
  EXPECT_FALSE(propose_from_value(20'000, 1'000, 3, 0, 0, kTenPercent).valid());
  EXPECT_EQ(propose_from_value(2'500, 1'000, 0, 0, 0, kTenPercent).replicas, 3) << "from 0: no pod factor";
}

TEST(HpaTraps, Trap13MaxMeansTheLargestChangeInBothDirections) {
  HpaRulesGiven given;
  given.policies = {{.type = HpaPolicyType::pods, .value = 4, .period = seconds(60)},
                    {.type = HpaPolicyType::percent, .value = 10, .period = seconds(60)}};
  auto behavior = fill_behavior(given, given);
  EXPECT_EQ(limit_behavior(20, 100, 1, 200, behavior, {}, {}, hpa_at(0)).replicas, 24);
  EXPECT_EQ(limit_behavior(20, 1, 1, 200, behavior, {}, {}, hpa_at(0)).replicas, 16);
  behavior.up.select = behavior.down.select = HpaSelect::min;
  EXPECT_EQ(limit_behavior(20, 100, 1, 200, behavior, {}, {}, hpa_at(0)).replicas, 22);
  EXPECT_EQ(limit_behavior(20, 1, 1, 200, behavior, {}, {}, hpa_at(0)).replicas, 18);
  behavior.up.select = behavior.down.select = HpaSelect::disabled;
  EXPECT_EQ(limit_behavior(20, 100, 1, 200, behavior, {}, {}, hpa_at(0)).replicas, 20);
}

}  // namespace
}  // namespace windtunnel
