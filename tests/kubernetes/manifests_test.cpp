// A Deployment and its autoscaler become a model and its policy.
#include <gtest/gtest.h>

#include <algorithm>

#include "policies/kubernetes/keda_spec.hpp"
#include "tests/kubernetes/folder.hpp"

namespace windtunnel::kubernetes::testing {

/// What is listed as not modelled, by path.
std::vector<std::string> left_out(const Scenario& scenario) {
  std::vector<std::string> out;
  for (const auto& field : scenario.manifests->not_modelled) out.push_back(field.path);
  return out;
}

bool lists(const Scenario& scenario, const std::string& path) {
  const auto all = left_out(scenario);
  return std::find(all.begin(), all.end(), path) != all.end();
}

TEST(Manifests, ADeploymentAndAScaledObjectAreAModelAndItsPolicy) {
  const auto read = scenario_of(kDeployment + kScaledObject);
  ASSERT_TRUE(read) << read.problems().front().text();
  ASSERT_EQ(read->models.size(), 1u);
  const ModelSpec& model = read->models.front();
  EXPECT_EQ(model.name, "quality");
  EXPECT_EQ(model.profile, "clip-scorer");
  EXPECT_EQ(model.requests.milli_cpu, 500);
  EXPECT_EQ(model.requests.memory, Bytes{4LL << 30});
  EXPECT_EQ(model.termination.grace, std::chrono::seconds(30)) << "Kubernetes' default";
  const ScalingSpec& scaling = read->scaling.front();
  EXPECT_EQ(scaling.policy, "keda");
  EXPECT_EQ(scaling.max, 6);
  EXPECT_EQ(scaling.params.made<KedaSpec>("spec").triggers.front().target, 5);
  ASSERT_EQ(read->node_pools.size(), 1u);
  EXPECT_EQ(read->node_pools.front().gpu.name, "A10G");
  EXPECT_EQ(read->node_pools.front().max_nodes, 6) << "room for every model's largest size";
}

TEST(Manifests, ADeploymentAloneKeepsItsReplicas) {
  const auto read = scenario_of(with(kDeployment, "spec:\n", "spec:\n  replicas: 3\n"));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->scaling.front().policy, "fixed");
  EXPECT_EQ(read->scaling.front().initial, 3);
}

TEST(Manifests, ReplicasOfADeploymentAreTheSizeAtTimeZero) {
  const auto inside = scenario_of(with(kDeployment, "spec:\n", "spec:\n  replicas: 3\n") + kScaledObject);
  ASSERT_TRUE(inside) << inside.problems().front().text();
  EXPECT_EQ(inside->scaling.front().initial, 3);
  const auto outside = scenario_of(with(kDeployment, "spec:\n", "spec:\n  replicas: 30\n") + kScaledObject);
  ASSERT_TRUE(outside) << outside.problems().front().text();
  EXPECT_EQ(outside->scaling.front().initial, 6);
  EXPECT_TRUE(lists(*outside, "spec.replicas"));
}

TEST(Manifests, ProbesGraceAndPreStopAreRead) {
  const auto read =
      scenario_of(with(kDeployment, "          resources:\n",
                       R"(          startupProbe: {httpGet: {path: /, port: 1}, periodSeconds: 3, failureThreshold: 40}
          readinessProbe: {initialDelaySeconds: 4, periodSeconds: 5, timeoutSeconds: 2, successThreshold: 2}
          livenessProbe: {exec: {command: [x]}}
          lifecycle: {preStop: {exec: {command: ["/bin/sh", "-c", "sleep 12"]}}}
          resources:
)"));
  ASSERT_TRUE(read) << read.problems().front().text();
  const ModelSpec& model = read->models.front();
  ASSERT_TRUE(model.probe.startup && model.probe.readiness && model.probe.liveness);
  EXPECT_EQ(model.probe.startup->period, std::chrono::seconds(3));
  EXPECT_EQ(model.probe.startup->failure_threshold, 40);
  EXPECT_EQ(model.probe.readiness->initial_delay, std::chrono::seconds(4));
  EXPECT_EQ(model.probe.readiness->timeout, std::chrono::seconds(2));
  EXPECT_EQ(model.probe.readiness->success_threshold, 2);
  EXPECT_EQ(model.probe.liveness->period, std::chrono::seconds(10)) << "Kubernetes' default";
  EXPECT_EQ(model.termination.pre_stop, std::chrono::seconds(12));
  EXPECT_TRUE(lists(*read, "spec.template.spec.containers.0.startupProbe.httpGet"));
  EXPECT_FALSE(lists(*read, "spec.template.spec.containers.0.lifecycle"));
}

TEST(Manifests, AHookThatDoesMoreThanSleepIsListed) {
  const auto read = scenario_of(with(kDeployment, "          resources:\n",
                                     "          lifecycle: {preStop: {exec: {command: [drain.sh]}}}\n"
                                     "          resources:\n"));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->models.front().termination.pre_stop, Duration{});
  EXPECT_TRUE(lists(*read, "spec.template.spec.containers.0.lifecycle.preStop.exec.command"));
}

TEST(Manifests, WhatIsNotModelledIsListedWithFileLineAndPath) {
  const auto read =
      scenario_of(with(kDeployment, "  selector:", "  strategy: {type: Recreate}\n  selector:") + kScaledObject +
                  "apiVersion: v1\nkind: Service\nmetadata: {name: quality}\n---\n" +
                  "apiVersion: keda.sh/v1alpha1\nkind: TriggerAuthentication\nmetadata: {name: rabbit}\n");
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_TRUE(lists(*read, "Service/quality"));
  EXPECT_TRUE(lists(*read, "TriggerAuthentication/rabbit"));
  const auto& all = read->manifests->not_modelled;
  const auto strategy =
      std::find_if(all.begin(), all.end(), [](const PassedOver& field) { return field.path == "spec.strategy"; });
  ASSERT_NE(strategy, all.end());
  EXPECT_EQ(strategy->line, 7);
  EXPECT_TRUE(strategy->file.ends_with("m.yaml"));
}

TEST(Manifests, WhatWasReadIsNotListed) {
  const auto read = scenario_of(kDeployment + kScaledObject);
  ASSERT_TRUE(read);
  EXPECT_EQ(left_out(*read), std::vector<std::string>{}) << left_out(*read).front();
}

TEST(Manifests, ListsAndJsonAreManifestsToo) {
  const Folder json(Files{{"d.json", R"({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "quality",
      "annotations": {"windtunnel/profile": "clip-scorer"}}, "spec": {"template": {"spec": {"containers": [
      {"name": "s", "resources": {"limits": {"nvidia.com/gpu": 1}}}]}}}})"}});
  const auto read = scenario_of(json.options());
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->models.front().name, "quality");
  const auto list = scenario_of(
      "apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: quality, "
      "annotations: {windtunnel/profile: clip-scorer}}, spec: {template: {spec: {containers: [{name: s, resources: "
      "{limits: {nvidia.com/gpu: 1}}}]}}}}\n");
  ASSERT_TRUE(list) << list.problems().front().text();
}

TEST(Manifests, AnHpaBringsItsSpecAndItsCpuUsageIsAssumed) {
  const auto read = scenario_of(kDeployment + R"(apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: quality}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: quality}
  minReplicas: 2
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
)");
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->scaling.front().policy, "hpa");
  EXPECT_EQ(read->scaling.front().min, 2);
  EXPECT_EQ(read->models.front().cpu->request, 0.5);
  const auto& assumed = read->manifests->assumed;
  EXPECT_TRUE(std::any_of(assumed.begin(), assumed.end(),
                          [](const ManifestOrigin::Assumed& a) { return a.path == "models.quality.cpu"; }));
}

TEST(Manifests, AScaledJobIsAModelOfItsOwn) {
  const auto read = scenario_of(R"(apiVersion: keda.sh/v1alpha1
kind: ScaledJob
metadata: {name: render, annotations: {autoscaling.keda.sh/paused: "false", windtunnel/profile: clip-scorer}}
spec:
  jobTargetRef:
    backoffLimit: 2
    template:
      spec:
        containers: [{name: s, image: i, resources: {limits: {nvidia.com/gpu: 1}}}]
  maxReplicaCount: 4
  scalingStrategy: {strategy: accurate}
  triggers: [{type: rabbitmq, metadata: {mode: QueueLength, value: "1"}}]
)");
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->scaling.front().policy, "keda_job");
  EXPECT_EQ(read->models.front().dispatch, DispatchKind::pull);
  EXPECT_TRUE(lists(*read, "spec.jobTargetRef.backoffLimit"));
}

TEST(Manifests, AProfileIsFoundByFlagAnnotationFileAndName) {
  const std::string plain = with(kDeployment, "  annotations: {windtunnel/profile: clip-scorer}\n", "");
  const std::string own = "latency: {A10G: {fixed: 2s}}\nmemory: {weights: 1GiB}\n";
  const Folder folder(Files{{"m.yaml", plain}, {"windtunnel/models/quality.yaml", own}});
  auto options = folder.options();
  const auto by_file = scenario_of(options);
  ASSERT_TRUE(by_file) << by_file.problems().front().text();
  EXPECT_EQ(by_file->models.front().latency.at("A10G").fixed_s, 2);
  options.profiles = {{"quality", "controlnet"}};
  const auto by_flag = scenario_of(options);
  ASSERT_TRUE(by_flag) << by_flag.problems().front().text();
  EXPECT_EQ(by_flag->models.front().profile, "controlnet");
  const auto by_name = scenario_of(with(with(plain, "name: quality", "name: clip-scorer"), "A10G", "A10G"));
  ASSERT_TRUE(by_name) << by_name.problems().front().text();
  EXPECT_EQ(by_name->models.front().profile, "clip-scorer");
  const std::string said = problems_of(plain);
  EXPECT_NE(said.find("m.yaml:1: metadata.name: nothing says how long a query of quality takes"), std::string::npos)
      << said;
  EXPECT_NE(said.find("--profile quality="), std::string::npos) << said;
}

TEST(Manifests, APartOfAScenarioLiesOverThem) {
  const Folder folder(Files{{"m.yaml", kDeployment + kScaledObject},
                            {"windtunnel/scenario.yaml",
                             "horizon: 10m\nmodels: {quality: {slo: {response_time_p95: 2s}}}\n"
                             "workload: [{model: quality, arrivals: {rate: 2/s}}]\n"
                             "cluster: {node_pools: {l4: {gpu: L4, nodes: 2}}}\n"
                             "expect: [{metric: totals.kills.total, at_most: 0}]\n"}});
  auto options = folder.options();
  options.trace.reset();
  const auto read = scenario_of(options);
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->horizon, std::chrono::minutes(10));
  EXPECT_EQ(read->node_pools.front().name, "l4");
  EXPECT_EQ(read->scaling.front().policy, "keda");
  EXPECT_EQ(read->expect.size(), 1u);
  ASSERT_TRUE(read->models.front().slo.response_time);
}

TEST(Manifests, AFolderIsTheSumOfItsFilesAndSubfoldersAreNotEntered) {
  const Folder folder(Files{{"a.yaml", kDeployment},
                            {"b.yml", kScaledObject},
                            {"notes.txt", "no YAML: [\n"},
                            {"old/c.yaml", "kind: Nonsense\n"}});
  const auto read = scenario_of(folder.options());
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->scaling.front().policy, "keda");
}

TEST(Manifests, ServicesWithoutAGpuStandAside) {
  std::string web = with(kDeployment, "name: quality", "name: web");
  web = with(web, "            limits: {nvidia.com/gpu: 1}\n", "");
  web = with(web, "  annotations: {windtunnel/profile: clip-scorer}\n", "");
  const auto read = scenario_of(
      kDeployment + web + with(with(kScaledObject, "name: quality}", "name: web}"), "quality-scaler", "web-scaler"));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->models.size(), 1u);
  EXPECT_TRUE(lists(*read, "Deployment/web"));
  EXPECT_TRUE(lists(*read, "ScaledObject/web-scaler"));
}

TEST(Manifests, EqualNamesInTwoNamespacesAreTwoModels) {
  const std::string blue = with(kDeployment, "name: quality", "name: quality\n  namespace: blue");
  const std::string green = with(kDeployment, "name: quality", "name: quality\n  namespace: green");
  const auto read =
      scenario_of(blue + green + with(kScaledObject, "name: quality-scaler", "name: s, namespace: green"));
  ASSERT_TRUE(read) << read.problems().front().text();
  ASSERT_EQ(read->models.size(), 2u);
  EXPECT_EQ(read->models[0].name, "blue/quality");
  EXPECT_EQ(read->scaling[0].policy, "fixed");
  EXPECT_EQ(read->scaling[1].policy, "keda");
}

TEST(Manifests, ASidecarsRequestsAreAddedUp) {
  const auto read = scenario_of(with(kDeployment, "      containers:\n",
                                     "      containers:\n        - {name: log, image: l, resources: {requests: {cpu: "
                                     "100m}, limits: {memory: 1Gi}}}\n"));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->models.front().requests.milli_cpu, 600);
  EXPECT_EQ(read->models.front().requests.memory, Bytes{5LL << 30}) << "a limit without a request is the request";
}

}  // namespace windtunnel::kubernetes::testing
