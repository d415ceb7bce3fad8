// Which GPU, and how it is shared: node selectors, the device plugin, MIG, GKE, HAMi.
#include <gtest/gtest.h>

#include "bindings/kubernetes/gpu_product.hpp"
#include "sim/scenario/catalogue.hpp"
#include "tests/kubernetes/folder.hpp"

namespace windtunnel::kubernetes::testing {

const std::string kPlugin = R"(version: v1
flags: {migStrategy: none}
sharing:
  timeSlicing:
    resources:
      - {name: nvidia.com/gpu, replicas: 4}
---
)";

const NodePoolSpec& pool_of(const Result<Scenario>& read) {
  return read->node_pools.front();
}

TEST(GpuProduct, EveryLabelIsAGpuOfTheCatalogue) {
  for (const auto label : known_products()) {
    const auto gpu = gpu_of_product(label);
    bool known = false;
    for (const auto& entry : catalogue().gpus) known = known || entry.name == gpu;
    EXPECT_TRUE(known) << label << " is called " << gpu;
    EXPECT_EQ(gpu_of_product(product_of_gpu(gpu)), gpu);
  }
  EXPECT_EQ(gpu_of_product("NVIDIA-A10G-SHARED"), "A10G");
  EXPECT_EQ(gpu_of_product("NVIDIA-A100-SXM4-40GB-MIG-1g.5gb"), "A100-40GB");
  EXPECT_EQ(gpu_of_product("Voodoo2"), "");
}

TEST(Sharing, TheDevicePluginsFileIsRead) {
  const auto read = scenario_of(kPlugin + kDeployment + kScaledObject);
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(pool_of(read).sharing.mode, "time_slicing");
  EXPECT_EQ(pool_of(read).sharing.replicas, 4);
  EXPECT_EQ(pool_of(read).max_nodes, 2) << "6 replicas, 4 a GPU";
}

TEST(Sharing, AConfigMapMayHoldIt) {
  std::string inner = with(with(kPlugin, "timeSlicing", "mps"), "---\n", "");
  std::string indented;
  for (const char c : inner) indented += c == '\n' ? std::string("\n    ") : std::string(1, c);
  const auto read = scenario_of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plugin}\ndata:\n  any: |\n    " +
                                indented + "\n---\n" + kDeployment);
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(pool_of(read).sharing.mode, "mps");
  EXPECT_EQ(pool_of(read).sharing.replicas, 4);
}

TEST(Sharing, AProblemInAConfigMapHasTheLineOfTheFile) {
  EXPECT_EQ(problems_of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plugin}\ndata:\n  any: |\n    version: v1\n"
                        "    sharing:\n      mps:\n        resources: [{name: nvidia.com/gpu, replicas: 0}]\n---\n" +
                        kDeployment),
            "m.yaml:9: data.any.sharing.mps.resources.0.replicas: \"0\" is no whole number in [1, 1024]; write digits "
            "without quotes\n");
}

TEST(Sharing, OneOfSeveralConfigurationsIsNamedByTheNodesLabel) {
  const std::string two =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plugin}\ndata:\n"
      "  two: \"{version: v1, sharing: {timeSlicing: {resources: [{name: nvidia.com/gpu, replicas: 2}]}}}\"\n"
      "  ten: \"{version: v1, sharing: {timeSlicing: {resources: [{name: nvidia.com/gpu, replicas: 10}]}}}\"\n---\n";
  const auto read =
      scenario_of(two + with(kDeployment, "nodeSelector: {", "nodeSelector: {nvidia.com/device-plugin.config: ten, "));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(pool_of(read).sharing.replicas, 10);
  EXPECT_NE(problems_of(two + kDeployment).find("the device plugin has 2 configurations, and none is \"default\""),
            std::string::npos);
}

TEST(Sharing, ANameNobodyOffersIsAProblem) {
  const std::string shared = with(kDeployment, "nvidia.com/gpu: 1", "nvidia.com/gpu.shared: 1");
  EXPECT_NE(problems_of(shared).find("m.yaml:17: spec.template.spec.containers.0.resources.limits.\"nvidia.com/"
                                     "gpu.shared\": no manifest says how many replicas share a GPU"),
            std::string::npos)
      << problems_of(shared);
  EXPECT_NE(problems_of(kPlugin + shared).find("nodes offer no nvidia.com/gpu.shared"), std::string::npos);
  const std::string renamed = with(kPlugin, "    resources", "    renameByDefault: true\n    resources");
  EXPECT_EQ(problems_of(renamed + shared), "");
  EXPECT_NE(problems_of(renamed + kDeployment).find("nodes offer nvidia.com/gpu.shared instead"), std::string::npos);
}

TEST(Sharing, BothWaysAtOnceIsAProblem) {
  EXPECT_NE(problems_of(with(kPlugin, "  timeSlicing:", "  mps: {resources: []}\n  timeSlicing:") + kDeployment)
                .find("stands beside timeSlicing"),
            std::string::npos);
}

TEST(Sharing, GkesNodeLabelsSayIt) {
  const auto read = scenario_of(with(kDeployment, "nvidia.com/gpu.product: NVIDIA-A10G",
                                     "cloud.google.com/gke-accelerator: nvidia-l4, "
                                     "cloud.google.com/gke-gpu-sharing-strategy: mps, "
                                     "cloud.google.com/gke-max-shared-clients-per-gpu: \"3\""));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(pool_of(read).gpu.name, "L4");
  EXPECT_EQ(pool_of(read).sharing.mode, "mps");
  EXPECT_EQ(pool_of(read).sharing.replicas, 3);
}

TEST(Sharing, AMigProfileFillsItsCard) {
  std::string mig = with(kDeployment, "nvidia.com/gpu: 1", "nvidia.com/mig-2g.10gb: 1");
  mig = with(mig, "NVIDIA-A10G", "NVIDIA-A100-SXM4-40GB");
  const Folder folder(Files{{"m.yaml", mig + kScaledObject},
                            {"windtunnel/scenario.yaml", "models: {quality: {latency: {\"*\": {fixed: 1s}}}}\n"}});
  const auto read = scenario_of(folder.options());
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(read->models.front().mig_profile, "2g.10gb");
  EXPECT_EQ(pool_of(read).sharing.mode, "mig");
  EXPECT_EQ(pool_of(read).sharing.instances.size(), 3u);
  EXPECT_EQ(pool_of(read).max_nodes, 2) << "6 replicas, 3 a card";
}

TEST(Sharing, HamisLimitsAreHardLimits) {
  const auto read = scenario_of(
      with(kDeployment, "nvidia.com/gpu: 1", "nvidia.com/gpu: 1, nvidia.com/gpumem: 8000, nvidia.com/gpucores: 30"));
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(pool_of(read).sharing.mode, "hard_limit");
  EXPECT_EQ(read->models.front().memory_limit, Bytes{8000LL << 20});
  EXPECT_EQ(pool_of(read).sharing.params.number("compute_share"), 0.3);
  const auto percent =
      scenario_of(with(kDeployment, "nvidia.com/gpu: 1", "nvidia.com/gpu: 1, nvidia.com/gpumem-percentage: 50"));
  ASSERT_TRUE(percent) << percent.problems().front().text();
  EXPECT_NEAR(static_cast<double>(percent->models.front().memory_limit->value),
              static_cast<double>(pool_of(percent).gpu.memory.value) / 2, 1e3);
}

TEST(Gpu, TwoTypesAreTwoPoolsAndEachModelKeepsToItsOwn) {
  const std::string other = with(with(kDeployment, "name: quality", "name: room-scene"), "NVIDIA-A10G", "NVIDIA-L4");
  const auto read = scenario_of(kDeployment + other);
  ASSERT_TRUE(read) << read.problems().front().text();
  ASSERT_EQ(read->node_pools.size(), 2u);
  EXPECT_TRUE(read->models[0].latency.contains("A10G") && !read->models[0].latency.contains("L4"));
  EXPECT_TRUE(read->models[1].latency.contains("L4") && !read->models[1].latency.contains("A10G"));
}

TEST(Gpu, WithoutASelectorATypeIsChosenAndSaid) {
  const auto read = scenario_of(with(kDeployment, "      nodeSelector: {nvidia.com/gpu.product: NVIDIA-A10G}\n", ""));
  ASSERT_TRUE(read) << read.problems().front().text();
  ASSERT_FALSE(read->manifests->assumed.empty());
  EXPECT_EQ(read->manifests->assumed.front().path, "gpu");
  EXPECT_EQ(read->manifests->assumed.front().value, pool_of(read).gpu.name);
  EXPECT_TRUE(read->models.front().latency.contains(pool_of(read).gpu.name));
}

TEST(Gpu, TheFlagTakesTheSelectorsPlace) {
  const Folder folder(Files{{"m.yaml", kDeployment}});
  auto options = folder.options();
  options.gpu = "T4";
  options.nodes = {{2, 5}};
  const auto read = scenario_of(options);
  ASSERT_TRUE(read) << read.problems().front().text();
  EXPECT_EQ(pool_of(read).gpu.name, "T4");
  EXPECT_EQ(pool_of(read).min_nodes, 2);
  EXPECT_EQ(pool_of(read).max_nodes, 5);
  options.gpu = "T5";
  EXPECT_NE(problems_of(options).find("--gpu: unknown GPU \"T5\""), std::string::npos);
}

}  // namespace windtunnel::kubernetes::testing
