// windtunnel recommend, as a user meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace recommend_test {

using ::testing::HasSubstr;

const std::string kTooLow = R"(schema: 1
horizon: 1h
models:
  scene:
    service_time: 200ms
    memory: {context: 500MiB, weights: 1GiB}
    host_memory: {steady: 1GiB, loading: 3GiB, limit: 2GiB}
    cold_start: {load: 20s}
workload: [{model: scene, arrivals: {process: poisson, rate: 1/s}}]
cluster: {node_pools: {p: {gpu: A10G, nodes: {min: 0, max: 2, initial: 0}, provision: 30s, price: 1/h}}}
scaling: {scene: {policy: fixed, replicas: 2}}
)";

TEST(Recommend, ComparesAScenarioBeforeAndWithItsLimits) {
  Workplace place(kTooLow);
  const Finished shown = place.run({"recommend", "scenario.yaml"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("scene, main memory: limit 2.00 GiB"));
  EXPECT_THAT(shown.out, HasSubstr("exit code 137"));
  EXPECT_THAT(shown.out, HasSubstr("--set models.scene.host_memory.limit="));
  EXPECT_LE(widest_line(shown.out), 80) << shown.out;
  EXPECT_TRUE(place.left_behind().empty());

  const auto json = nlohmann::json::parse(place.run({"recommend", "scenario.yaml", "--format", "json"}).out);
  EXPECT_GT(json.at("before").at("exit_137").get<int>(), 0);
  EXPECT_EQ(json.at("after").at("exit_137").get<int>(), 0);
  EXPECT_GE(json.at("recommendations").at(0).at("rules").at("peak").at("limit_bytes").get<double>(), 3.0 * (1 << 30));
}

TEST(Recommend, TheSettingsItPrintsKeepTheirWord) {
  Workplace place(kTooLow);
  const std::string out = place.run({"recommend", "scenario.yaml"}).out;
  std::vector<std::string> run = {"run", "scenario.yaml", "--format", "json"};
  for (std::size_t at = out.find("--set "); at != std::string::npos; at = out.find("--set ", at + 1)) {
    run.emplace_back("--set");
    run.push_back(out.substr(at + 6, out.find('\n', at) - at - 6));
  }
  EXPECT_GE(run.size(), 8U);
  const Finished finished = place.run(run);
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(nlohmann::json::parse(finished.out).at("totals").at("kills").at("total").get<int>(), 0);
}

TEST(Recommend, ReadsWhatARunsExportersPublished) {
  Workplace place(kTooLow);
  ASSERT_EQ(place
                .run({"export", "openmetrics", "scenario.yaml", "--set", "models.scene.host_memory.limit=4GiB", "-o",
                      "seen.om"})
                .exit_code,
            0);
  const Finished shown = place.run({"recommend", "seen.om", "--gpu", "A10G"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("scene, GPU memory"));
  EXPECT_THAT(shown.out, HasSubstr("scene, main memory"));
  EXPECT_LE(widest_line(shown.out), 80) << shown.out;
}

TEST(Recommend, BadInputIsToldAtOnce) {
  Workplace place(kTooLow);
  const Finished all = place.run({"recommend", "scenario.yaml", "--rule", "p90", "--margin", "x", "--gpu", "A10G"});
  EXPECT_EQ(all.exit_code, 2);
  EXPECT_THAT(all.err, HasSubstr("--rule: unknown rule \"p90\""));
  EXPECT_THAT(all.err, HasSubstr("known: vpa, p99, peak"));
  EXPECT_THAT(all.err, HasSubstr("--margin: \"x\""));
  EXPECT_THAT(all.err, HasSubstr("--gpu: says nothing of a scenario"));
  const Finished gpu = place.run({"recommend", "seen.om", "--gpu", "A10H", "--rule", "peak"});
  EXPECT_EQ(gpu.exit_code, 2);
  EXPECT_THAT(gpu.err, HasSubstr("unknown GPU \"A10H\"; did you mean"));
  EXPECT_THAT(gpu.err, HasSubstr("--rule: says nothing of a recording"));
  EXPECT_EQ(place.run({"recommend", "gone.json"}).exit_code, 2);
  EXPECT_EQ(place.run({"recommend"}).exit_code, 2);
}

}  // namespace recommend_test
}  // namespace windtunnel::e2e
