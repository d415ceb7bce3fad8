#include <gtest/gtest.h>

#include "tests/policies/kubernetes/hpa_harness.hpp"

namespace windtunnel {
namespace {

using std::chrono::seconds;
using testing_support::external_spec;
using testing_support::FixedMetrics;
using testing_support::hpa_at;
using testing_support::reconcile_at;

TEST(HpaPodClasses, FollowTheOrderOfGroupPods) {
  const HpaFlags flags;
  HpaPod pod = testing_support::hpa_pods({100}).front();
  const auto now = hpa_at(3600);
  EXPECT_EQ(classify_pod(pod, true, now, flags), HpaPodClass::ready);
  pod.phase = PodPhase::pending;
  EXPECT_EQ(classify_pod(pod, false, now, flags), HpaPodClass::unready);
  pod.deleting = true;
  EXPECT_EQ(classify_pod(pod, false, now, flags), HpaPodClass::ignored) << "deletion comes before the phase";
  pod = testing_support::hpa_pods({100}).front();
  pod.sample.reset();
  pod.ready = false;
  EXPECT_EQ(classify_pod(pod, true, now, flags), HpaPodClass::missing) << "a sample comes before readiness";
}

TEST(HpaPodClasses, CpuOfAStartingPodCountsOnceAWindowOfReadinessIsCovered) {
  const HpaFlags flags;  // 300 s of start-up
  HpaPod pod = testing_support::hpa_pods({100}).front();
  pod.started = hpa_at(0);
  pod.ready_changed = hpa_at(40);
  pod.sample->window = seconds(30);
  pod.sample->at = hpa_at(69);
  EXPECT_EQ(classify_pod(pod, true, hpa_at(75), flags), HpaPodClass::unready);
  EXPECT_EQ(classify_pod(pod, false, hpa_at(75), flags), HpaPodClass::ready);
  pod.sample->at = hpa_at(70);
  EXPECT_EQ(classify_pod(pod, true, hpa_at(75), flags), HpaPodClass::ready);
  // Past start-up a pod that was ready once counts although it is not ready now.
  pod.ready = false;
  EXPECT_EQ(classify_pod(pod, true, hpa_at(299), flags), HpaPodClass::unready);
  EXPECT_EQ(classify_pod(pod, true, hpa_at(300), flags), HpaPodClass::ready);
  pod.ready_changed = hpa_at(29);  // within 30 s of the start: it never was
  EXPECT_EQ(classify_pod(pod, true, hpa_at(300), flags), HpaPodClass::unready);
}

TEST(HpaProposal, AScaleUpIsDampedByUnreadyPodsAndCannotTurnIntoAScaleDown) {
  auto pods = testing_support::hpa_pods({900, 900, 0});
  pods.back().phase = PodPhase::pending;
  const HpaPodTarget target{.kind = HpaTargetKind::utilization, .percent = 80, .milli = 0, .cpu = true};
  // 90 of 80 alone is within tolerance up (1.125 is not): with the pending pod at 0 it is 60/80, the other way: hold.
  const auto out = propose_from_pods(pods, {}, target, 3, {.down = 0.1, .up = 0.1}, hpa_at(3600), {});
  EXPECT_EQ(out.replicas, 3);
  EXPECT_EQ(out.utilization_percent, 90) << "as reported: before any pod is filled in";
}

TEST(HpaProposal, SamplesOfStrangersCountInAnAverageAndNotInAUtilization) {
  const auto pods = testing_support::hpa_pods({100, 100});
  const std::vector<HpaSample> strangers{{.milli = 700, .at = hpa_at(0), .window = {}}};
  HpaPodTarget target{.kind = HpaTargetKind::average_value, .percent = 0, .milli = 100, .cpu = false};
  EXPECT_EQ(propose_from_pods(pods, strangers, target, 2, {}, hpa_at(3600), {}).average_milli, 300);
  target.kind = HpaTargetKind::utilization;
  target.percent = 10;
  EXPECT_EQ(propose_from_pods(pods, strangers, target, 2, {}, hpa_at(3600), {}).utilization_percent, 10);
}

TEST(HpaProposal, SaturatesAtThirtyTwoBits) {
  EXPECT_EQ(propose_from_average(std::numeric_limits<std::int64_t>::max(), 1, 1, {}).replicas,
            std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(propose_from_average(5'000, 1'000, 0, {}).replicas, 5) << "status 0: never within tolerance";
}

TEST(HpaController, NamesItsConditionsAsTheApiDoes) {
  HpaMemory memory;
  FixedMetrics metrics({40});
  const auto up = reconcile_at(external_spec(1, 50), memory, 0, 1, metrics);
  EXPECT_EQ(up.conditions,
            (std::vector<std::string>{"AbleToScale=True SucceededRescale", "ScalingActive=True ValidMetricFound",
                                      "ScalingLimited=True ScaleUpLimit"}));
  metrics.proposals = {1};
  const auto held = reconcile_at(external_spec(1, 50), memory, 15, 40, metrics);
  EXPECT_EQ(held.conditions,
            (std::vector<std::string>{"AbleToScale=True ScaleDownStabilized", "ScalingActive=True ValidMetricFound",
                                      "ScalingLimited=False DesiredWithinRange"}));
}

TEST(HpaController, AZeroOfItsOwnMakingIsLeftAndAForeignOneIsAPause) {
  HpaFlags flags;
  flags.scale_to_zero = HpaZero::condition;
  auto spec = external_spec(0, 10);
  HpaMemory memory{.records = HpaRecords{}, .ups = {}, .downs = {}};
  FixedMetrics metrics({0});
  EXPECT_EQ(reconcile_at(spec, memory, 0, 2, metrics, flags).replicas, 0);
  metrics.proposals = {3};
  EXPECT_EQ(reconcile_at(spec, memory, 15, 0, metrics, flags).replicas, 3);
  EXPECT_EQ(reconcile_at(spec, memory, 30, 0, metrics, flags).reason, kScalingDisabled) << "someone else set 0";
  memory.scaled_to_zero = true;
  spec.min_replicas = 2;  // raised meanwhile
  EXPECT_EQ(reconcile_at(spec, memory, 45, 0, metrics, flags).replicas, 2);
}

TEST(HpaController, KeepsNoEventsWithoutBehavior) {
  HpaMemory memory;
  FixedMetrics metrics({4});
  auto spec = external_spec(1, 10);
  EXPECT_EQ(reconcile_at(spec, memory, 0, 1, metrics).replicas, 4);
  EXPECT_TRUE(memory.ups.empty());
  spec.behavior = fill_behavior({}, {});
  EXPECT_EQ(reconcile_at(spec, memory, 15, 1, metrics).replicas, 4);
  ASSERT_EQ(memory.ups.size(), 1u);
  EXPECT_EQ(memory.ups.front().change, 3);
}

TEST(HpaBehavior, IsFilledFieldByFieldOnceAnyFieldIsGiven) {
  HpaRulesGiven down;
  down.window = seconds(60);
  const auto behavior = fill_behavior({}, down);
  EXPECT_EQ(behavior.up.window, seconds(0));
  EXPECT_EQ(behavior.up.policies.size(), 2u);
  EXPECT_EQ(behavior.down.window, seconds(60));
  ASSERT_EQ(behavior.down.policies.size(), 1u);
  EXPECT_EQ(behavior.down.policies.front().value, 100);
  EXPECT_FALSE(fill_behavior({}, {}).down.window) << "the controller's flag";
}

TEST(ScaleEventList, ReusesTheLastOutdatedSlot) {
  ScaleEvents events{{.change = 8, .at = hpa_at(71)}, {.change = 7, .at = hpa_at(39)}, {.change = 9, .at = hpa_at(39)}};
  store_scale_event(events, 5, seconds(60), hpa_at(100));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[2].change, 5);
  EXPECT_TRUE(events[1].outdated) << "the mark stays";
  EXPECT_EQ(changed_within(events, seconds(60), hpa_at(100)), 13);
  EXPECT_EQ(changed_within(events, seconds(29), hpa_at(100)), 5) << "exactly as old does not count";
}

}  // namespace
}  // namespace windtunnel
