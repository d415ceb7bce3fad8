// The spec of an autoscaling/v2 manifest in a scenario.
#include <gtest/gtest.h>

#include "policies/kubernetes/hpa_policy.hpp"
#include "policies/promql/adapter_selector.hpp"
#include "sim/scenario/kube_quantity.hpp"
#include "tests/scenario/harness.hpp"

namespace windtunnel {
namespace hpa_test {

using testing::messages;
using testing::parse;

/// The small scenario with an hpa whose spec is `spec`, in flow style.
std::string with_hpa(const std::string& spec, const std::string& more = "") {
  const std::string asking =
      testing::with(testing::kSmall, "memory: {weights: 2GB", "requests: {cpu: 2}, cpu: {}, memory: {weights: 2GB");
  return testing::with(asking, "  scene: {policy: backlog_time, target: 3s, max: 8}",
                       "  scene:\n    policy: hpa" + more + "\n    spec: " + spec);
}

const std::string kQueue =
    "{type: External, external: {metric: {name: rabbitmq_queue_messages, selector: {matchLabels: {queue: scene}}}, "
    "target: {type: AverageValue, averageValue: 500m}}}";

TEST(HpaScenario, ReadsAManifestsSpecWordForWord) {
  const auto read = parse(with_hpa(
      "{scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scene}, minReplicas: 2, maxReplicas: 9, metrics: "
      "[" +
      kQueue +
      ", {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}], behavior: "
      "{scaleDown: {stabilizationWindowSeconds: 60, policies: [{type: Percent, value: 10, periodSeconds: 60}]}}}"));
  ASSERT_TRUE(read) << read.problems().front().text();
  const auto& scaling = read->scaling.front();
  EXPECT_EQ(scaling.min, 2);
  EXPECT_EQ(scaling.max, 9);
  EXPECT_EQ(scaling.initial, 2);
  const auto& spec = scaling.params.made<HpaBlock>("spec").spec;
  ASSERT_EQ(spec.metrics.size(), 2u);
  EXPECT_EQ(spec.metrics[0].selector, "queue=scene");
  EXPECT_EQ(spec.metrics[0].target_milli, 500);
  EXPECT_EQ(spec.metrics[1].target_percent, 60);
  ASSERT_TRUE(spec.behavior);
  EXPECT_EQ(spec.behavior->down.window, std::chrono::seconds(60));
  EXPECT_EQ(spec.behavior->up.policies.size(), 2u) << "filled once any field is given";
}

TEST(HpaScenario, MatchExpressionsBecomeMatchersOfTheAdapter) {
  const auto with_selector = [](const std::string& selector) {
    return with_hpa(
        "{maxReplicas: 3, metrics: [{type: External, external: {metric: {name: rabbitmq_queue_messages, selector: " +
        selector + "}, target: {type: AverageValue, averageValue: 1}}}]}");
  };
  const auto read = parse(with_selector(
      "{matchLabels: {queue: scene}, matchExpressions: [{key: queue, operator: In, values: [scene, e.f]}, {key: job, "
      "operator: NotIn, values: [h]}, {key: instance, operator: Exists}, {key: none, operator: DoesNotExist}]}"));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->scaling.front().params.made<HpaBlock>("spec").spec.metrics[0].selector,
            "queue=scene,queue=~scene|e\\.f,job!~h,instance!=,none=");
  EXPECT_EQ(promql::adapter_matchers("a=b,c=~d|e\\.f,g!~h,i!=,j="), "a=\"b\",c=~\"d|e\\\\.f\",g!~\"h\",i!=\"\",j=\"\"");
  const std::string nobody =
      messages(with_selector("{matchExpressions: [{key: queue, operator: In, values: [other]}]}"));
  EXPECT_NE(nobody.find("here it is the model's name"), std::string::npos) << nobody;
  const auto told = [&](const std::string& expression, const std::string& what) {
    const std::string all = messages(with_selector("{matchExpressions: [" + expression + "]}"));
    EXPECT_NE(all.find("selector.matchExpressions.0"), std::string::npos) << all;
    EXPECT_NE(all.find(what), std::string::npos) << all;
  };
  told("{key: c, operator: Gt, values: [1]}", "operator");
  told("{key: c, operator: In}", "has no values to compare with");
  told("{key: c, operator: Exists, values: [x]}", "mean nothing with Exists");
  told("{key: c, operator: In, values: ['a,b']}", "no label can have");
}

TEST(HpaScenario, AnEmptySpecIsCpuAtEightyPercentOnTheLegacyPath) {
  const auto read = parse(with_hpa("{maxReplicas: 3}", "\n    downscale_stabilization: 1m"));
  ASSERT_TRUE(read) << read.problems().front().text();
  const auto& spec = read->scaling.front().params.made<HpaBlock>("spec").spec;
  ASSERT_EQ(spec.metrics.size(), 1u);
  EXPECT_EQ(spec.metrics[0].target_percent, 80);
  EXPECT_FALSE(spec.behavior);
  EXPECT_EQ(hpa_flags(read->scaling.front().params).downscale_stabilization, std::chrono::minutes(1));
}

TEST(HpaScenario, SyncPeriodIsTheInterval) {
  const auto read = parse(with_hpa("{maxReplicas: 3}", "\n    sync_period: 20s"));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->scaling.front().interval, std::chrono::seconds(20));
  EXPECT_NE(messages(with_hpa("{maxReplicas: 3}", "\n    sync_period: 20s\n    interval: 15s")).find("same thing"),
            std::string::npos);
}

TEST(HpaScenario, UtilizationNeedsARequestOfThatResource) {
  const auto plain = [](const std::string& model, const std::string& metric) {
    std::string text = testing::with(testing::kSmall, "memory: {weights: 2GB", model + "memory: {weights: 2GB");
    return messages(testing::with(text, "  scene: {policy: backlog_time, target: 3s, max: 8}",
                                  "  scene: {policy: hpa, spec: {maxReplicas: 3, metrics: [" + metric + "]}}"));
  };
  const std::string cpu =
      "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}";
  const std::string memory =
      "{type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 60}}}";
  EXPECT_NE(plain("cpu: {}, ", cpu)
                .find("small.yaml:16: scaling.scene.spec.metrics.0: utilization is a share of the "
                      "CPU request, and scene has none; give models.scene.requests.cpu"),
            std::string::npos)
      << plain("cpu: {}, ", cpu);
  EXPECT_EQ(plain("cpu: {request: 2}, ", cpu), "");
  EXPECT_EQ(plain("requests: {cpu: 2}, cpu: {}, ", cpu), "");
  EXPECT_NE(plain("requests: {cpu: 2}, ", cpu).find("nothing says how much CPU scene uses"), std::string::npos);
  EXPECT_NE(plain("", memory).find("utilization is a share of the memory request"), std::string::npos);
  EXPECT_EQ(plain("requests: {memory: 4GiB}, ", memory), "");
  EXPECT_EQ(plain("host_memory: {steady: 3GiB}, ", memory), "");
}

TEST(HpaScenario, TheTwoPlacesOfACpuRequestAreOneFigure) {
  const auto with_model = [](const std::string& keys) {
    return testing::with(testing::kSmall, "memory: {weights: 2GB", keys + "memory: {weights: 2GB");
  };
  EXPECT_NE(messages(with_model("requests: {cpu: 2}, cpu: {request: 1}, ")).find("1 cores, and requests.cpu says 2"),
            std::string::npos);
  const auto one = parse(with_model("requests: {cpu: 2}, cpu: {}, "));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->models.front().cpu->request, 2.0);
  const auto other = parse(with_model("cpu: {request: 2}, "));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->models.front().requests.milli_cpu, 2000) << "the scheduler goes by it, too";
  const auto again = parse(other->resolved);
  ASSERT_TRUE(again) << again.problems().front().text();
}

TEST(HpaScenario, AMetricThatNoExporterOffersNamesTheNearest) {
  const auto said = messages(with_hpa(
      "{maxReplicas: 3, metrics: [{type: External, external: {metric: {name: rabbitmq_queue_message_ready}, target: "
      "{type: AverageValue, averageValue: 5}}}, {type: Pods, pods: {metric: {name: vllm:num_requests_running}, target: "
      "{type: AverageValue, averageValue: 5}}}]}"));
  EXPECT_EQ(said,
            "small.yaml:18: scaling.scene.spec.metrics.0: no exporter offers the metric "
            "\"rabbitmq_queue_message_ready\"; did you mean \"rabbitmq_queue_messages_ready\"? `windtunnel list "
            "metrics` names them all\n");
}

TEST(HpaScenario, ResolvesToItself) {
  testing::expect_resolves_to_itself(with_hpa("{minReplicas: 1, maxReplicas: 9, metrics: [" + kQueue + "]}"));
}

TEST(HpaScenario, NamesEveryProblemWithItsField) {
  struct Bad {
    std::string spec, says;
  };
  const auto target = [](const std::string& text) {
    return "{maxReplicas: 3, metrics: [{type: Resource, resource: {name: cpu, target: {" + text + "}}}]}";
  };
  const auto down = [](const std::string& text) { return "{maxReplicas: 3, behavior: {scaleDown: {" + text + "}}}"; };
  const Bad table[] = {
      {"{minReplicas: 5, maxReplicas: 3}", "spec.minReplicas: 5 is more than maxReplicas 3"},
      {"{minReplicas: 1}", "maxReplicas is missing"},
      {"{maxReplicas: 0}", "0 is outside [1, 1000000]"},
      {"{maxReplicas: 2.5}", "2.5 is not a whole number"},
      {"{minReplicas: 0, maxReplicas: 3}", "0 needs the feature HPAScaleToZero"},
      {"{maxReplica: 3, maxReplicas: 3}", "did you mean \"maxReplicas\"?"},
      {"{maxReplicas: 3, metrics: [{type: Resource, resource: {name: cpu}}]}", "target is missing"},
      {"{maxReplicas: 3, metrics: [{type: Resource, resource: {name: nvidia.com/gpu, target: {}}}]}",
       "no figure of \"nvidia.com/gpu\""},
      {"{maxReplicas: 3, metrics: [{type: Pod}]}", "unknown type \"Pod\""},
      {"{maxReplicas: 3, metrics: [{type: External, resource: {}}]}", "stands beside type: External"},
      {target("type: Utilization"), "has no target; write averageUtilization or averageValue"},
      {target("type: Value, value: 3"), "is no target of this type of metric"},
      {target("type: Utilization, averageUtilization: 60, averageValue: 1"), "stands beside averageUtilization"},
      {target("type: AverageValue, averageUtilization: 60"), "does not fit averageUtilization"},
      {target("type: AverageValue, averageValue: 5x"), "\"5x\" is not a quantity"},
      {target("type: AverageValue, averageValue: -1"), "is not above 0"},
      {down("stabilizationWindowSeconds: 3601"), "3601 is outside [0, 3600]"},
      {down("policies: []"), "is empty"},
      {down("policies: [{type: Pods, value: 0, periodSeconds: 60}]"), "0 is outside [1, 2147483647]"},
      {down("policies: [{type: Pods, value: 1, periodSeconds: 1801}]"), "1801 is outside [1, 1800]"},
      {down("selectPolicy: Largest"), "unknown selectPolicy \"Largest\""},
      {down("tolerance: -0.1"), "is negative"},
      {"7", "is \"7\", not a block of fields"},
  };
  for (const auto& [spec, says] : table) {
    const auto text = messages(with_hpa(spec));
    EXPECT_NE(text.find(says), std::string::npos) << spec << " gave:\n" << text;
    EXPECT_NE(text.find("small.yaml:"), std::string::npos) << text;
    EXPECT_NE(text.find("scaling.scene.spec"), std::string::npos) << text;
  }
}

TEST(HpaScenario, TakesNeitherMinNorMaxBesideItsSpec) {
  EXPECT_NE(messages(with_hpa("{maxReplicas: 3}", "\n    max: 8")).find("the policy's own block says it"),
            std::string::npos);
  EXPECT_NE(testing::after("policy: backlog_time, target: 3s, max: 8", "policy: hpa").find("spec is missing"),
            std::string::npos);
}

TEST(KubeQuantity, ReadsWhatTheApiServerReads) {
  const std::pair<std::string_view, std::int64_t> table[] = {
      {"1", 1000},       {"0", 0},           {"500m", 500},      {"1.5", 1500},
      {"2k", 2'000'000}, {"1Ki", 1'024'000}, {"1e3", 1'000'000}, {"1P", 1'000'000'000'000'000'000},
      {".5", 500},       {"5.", 5000},       {"100u", 1},        {"1500u", 2},
      {"-1500u", -1},    {"+2", 2000},       {"0.1Ki", 102'400}, {"15e-1", 1500},
      {"1n", 1}};
  for (const auto& [text, milli] : table) {
    const auto parsed = parse_quantity_milli(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, milli) << text;
  }
  for (const auto* text :
       {"", "m", "1x", "1 k", "1mm", "0x10", "--1", "1e", "1.2.3", "9999999999999999999", "1E", "1e99", "Ki"}) {
    EXPECT_FALSE(parse_quantity_milli(text)) << text;
  }
}

TEST(Scaling, SyncsMayBeginAtASeededPhaseAndJitter) {
  const auto read =
      parse(testing::with(testing::kSmall, "max: 8}", "max: 8, interval_phase: seeded, interval_jitter: 200ms}"));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_TRUE(read->scaling.front().seeded_phase);
  EXPECT_EQ(read->scaling.front().interval_jitter, std::chrono::milliseconds(200));
  EXPECT_NE(read->resolved.find("interval_phase: seeded"), std::string::npos);
  const auto plain = parse(testing::kSmall);
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->scaling.front().seeded_phase);
  EXPECT_EQ(plain->resolved.find("interval_phase"), std::string::npos) << "new keys change no digest where unused";
}

}  // namespace hpa_test
}  // namespace windtunnel
