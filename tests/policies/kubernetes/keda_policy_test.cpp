// policy keda: the two loops over one workload.
#include <gtest/gtest.h>

#include <memory>

#include "policies/kubernetes/keda_job_policy.hpp"
#include "policies/kubernetes/keda_policy.hpp"
#include "tests/core/default_params.hpp"

namespace windtunnel {
namespace {

/// A broker whose queue a test sets, pods that are all ready, and a Prometheus that answers one figure.
struct FakeBroker final : MetricsView {
  QueueView now;
  std::vector<PodView> all;
  bool down = false;
  int asked = 0;

  const std::vector<PodView>& pods() override { return all; }
  MetricAnswer queue(QueueView& into) override {
    ++asked;
    into = now;
    MetricAnswer out;
    if (down) out.error = "connection refused";
    return out;
  }
  MetricAnswer prometheus(std::string_view) override { return {}; }
  MetricAnswer pod_metric(std::string_view) override { return {}; }
  MetricAnswer external(std::string_view, std::string_view) override { return {}; }
};

/// A trigger over ready messages of which a replica shall have `target`.
KedaTrigger queue_trigger(double target, double activation = 0) {
  KedaTrigger trigger;
  trigger.type = "aws-sqs-queue";
  trigger.name = "work";
  trigger.target = target;
  trigger.activation = activation;
  trigger.source = SqsScaler{};
  return trigger;
}

/// One ScaledObject, its workload of ready replicas, and what each loop says when it is asked.
struct Rig {
  FakeBroker broker;
  std::unique_ptr<KedaPolicy> policy;
  int replicas = 1;

  explicit Rig(const KedaSpec& spec) {
    ParamSet params = testing_support::params_of(
        KedaPolicy::params(),
        {{"spec", std::shared_ptr<const MadeBlock>(std::make_shared<KedaSpec>(spec))}, {"annotations", 0.0}});
    policy = std::make_unique<KedaPolicy>(params);
  }
  Observation seen(double now_s) {
    Observation out;
    out.now_s = now_s;
    out.current_replicas = out.ready_replicas = replicas;
    broker.all.resize(static_cast<std::size_t>(replicas));
    for (auto& pod : broker.all) {
      pod.phase = PodPhase::running;
      pod.ready = true;
      pod.started_s = 0;
    }
    out.metrics = &broker;
    return out;
  }
  ScalingDecision poll(double now_s) { return follow(*policy->poll(seen(now_s))); }
  ScalingDecision sync(double now_s) { return follow(policy->decide(seen(now_s))); }
  ScalingDecision follow(ScalingDecision decision) {
    replicas = decision.desired_replicas;
    return decision;
  }
};

KedaSpec one_queue() {
  KedaSpec spec;
  spec.max = 50;
  spec.triggers = {queue_trigger(5)};
  return spec;
}

TEST(KedaTraps, Trap14ThePollMovesBetweenZeroAndOneAndTheHpaAboveThat) {
  Rig rig(one_queue());
  rig.replicas = 0;
  rig.broker.now.ready = 100;
  EXPECT_EQ(rig.sync(0).desired_replicas, 0) << "the HPA is disabled at zero";
  EXPECT_EQ(rig.poll(30).desired_replicas, 1) << "20 are needed, but the poll wakes one";
  EXPECT_EQ(rig.poll(60).desired_replicas, 1) << "and polling again adds nothing";
  EXPECT_EQ(rig.sync(75).desired_replicas, 4) << "legacy limit max(2n, 4)";
  EXPECT_EQ(rig.sync(90).desired_replicas, 8);
  EXPECT_EQ(rig.policy->loop_name(true), "keda");
  EXPECT_EQ(rig.policy->loop_name(false), "hpa");
}

TEST(KedaTraps, Trap15TheJumpToZeroPassesTheHpasWindowAndPolicies) {
  KedaSpec spec = one_queue();
  HpaRulesGiven down;
  down.select = HpaSelect::disabled;
  spec.behavior = fill_behavior({}, down);
  Rig rig(spec);
  rig.broker.now.ready = 40;
  EXPECT_EQ(rig.poll(0).reason, "ScalerActive");
  EXPECT_EQ(rig.sync(1).desired_replicas, 5);
  EXPECT_EQ(rig.sync(20).desired_replicas, 8);
  rig.broker.now.ready = 0;
  EXPECT_EQ(rig.sync(35).desired_replicas, 8) << "scale-down is disabled";
  EXPECT_EQ(rig.poll(300).desired_replicas, 8) << "300 s: not strictly more than the cooldown";
  const auto jump = rig.poll(330);
  EXPECT_EQ(jump.desired_replicas, 0);
  EXPECT_EQ(jump.reason, "KEDAScaleTargetDeactivated");
}

TEST(KedaTraps, Trap16BelowItsActivationAnObjectStaysAtZeroWhateverTheTargetAsksFor) {
  KedaSpec spec = one_queue();
  spec.triggers = {queue_trigger(10, 50)};
  Rig rig(spec);
  rig.replicas = 0;
  rig.broker.now.ready = 40;
  EXPECT_EQ(rig.poll(30).desired_replicas, 0) << "the HPA would ask for 4";
  rig.broker.now.ready = 51;
  EXPECT_EQ(rig.poll(60).desired_replicas, 1);
}

TEST(KedaTraps, Trap17TheHpasMinimumIsOneWhenMinReplicaCountIsZero) {
  KedaSpec spec = one_queue();
  EXPECT_EQ(hpa_of(spec).min_replicas, 1);
  spec.min = 3;
  EXPECT_EQ(hpa_of(spec).min_replicas, 3);
  EXPECT_FALSE(hpa_of(spec).behavior.has_value()) << "the legacy path, unless the user gave a behavior";
}

TEST(KedaTraps, Trap18BothLoopsDriveTheFailureCounter) {
  KedaSpec spec = one_queue();
  spec.fallback = KedaFallback{.failure_threshold = 3, .replicas = 7};
  Rig rig(spec);
  rig.replicas = 6;
  rig.broker.down = true;
  EXPECT_EQ(rig.poll(0).reason, "TriggerError");
  EXPECT_EQ(rig.sync(1).reason, "FailedGetExternalMetric");
  EXPECT_EQ(rig.sync(16).desired_replicas, 6) << "three failures: not yet strictly more";
  const auto woken = rig.poll(30);
  EXPECT_EQ(woken.reason, "ScalerActive") << "the fourth: a fallback counts as active";
  EXPECT_EQ(rig.sync(31).desired_replicas, 7);
}

TEST(KedaTraps, Trap18WithoutAFallbackAFailingTriggerHoldsTheSize) {
  Rig rig(one_queue());
  rig.replicas = 6;
  rig.broker.down = true;
  for (int i = 1; i < 100; ++i) {
    EXPECT_EQ(rig.sync(15 * i).desired_replicas, 6);
    EXPECT_EQ(rig.poll(15 * i).desired_replicas, 6);
  }
}

TEST(KedaPolicy, CachedMetricsServeTheHpaTheLastPollsValue) {
  KedaSpec spec = one_queue();
  spec.triggers.front().use_cached_metrics = true;
  Rig rig(spec);
  rig.broker.now.ready = 10;
  rig.poll(0);
  rig.broker.now.ready = 20;
  const int before = rig.broker.asked;
  EXPECT_EQ(rig.sync(15).desired_replicas, 2) << "10 / 5, as polled";
  EXPECT_EQ(rig.broker.asked, before);
  rig.poll(30);
  EXPECT_EQ(rig.sync(30).desired_replicas, 4);
}

TEST(KedaPolicy, PubsubFiguresChangeOnceAMinute) {
  KedaSpec spec = one_queue();
  spec.triggers.front().source = PubsubScaler{};
  Rig rig(spec);
  rig.broker.now.ready = 10;
  EXPECT_EQ(rig.sync(15).desired_replicas, 2);
  rig.broker.now.ready = 20;
  EXPECT_EQ(rig.sync(45).desired_replicas, 2) << "still the minute's figure";
  EXPECT_EQ(rig.sync(60).desired_replicas, 4);
}

TEST(KedaPolicy, ModifiersReplaceTheExternalMetricsByOne) {
  KedaSpec spec = one_queue();
  KedaTrigger clock = queue_trigger(1);
  clock.name = "other";
  spec.triggers.push_back(clock);
  auto formula = expression::KedaFormula::compile("max(work, other) / 3", {"work", "other"});
  ASSERT_TRUE(std::holds_alternative<expression::KedaFormula>(formula));
  spec.modifiers = KedaModifiers{.formula = std::get<expression::KedaFormula>(formula), .target = 2};
  EXPECT_EQ(hpa_of(spec).metrics.size(), 1U);
  Rig rig(spec);
  rig.broker.now.ready = 20;
  const auto sync = rig.sync(15);
  EXPECT_EQ(sync.value, 6.666) << "thousandths, cut";
  EXPECT_EQ(sync.desired_replicas, 4);
}

TEST(KedaPolicy, AFailedTriggerIsNothingInTheFormulaOnceTheFallbackSaysSo) {
  KedaSpec spec = one_queue();
  auto formula = expression::KedaFormula::compile("work ?? 12", {"work"});
  ASSERT_TRUE(std::holds_alternative<expression::KedaFormula>(formula));
  spec.modifiers = KedaModifiers{.formula = std::get<expression::KedaFormula>(formula), .target = 4};
  spec.fallback =
      KedaFallback{.failure_threshold = 0, .replicas = 9, .behavior = KedaFallbackBehavior::trigger_becomes_nothing};
  Rig rig(spec);
  rig.broker.down = true;
  EXPECT_EQ(rig.sync(15).desired_replicas, 3) << "12 / 4";
}

TEST(KedaPolicy, PausedItKeepsTheSizeOrTakesTheOneAsked) {
  KedaSpec spec = one_queue();
  spec.annotations.paused = true;
  Rig rig(spec);
  rig.replicas = 3;
  rig.broker.now.ready = 1000;
  EXPECT_EQ(rig.poll(0).desired_replicas, 3);
  EXPECT_EQ(rig.sync(15).desired_replicas, 3);
  spec.annotations.paused_replicas = 2;
  Rig two(spec);
  two.replicas = 3;
  EXPECT_EQ(two.poll(0).desired_replicas, 2);
}

TEST(KedaPolicy, PausedScaleOutDisablesTheHpasUpwardPolicies) {
  KedaSpec spec = one_queue();
  spec.annotations.paused_scale_out = true;
  Rig rig(spec);
  rig.replicas = 2;
  rig.broker.now.ready = 1000;
  EXPECT_EQ(rig.sync(15).desired_replicas, 2);
  rig.replicas = 0;
  EXPECT_EQ(rig.poll(30).desired_replicas, 0);
}

TEST(KedaPolicy, CpuAloneIsAlwaysActive) {
  KedaSpec spec;
  KedaTrigger cpu;
  cpu.type = "cpu";
  cpu.source = ResourceScaler{.target = HpaTargetKind::utilization, .percent = 50};
  spec.triggers = {cpu};
  Rig rig(spec);
  rig.replicas = 0;
  EXPECT_EQ(rig.poll(0).desired_replicas, 1);
  EXPECT_EQ(rig.poll(3000).desired_replicas, 1);
}

TEST(KedaJobPolicy, CreatesAJobAMessageAndNeverRemovesOne) {
  KedaJobSpec spec;
  spec.max = 10;
  spec.triggers = {queue_trigger(1)};
  KedaJobPolicy policy(testing_support::params_of(
      KedaJobPolicy::params(),
      {{"spec", std::shared_ptr<const MadeBlock>(std::make_shared<KedaJobSpec>(spec))}, {"annotations", 0.0}}));
  FakeBroker broker;
  broker.now.ready = 4;
  Observation seen;
  seen.metrics = &broker;
  EXPECT_EQ(policy.poll(seen)->desired_replicas, 4);
  EXPECT_EQ(policy.poll(seen)->reason, "KEDAJobsCreated");
  seen.current_replicas = 6;
  broker.now.ready = 0;
  EXPECT_EQ(policy.poll(seen)->desired_replicas, 6);
  broker.now.ready = 40;
  EXPECT_EQ(policy.poll(seen)->desired_replicas, 10) << "the maximum";
  EXPECT_FALSE(policy.decides());
  EXPECT_EQ(policy.queries_per_replica(), 1);
}

}  // namespace
}  // namespace windtunnel
