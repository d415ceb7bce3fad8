// Every way a manifest can be wrong: file, line, field, and the way out.
#include <gtest/gtest.h>

#include "tests/kubernetes/folder.hpp"

namespace windtunnel::kubernetes::testing {

struct BadManifest {
  std::string text, says;
};

void expect_said(const std::vector<BadManifest>& table) {
  for (const auto& [text, says] : table) {
    const std::string said = problems_of(text);
    EXPECT_NE(said.find(says), std::string::npos) << "expected: " << says << "\ngave:\n" << said;
  }
}

const std::string kHpa = R"(apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: quality}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: quality}
  maxReplicas: 5
  metrics:
    - {type: External, external: {metric: {name: rabbitmq_queue_messages}, target: {type: AverageValue, averageValue: )"
                         R"(5}}}
---
)";

TEST(BadManifests, UnknownVersionsAndKinds) {
  expect_said({
      {with(kDeployment, "apps/v1", "apps/v1beta2"),
       "m.yaml:1: apiVersion: \"apps/v1beta2\" of a Deployment is not read here; write apiVersion: apps/v1"},
      {kDeployment + with(kHpa, "autoscaling/v2", "autoscaling/v2beta2"),
       "m.yaml:19: apiVersion: \"autoscaling/v2beta2\" of a HorizontalPodAutoscaler is not read here; write "
       "apiVersion: "
       "autoscaling/v2"},
      {with(kDeployment, "kind: Deployment", "kind: Deploymnet"),
       "m.yaml:2: kind: unknown kind \"Deploymnet\"; did you mean \"Deployment\"?"},
      {with(kDeployment, "kind: Deployment\n", ""), "m.yaml:1: has no kind: no Kubernetes object"},
      {"[1, 2]\n", "m.yaml:1: is a list, not a Kubernetes object"},
      {"schema: 1\nmodels: {}\n", "it looks like a scenario"},
  });
}

TEST(BadManifests, TargetsThatAreNotThereAndTwoForOne) {
  expect_said({
      {kDeployment + with(kScaledObject, "{name: quality}", "{name: qualty}"),
       "m.yaml:23: spec.scaleTargetRef: the manifests have no Deployment \"qualty\"; did you mean \"quality\"?"},
      {kDeployment + with(kScaledObject, "{name: quality}", "{kind: StatefulSet, name: quality}"),
       "the manifests have no StatefulSet \"quality\""},
      {kDeployment + with(kScaledObject, "  scaleTargetRef: {name: quality}\n", ""), "scaleTargetRef is missing"},
      {kDeployment + kScaledObject + kHpa,
       "spec.scaleTargetRef: Deployment/quality is scaled by ScaledObject/quality-scaler ("},
      {kDeployment + kDeployment, "Deployment/quality is declared again; first at "},
  });
}

TEST(BadManifests, FieldsOfAutoscalersAreNamedAsInTheManifest) {
  expect_said({
      {kDeployment + with(kScaledObject, "minReplicaCount: 1", "minReplicaCount: 9"),
       "m.yaml:24: spec.minReplicaCount: 9 is more than maxReplicaCount 6"},
      {kDeployment + with(kHpa, "maxReplicas: 5", "minReplicas: 6\n  maxReplicas: 5"),
       "m.yaml:24: spec.minReplicas: 6 is more than maxReplicas 5"},
      {kDeployment + with(kHpa, "rabbitmq_queue_messages", "rabbitmq_queue_message"),
       "m.yaml:26: spec.metrics.0: no exporter offers the metric \"rabbitmq_queue_message\"; did you mean"},
      {kDeployment +
           with(kScaledObject, "{type: rabbitmq, metadata: {mode: QueueLength, value: \"5\"}}",
                "{type: prometheus, metadata: {query: \"sum(rate(htp_requests_total[2m]))\", threshold: \"3\"}}"),
       "m.yaml:27: spec.triggers.0.metadata.query: column 10: no exporter offers the metric \"htp_requests_total\"; "
       "did "
       "you mean \"http_requests_total\"?"},
      {kDeployment +
           with(kScaledObject, "{type: rabbitmq, metadata: {mode: QueueLength, value: \"5\"}}",
                "{type: prometheus, metadata: {query: \"holt_winters(up[5m], 0.1, 0.1)\", threshold: \"3\"}}"),
       "m.yaml:27: spec.triggers.0.metadata.query: column 1: "},
      {kDeployment + with(kScaledObject, "type: rabbitmq", "type: rabitmq"), "unknown trigger type \"rabitmq\""},
      {kDeployment + with(kScaledObject, "minReplicaCount", "minReplicas"), "unknown field \"minReplicas\""},
  });
}

TEST(BadManifests, QueriesThatCanSelectNothing) {
  const auto asking = [](const std::string& query) {
    return kDeployment + with(kScaledObject, "{type: rabbitmq, metadata: {mode: QueueLength, value: \"5\"}}",
                              "{type: prometheus, metadata: {query: '" + query + "', threshold: \"3\"}}");
  };
  expect_said({
      {asking("sum(rabbitmq_queue_messages{queue=\"tasks\"})"),
       "m.yaml:27: spec.triggers.0.metadata.query: column 5: no rabbitmq_queue_messages has queue \"tasks\": here it "
       "is "
       "the model's name; known: quality"},
      {asking("sum(rabbitmq_queue_messages{vhost=\"/\"})"),
       "column 5: rabbitmq_queue_messages has no label \"vhost\" here, so nothing is selected; known: "},
      {kDeployment + with(kHpa, "name: rabbitmq_queue_messages}",
                          "name: rabbitmq_queue_messages, selector: {matchLabels: {queue: tasks}}}"),
       "m.yaml:26: spec.metrics.0: no rabbitmq_queue_messages has queue \"tasks\": here it is the model's name"},
  });
  EXPECT_EQ(problems_of(asking("sum(rabbitmq_queue_messages{queue=~\"qual.*\",vhost!=\"x\"})")), "");
  EXPECT_EQ(problems_of(asking("sum(rate(http_requests_total{service=\"quality\"}[2m])) + max(up{job=\"broker\"})")),
            "");
}

TEST(BadManifests, UtilizationWithoutARequest) {
  const std::string by_cpu =
      with(kHpa,
           "{type: External, external: {metric: {name: rabbitmq_queue_messages}, target: {type: AverageValue, "
           "averageValue: 5}}}",
           "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}");
  EXPECT_EQ(problems_of(with(kDeployment, "requests: {cpu: 500m, memory: 4Gi}", "requests: {memory: 4Gi}") + by_cpu),
            "m.yaml:26: spec.metrics.0: utilization is a share of the CPU request, and quality has none; give "
            "models.quality.requests.cpu (resources.requests.cpu in a manifest), or take averageValue\n");
  EXPECT_EQ(problems_of(kDeployment + by_cpu), "");
}

TEST(BadManifests, WhatAPodAsksFor) {
  expect_said({
      {with(kDeployment, "nvidia.com/gpu: 1", "nvidia.com/gpu: 2"),
       "m.yaml:17: spec.template.spec.containers.0.resources.limits.\"nvidia.com/gpu\": 2 GPUs for one replica"},
      {with(kDeployment, "cpu: 500m", "cpu: 500x"),
       "m.yaml:16: spec.template.spec.containers.0.resources.requests.cpu"},
      {with(kDeployment, "NVIDIA-A10G", "NVIDIA-A11"),
       "no GPU of the catalogue is called \"NVIDIA-A11\"; did you mean"},
      {with(kDeployment, "windtunnel/profile: clip-scorer", "windtunnel/profile: clip-scorr"),
       "m.yaml:5: metadata.annotations.windtunnel/profile: \"clip-scorr\" is neither an entry of the catalogue nor a "
       "file; did you mean \"clip-scorer\"?"},
      {with(kDeployment, "      containers:\n        - name: server\n          image: registry/quality:1\n",
            "      x:\n"),
       "has no containers"},
      {with(kDeployment, "spec:\n  selector", "spec:\n  replicas: many\n  selector"), "\"many\" is no whole number"},
  });
}

TEST(BadManifests, AllProblemsComeAtOnce) {
  const Folder folder(Files{{"a.yaml", with(kDeployment, "cpu: 500m", "cpu: 500x")},
                            {"b.yaml", with(kScaledObject, "minReplicaCount: 1", "minReplicaCount: 9")},
                            {"c.yaml", "a: [1\n"},
                            {"d.yaml", "apiVersion: v1\nkind: Srvc\n"}});
  const std::string said = problems_of(folder.options());
  for (const auto* file : {"a.yaml:16:", "b.yaml:6:", "c.yaml:", "d.yaml:2:"})
    EXPECT_NE(said.find(file), std::string::npos) << file << "\n" << said;
}

TEST(BadManifests, AFolderWithoutModels) {
  EXPECT_NE(problems_of("apiVersion: v1\nkind: Service\nmetadata: {name: x}\n").find("has no Deployment that asks"),
            std::string::npos);
  const Folder empty(Files{{"notes.txt", "x"}});
  EXPECT_NE(problems_of(empty.options()).find("holds no .yaml, .yml or .json file"), std::string::npos);
  ManifestOptions nowhere;
  nowhere.places = {"/no/such/folder"};
  EXPECT_NE(problems_of(nowhere).find("no such file or folder"), std::string::npos);
  const Folder quiet(Files{{"m.yaml", kDeployment}});
  auto options = quiet.options();
  options.trace.reset();
  EXPECT_NE(problems_of(options).find("--trace: is missing: no traffic"), std::string::npos);
}

}  // namespace windtunnel::kubernetes::testing
