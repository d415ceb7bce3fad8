#include <gtest/gtest.h>

#include "policies/kubernetes/hpa_policy.hpp"
#include "policies/kubernetes/hpa_readings.hpp"
#include "policies/kubernetes/quantity_milli.hpp"
#include "tests/policies/kubernetes/fake_view.hpp"
#include "tests/policies/kubernetes/hpa_harness.hpp"

namespace windtunnel {
namespace {

using testing_support::FakeView;

HpaSpec hpa_spec_of(HpaMetricSpec metric, int max = 50) {
  HpaSpec spec;
  spec.max_replicas = max;
  spec.metrics = {std::move(metric)};
  return spec;
}

HpaMetricSpec external_metric(HpaTargetKind target, std::int64_t milli) {
  HpaMetricSpec metric;
  metric.kind = HpaMetricKind::external;
  metric.name = "queue_length";
  metric.target = target;
  metric.target_milli = milli;
  return metric;
}

Observation hpa_seen(FakeView& view, double now_s, int current) {
  Observation seen;
  seen.now_s = now_s;
  seen.current_replicas = current;
  seen.metrics = &view;
  return seen;
}

TEST(HpaPolicy, ScalesOnTheSumOfAnExternalMetricsSeriesAndSaysSo) {
  FakeView view;
  view.add_ready(2);
  view.set_external("queue_length", {12, 5.5});
  HpaPolicy policy(hpa_spec_of(external_metric(HpaTargetKind::average_value, 5'000)), {});
  const auto decision = policy.decide(hpa_seen(view, 3600, 2));
  EXPECT_EQ(decision.desired_replicas, 4);
  EXPECT_EQ(decision.proposed, 4);
  EXPECT_DOUBLE_EQ(decision.value, 17.5);
  EXPECT_EQ(decision.reason, "DesiredWithinRange");
  EXPECT_EQ(decision.inputs, "spec 2, status 2, ready 2; External queue_length: 17.5, target 5 a pod -> 4");
  EXPECT_EQ(decision.limits, "");
}

TEST(HpaPolicy, TellsWhichWindowOrLimitChangedTheProposal) {
  FakeView view;
  view.add_ready(2);
  view.set_external("queue_length", {400});
  HpaPolicy policy(hpa_spec_of(external_metric(HpaTargetKind::average_value, 5'000)), {});
  const auto up = policy.decide(hpa_seen(view, 0, 2));
  EXPECT_EQ(up.desired_replicas, 4);
  EXPECT_EQ(up.proposed, 80);
  EXPECT_EQ(up.limits, "ScaleUpLimit: 4");
  view.set_external("queue_length", {5});
  const auto held = policy.decide(hpa_seen(view, 15, 4));
  EXPECT_EQ(held.desired_replicas, 8);
  EXPECT_EQ(held.limits, "scale-down window: 80; ScaleUpLimit: 8");
}

TEST(HpaPolicy, AValueMetricMultipliesReadyPodsAndProposesTheMinimumWhileNoneIs) {
  FakeView view;
  view.add_ready(3);
  view.set_external("queue_length", {9});
  const auto spec = hpa_spec_of(external_metric(HpaTargetKind::value, 3'000));
  EXPECT_EQ(HpaPolicy(spec, {}).decide(hpa_seen(view, 3600, 3)).desired_replicas, 6);
  for (auto& pod : view.all) pod.ready = false;
  const auto loading = HpaPolicy(spec, {}).decide(hpa_seen(view, 3600, 3));
  EXPECT_EQ(loading.proposed, 0);
  EXPECT_EQ(loading.desired_replicas, 3) << "held by the record of the first reconcile";
}

TEST(HpaPolicy, StatusReplicasAreThePodsNeitherDeletedNorEnded) {
  FakeView view;
  view.add_ready(4);
  view.all[0].deleted = true;
  view.all[1].phase = PodPhase::failed;
  EXPECT_EQ(status_replicas_of(view.all), 2);
  view.set_external("queue_length", {10});
  // 10 over 5 a pod against status 2 is within tolerance: it proposes status, not spec.
  HpaPolicy policy(hpa_spec_of(external_metric(HpaTargetKind::average_value, 5'000)), {});
  EXPECT_EQ(policy.decide(hpa_seen(view, 0, 6)).proposed, 2);
}

TEST(HpaPolicy, ReadsCpuOfReadyPodsInWholePercentOfTheirRequests) {
  FakeView view;
  view.add_ready(3);
  for (auto& pod : view.all) {
    pod.cpu = PodSample{.value = 0.8, .at_s = 3600, .window_s = 15};
    pod.cpu_request = 1;
  }
  HpaPolicy policy(hpa_spec_of(default_hpa_metric()), {});
  EXPECT_EQ(policy.decide(hpa_seen(view, 3600, 3)).desired_replicas, 3);
  for (auto& pod : view.all) pod.cpu->value = 1.6;
  const auto up = policy.decide(hpa_seen(view, 3615, 3));
  EXPECT_EQ(up.desired_replicas, 6);
  EXPECT_DOUBLE_EQ(up.value, 160);
  view.all[1].cpu_request.reset();
  const auto failed = policy.decide(hpa_seen(view, 3630, 3));
  EXPECT_EQ(failed.desired_replicas, 3);
  EXPECT_EQ(failed.reason, "FailedGetResourceMetric");
}

TEST(HpaPolicy, JoinsPodMetricsByPodNameAndAveragesInSamplesOfPodsThatAreGone) {
  FakeView view;
  view.add_ready(2);
  HpaMetricSpec metric;
  metric.kind = HpaMetricKind::pods;
  metric.name = "in_flight";
  metric.target = HpaTargetKind::average_value;
  metric.target_milli = 2'000;
  for (const auto* pod : {"pod-0", "pod-1", "gone"})
    view.pod_metrics["in_flight"].series.push_back({.labels = {{"pod", pod}}, .value = 4});
  HpaPolicy policy(hpa_spec_of(metric), {});
  const auto decision = policy.decide(hpa_seen(view, 3600, 2));
  EXPECT_EQ(decision.desired_replicas, 4) << "ceil(4 / 2 * 2 ready pods)";
  EXPECT_DOUBLE_EQ(decision.value, 4);
}

TEST(HpaPolicy, HoldsTheSizeWithoutAMetric) {
  FakeView view;
  view.add_ready(2);
  HpaPolicy policy(hpa_spec_of(external_metric(HpaTargetKind::value, 1'000)), {});
  const auto decision = policy.decide(hpa_seen(view, 0, 2));
  EXPECT_EQ(decision.desired_replicas, 2);
  EXPECT_EQ(decision.reason, "FailedGetExternalMetric");
  EXPECT_EQ(decision.conditions.back(), "ScalingActive=False FailedGetExternalMetric");
  Observation blind;
  blind.current_replicas = 7;
  EXPECT_EQ(policy.decide(blind).desired_replicas, 7);
}

TEST(QuantityMilli, MetricsServerRoundsUpAndTheAdapterTruncates) {
  EXPECT_EQ(resource_milli(0.25), 250);
  EXPECT_EQ(resource_milli(0.2501), 251);
  EXPECT_EQ(resource_milli(0.29), 290) << "no rounding error of binary fractions";
  EXPECT_EQ(resource_milli(2e9), 2'000'000'000'000);
  EXPECT_EQ(adapter_milli(1.9999), 1999);
  EXPECT_EQ(adapter_milli(-0.5), -500);
  EXPECT_EQ(adapter_milli(kNoSample), 0);
}

}  // namespace
}  // namespace windtunnel
