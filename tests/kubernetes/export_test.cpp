// What is exported and read again takes the same decisions.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "bindings/kubernetes/write_manifests.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/summary.hpp"
#include "sim/simulation/simulation.hpp"
#include "tests/kubernetes/folder.hpp"

namespace windtunnel::kubernetes::testing {

/// Every decision with its reasons, and the summary without what names the run.
std::pair<std::string, std::string> outcome_of(const Scenario& scenario) {
  std::vector<std::string> models;
  for (const auto& model : scenario.models) models.push_back(model.name);
  Explanation explanation(models, std::nullopt);
  const auto run = simulate(scenario, {.seed = scenario.seed, .observer = &explanation});
  EXPECT_TRUE(run) << run.problems().front().text();
  auto summary = summarize(scenario, *run);
  for (const auto* key : {"engine", "scenario", "scenario_digest", "manifests"}) summary.erase(key);
  return {explanation.text(), summary.dump(1)};
}

/// The scenario after a way out and in again.
Result<Scenario> there_and_back(const Scenario& scenario) {
  const auto files = write_manifests(scenario);
  if (!files) return files.problems();
  Files written;
  for (const auto& file : *files) written.emplace_back(file.name, file.text);
  const Folder folder(written);
  auto options = folder.options();
  options.trace.reset();
  return scenario_of(options);
}

void expect_the_same(const Scenario& scenario) {
  const auto back = there_and_back(scenario);
  ASSERT_TRUE(back) << back.problems().front().text();
  const auto before = outcome_of(scenario), after = outcome_of(*back);
  EXPECT_GT(std::count(before.first.begin(), before.first.end(), '\n'), 20) << "decisions there must be";
  EXPECT_EQ(before.first, after.first);
  EXPECT_EQ(before.second, after.second);
}

TEST(ManifestExport, ShippedScenariosDecideTheSameAfterwards) {
  for (const auto* name : {"keda_flapping.yaml", "hpa_image_queue.yaml"}) {
    SCOPED_TRACE(name);
    const auto scenario = load_scenario(std::string(WINDTUNNEL_SOURCE_DIR "/scenarios/") + name);
    ASSERT_TRUE(scenario) << scenario.problems().front().text();
    expect_the_same(*scenario);
  }
}

TEST(Decisions, AreTheSameWhetherOrNotSomebodyReadsThem) {
  for (const auto* name : {"keda_flapping.yaml", "hpa_image_queue.yaml"}) {
    const auto scenario = load_scenario(std::string(WINDTUNNEL_SOURCE_DIR "/scenarios/") + name);
    ASSERT_TRUE(scenario) << scenario.problems().front().text();
    const auto unread = simulate(*scenario, {.seed = scenario->seed});
    ASSERT_TRUE(unread);
    auto summary = summarize(*scenario, *unread);
    for (const auto* key : {"engine", "scenario", "scenario_digest", "manifests"}) summary.erase(key);
    EXPECT_EQ(summary.dump(1), outcome_of(*scenario).second) << name;
  }
}

TEST(ManifestExport, AJobProbesHooksAndLimitsComeBack) {
  const auto scenario = parse_scenario(R"(schema: 1
name: mixed
horizon: 30m
models:
  render:
    latency: {A10G: {fixed: 5s, cv: 0.1}}
    memory: {weights: 2GiB}
    host_memory: {steady: 2GiB, limit: 4GiB}
    dispatch: pull
    cold_start: {load: 10s}
    requests: {cpu: 0.75, memory: 3GiB}
    probe: {startup: {period: 5s, failure_threshold: 60}, readiness: {period: 5s, success_threshold: 2}, grace: 45s}
    termination: {grace: 2m, pre_stop: 10s, on_sigterm: ignore}
  quality: {service_time: 2s, cpu: {request: 2}}
  still: {service_time: 1s}
workload:
  - {model: render, arrivals: {rate: 0.2/s}}
  - {model: quality, arrivals: {rate: 1/s}}
  - {model: still, arrivals: {rate: 0.5/s}}
cluster: {node_pools: {a: {gpu: A10G, sharing: {mode: time_slicing, replicas: 3}, nodes: {min: 1, max: 6}, cpu: 8}}}
scaling:
  render:
    policy: keda_job
    spec:
      pollingInterval: 20
      maxReplicaCount: 4
      scalingStrategy: {strategy: custom, customScalingRunningJobPercentage: 0.5}
      triggers: [{type: rabbitmq, metadata: {value: 1, mode: QueueLength}}]
  quality:
    policy: keda
    scale_down_first: idle
    annotations: {paused-scale-in: true}
    spec:
      minReplicaCount: 1
      maxReplicaCount: 5
      advanced: {scalingModifiers: {formula: queue * 2, target: 5}}
      triggers: [{type: aws-sqs-queue, name: queue, metadata: {queueLength: 5}}]
  still: {policy: fixed, replicas: 2}
)",
                                       "mixed.yaml", "");
  ASSERT_TRUE(scenario) << scenario.problems().front().text();
  expect_the_same(*scenario);
}

TEST(ManifestExport, APolicyWithoutAnObjectIsRefusedByName) {
  const auto scenario = load_scenario(WINDTUNNEL_SOURCE_DIR "/scenarios/three_policies.yaml");
  ASSERT_TRUE(scenario);
  const auto files = write_manifests(*scenario);
  ASSERT_FALSE(files);
  EXPECT_EQ(
      files.problems().front().text(),
      "scaling.quality: policy backlog_time has no object in Kubernetes; export takes fixed, hpa, keda and keda_job: "
      "say the policy as one of these");
}

TEST(ManifestExport, ANameThatNoObjectMayHaveIsRefused) {
  auto scenario = parse_scenario(R"(schema: 1
horizon: 1m
models: {Big Model: {service_time: 1s}}
workload: [{model: Big Model, arrivals: {rate: 1/s}}]
cluster: {node_pools: {a: {gpu: A10G, nodes: 1}}}
)",
                                 "x.yaml", "");
  ASSERT_TRUE(scenario) << scenario.problems().front().text();
  const auto files = write_manifests(*scenario);
  ASSERT_FALSE(files);
  EXPECT_NE(files.problems().front().text().find("is no name an object of Kubernetes may have"), std::string::npos);
}

}  // namespace windtunnel::kubernetes::testing
