// ScaledObjects and ScaledJobs in a scenario.
#include <gtest/gtest.h>

#include "policies/kubernetes/keda_spec.hpp"
#include "tests/scenario/harness.hpp"

namespace windtunnel {
namespace keda_test {

using testing::messages;
using testing::parse;

std::string with_policy(const std::string& policy, const std::string& spec, const std::string& more = "") {
  return testing::with(testing::kSmall, "  scene: {policy: backlog_time, target: 3s, max: 8}",
                       "  scene:\n    policy: " + policy + more + "\n    spec: " + spec);
}
std::string with_keda(const std::string& spec, const std::string& more = "") {
  return with_policy("keda", spec, more);
}
/// A spec of one trigger.
std::string of_trigger(const std::string& trigger) {
  return "{maxReplicaCount: 9, triggers: [" + trigger + "]}";
}

const std::string kSqs = "{type: aws-sqs-queue, metadata: {queueURL: x, queueLength: \"3\"}}";

const KedaSpec& keda_of(const Scenario& scenario) {
  return scenario.scaling.front().params.made<KedaSpec>("spec");
}

TEST(KedaScenario, ReadsAScaledObjectWordForWord) {
  const auto read = parse(with_keda(
      "{scaleTargetRef: {name: scene}, pollingInterval: 10, cooldownPeriod: 60, initialCooldownPeriod: 5, "
      "minReplicaCount: 2, idleReplicaCount: 0, maxReplicaCount: 20, fallback: {failureThreshold: 3, replicas: 6, "
      "behavior: currentReplicasIfHigher}, advanced: {horizontalPodAutoscalerConfig: {behavior: {scaleDown: "
      "{stabilizationWindowSeconds: 60}}}}, triggers: [{type: rabbitmq, name: work, useCachedMetrics: true, metadata: "
      "{queueName: q, host: \"http://rabbit\", value: \"4\", activationValue: \"2\"}}]}"));
  ASSERT_TRUE(read) << read.problems().front().text();
  const auto& spec = keda_of(*read);
  EXPECT_EQ(spec.polling_interval, std::chrono::seconds(10));
  EXPECT_EQ(spec.cooldown, std::chrono::seconds(60));
  EXPECT_EQ(spec.idle, 0);
  EXPECT_EQ(spec.fallback->behavior, KedaFallbackBehavior::current_if_higher);
  EXPECT_EQ(spec.behavior->down.window, std::chrono::seconds(60));
  ASSERT_EQ(spec.triggers.size(), 1U);
  EXPECT_EQ(spec.triggers[0].target, 4);
  EXPECT_EQ(spec.triggers[0].activation, 2);
  EXPECT_TRUE(spec.triggers[0].use_cached_metrics);
  EXPECT_TRUE(std::get<RabbitmqScaler>(spec.triggers[0].source).http) << "by the host's scheme";
  EXPECT_EQ(read->scaling.front().min, 0) << "idle";
  EXPECT_EQ(read->scaling.front().max, 20);
}

TEST(KedaScenario, DefaultsAreKedas) {
  const auto read = parse(with_keda("{triggers: [" + kSqs + "]}"));
  ASSERT_TRUE(read) << read.problems().front().text();
  const auto& spec = keda_of(*read);
  EXPECT_EQ(spec.polling_interval, std::chrono::seconds(30));
  EXPECT_EQ(spec.cooldown, std::chrono::seconds(300));
  EXPECT_EQ(spec.max, 100);
  EXPECT_FALSE(spec.behavior);
  EXPECT_TRUE(std::get<SqsScaler>(spec.triggers[0].source).scale_on_in_flight);
  EXPECT_EQ(read->scaling.front().interval, std::chrono::seconds(15));
}

TEST(KedaScenario, TheResolvedScenarioReadsAsTheSame) {
  const auto read = parse(with_keda("{triggers: [" + kSqs + "]}", "\n    annotations: {paused-scale-in: \"true\"}"));
  ASSERT_TRUE(read) << read.problems().front().text();
  const auto again = parse(read->resolved);
  ASSERT_TRUE(again) << again.problems().front().text();
  EXPECT_EQ(again->digest, read->digest);
  EXPECT_TRUE(keda_of(*again).annotations.paused_scale_in);
}

TEST(KedaScenario, EveryKindOfTriggerIsRead) {
  for (const auto* trigger :
       {"{type: prometheus, metadata: {serverAddress: x, query: up, threshold: \"1\"}}",
        "{type: gcp-pubsub, metadata: {subscriptionName: x, mode: OldestUnackedMessageAge, value: \"30\"}}",
        "{type: kafka, metadata: {bootstrapServers: x, consumerGroup: y, topic: z, lagThreshold: \"50\"}}",
        "{type: redis, metadata: {address: x, listName: y, listLength: \"7\"}}",
        "{type: cron, metadata: {timezone: Europe/London, start: 0 8 * * *, end: 0 18 * * *, desiredReplicas: \"3\"}}",
        "{type: memory, metricType: AverageValue, metadata: {value: 2Gi}}"})
    EXPECT_EQ(messages(with_keda(of_trigger(trigger))), "") << trigger;
}

TEST(KedaScenario, ACpuTriggerNeedsTheRequestAndTheUsage) {
  const std::string text = with_keda(of_trigger("{type: cpu, metricType: Utilization, metadata: {value: \"60\"}}"));
  EXPECT_NE(messages(text).find("spec.triggers.0: utilization is a share of the CPU request, and scene has none"),
            std::string::npos)
      << messages(text);
  EXPECT_EQ(
      messages(testing::with(text, "memory: {weights: 2GB", "requests: {cpu: 2}, cpu: {}, memory: {weights: 2GB")), "");
}

TEST(KedaScenario, NamesWhatIsNotModelledAndWhatIsNotKnown) {
  EXPECT_NE(messages(with_keda(of_trigger("{type: azure-servicebus, metadata: {queueName: q}}")))
                .find("spec.triggers.0.type: azure-servicebus is a trigger of KEDA's that is not modelled here"),
            std::string::npos);
  EXPECT_NE(
      messages(with_keda(of_trigger("{type: rabitmq, metadata: {queueName: q}}"))).find("did you mean \"rabbitmq\""),
      std::string::npos);
  EXPECT_NE(messages(with_keda(of_trigger("{type: kafka, metadata: {excludePersistentLag: \"true\"}}")))
                .find("excludePersistentLag: is KEDA's, but not modelled here"),
            std::string::npos);
  EXPECT_NE(messages(with_keda(of_trigger("{type: aws-sqs-queue, metadata: {queueLenght: \"3\"}}")))
                .find("unknown key \"queueLenght\"; did you mean \"queueLength\""),
            std::string::npos);
  EXPECT_NE(messages(with_keda("{cooldown: 3, triggers: [" + kSqs + "]}")).find("unknown field \"cooldown\""),
            std::string::npos);
}

TEST(KedaScenario, SaysPlaceValueRuleAndWayOut) {
  EXPECT_NE(messages(with_keda("{minReplicaCount: 9, maxReplicaCount: 4, triggers: [" + kSqs + "]}"))
                .find("spec.minReplicaCount: 9 is more than maxReplicaCount 4; lower minReplicaCount"),
            std::string::npos);
  EXPECT_NE(messages(with_keda("{idleReplicaCount: 1, minReplicaCount: 1, triggers: [" + kSqs + "]}"))
                .find("idleReplicaCount: 1 is not below minReplicaCount 1"),
            std::string::npos);
  EXPECT_NE(messages(with_keda("{triggers: []}")).find("spec.triggers: is empty"), std::string::npos);
  EXPECT_NE(messages(with_keda(of_trigger("{type: aws-sqs-queue, metadata: {queueLength: \"0\"}}")))
                .find("queueLength: 0 is not a whole number from 1 on"),
            std::string::npos);
  EXPECT_NE(messages(with_keda(of_trigger("{type: rabbitmq, metadata: {queueName: q, mode: MessageRate}}")))
                .find("mode: needs the HTTP protocol"),
            std::string::npos);
  EXPECT_NE(messages(with_keda(of_trigger("{type: cron, metadata: {timezone: UTC, start: 0 25 * * *, end: 0 1 * * *, "
                                          "desiredReplicas: \"1\"}}")))
                .find("start: \"25\" is no hour (0 to 23); write a crontab line"),
            std::string::npos);
  EXPECT_NE(messages(with_keda("{triggers: [" + kSqs + "]}", "\n    annotations: {paused: maybe}"))
                .find("neither true nor false"),
            std::string::npos);
  EXPECT_NE(messages(with_keda("{triggers: [" + kSqs + "]}", "\n    max: 4")).find("means nothing with policy: keda"),
            std::string::npos);
}

TEST(KedaScenario, AFormulasProblemHasItsColumn) {
  const std::string named = "{type: aws-sqs-queue, name: work, metadata: {queueURL: x}}";
  const auto formula = [&](const std::string& text) {
    return messages(with_keda("{triggers: [" + named + "], advanced: {scalingModifiers: {target: \"2\", formula: \"" +
                              text + "\"}}}"));
  };
  EXPECT_EQ(formula("work / 2"), "");
  EXPECT_NE(formula("work / wrok").find("formula: column 8: "), std::string::npos) << formula("work / wrok");
  EXPECT_NE(messages(with_keda("{triggers: [" + kSqs +
                               "], advanced: {scalingModifiers: {target: \"2\", formula: "
                               "\"work\"}}}"))
                .find("has no name"),
            std::string::npos);
}

TEST(KedaScenario, AQueryThatCannotBeAskedHasItsColumn) {
  const auto query = [&](const std::string& text) {
    return messages(with_keda(of_trigger("{type: prometheus, metadata: {threshold: \"1\", query: '" + text + "'}}")));
  };
  EXPECT_EQ(query("sum(up)"), "");
  EXPECT_NE(query("sum(up").find("metadata.query: column "), std::string::npos) << query("sum(up");
  EXPECT_NE(query("sum(no_such_metric)").find("no_such_metric"), std::string::npos);
}

TEST(KedaScenario, ReadsAScaledJob) {
  const auto read = parse(with_policy(
      "keda_job",
      "{jobTargetRef: {template: {}}, pollingInterval: 5, maxReplicaCount: 12, scalingStrategy: {strategy: custom, "
      "customScalingQueueLengthDeduction: 1, customScalingRunningJobPercentage: \"0.5\", multipleScalersCalculation: "
      "sum}, triggers: [" +
          kSqs + "]}",
      "\n    messages_per_job: 4"));
  ASSERT_TRUE(read) << read.problems().front().text();
  const auto& spec = read->scaling.front().params.made<KedaJobSpec>("spec");
  EXPECT_EQ(spec.strategy.kind, KedaJobStrategy::custom);
  EXPECT_EQ(spec.strategy.running_job_percentage, 0.5);
  EXPECT_EQ(spec.calculation, KedaJobCalculation::sum);
  EXPECT_EQ(read->scaling.front().initial, 0) << "no job is there before its message";
  EXPECT_NE(
      messages(with_policy("keda_job", of_trigger("{type: cpu, metricType: Utilization, metadata: {value: \"60\"}}")))
          .find("cpu says nothing of how many jobs there should be"),
      std::string::npos);
}

TEST(KedaScenario, NoSpecCrashesTheReader) {
  for (const auto* spec :
       {"[]", "3", "null", "{}", "{triggers: 3}", "{triggers: [3, null, []]}", "{triggers: [{type: {}}]}",
        "{triggers: [{type: cron}]}", "{triggers: [{type: prometheus, metadata: []}]}",
        "{triggers: [{type: cpu, metricType: Utilization, metadata: {value: []}}]}",
        "{fallback: 3, advanced: [], triggers: []}",
        "{pollingInterval: 1e99, triggers: [{type: redis, metadata: {}}]}"}) {
    EXPECT_NE(messages(with_keda(spec)), "") << spec;
    EXPECT_NE(messages(with_policy("keda_job", spec)), "") << spec;
  }
}

}  // namespace keda_test
}  // namespace windtunnel
