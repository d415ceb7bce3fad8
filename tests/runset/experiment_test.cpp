// Variants and their files: what is written, and what is not.
#include "sim/runset/experiment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "sim/scenario/loader.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace {

using testing::TemporaryFolder;
using Names = std::vector<std::string>;

std::vector<Variant> small() {
  constexpr const char* kText =
      "schema: 1\nname: small\nhorizon: 5m\nmodels: {m: {service_time: {law: exponential, mean: 300ms}}}\n"
      "workload: [{model: m, arrivals: {process: poisson, rate: 2/s}}]\n"
      "cluster: {node_pools: {pool: {gpu: A10G, nodes: 1, sharing: exclusive}}}\n";
  auto scenario = parse_scenario(kText, "", ".");
  if (!scenario) throw std::runtime_error(scenario.problems().front().text());
  return {{.name = "", .scenario = std::move(*scenario)}};
}

ExperimentOptions into(const std::filesystem::path& folder) {
  ExperimentOptions options{.how = {.threads = 1, .on_progress = {}}, .folder = folder, .per_query = {}, .on_run = {}};
  return options;
}

TEST(Experiment, StoppedAfterItsLastRunWritesNothing) {
  const TemporaryFolder folder;
  std::atomic<bool> stop = false;
  ExperimentOptions options = into(folder.path() / "out");
  options.how.stop = &stop;
  options.per_query = folder.path() / "q.csv";
  options.on_run = [&](std::size_t, std::uint64_t, RunResult&&) { stop = true; };
  const auto summaries = run_experiment(small(), options);
  ASSERT_TRUE(summaries);
  EXPECT_FALSE(summaries->has_value());
  EXPECT_EQ(folder.names(), Names());
}

TEST(Experiment, StoppedWhileItWritesMakesNothingAppear) {
  const TemporaryFolder folder;
  std::atomic<bool> stop = false;
  ExperimentOptions options = into(folder.path() / "out");
  options.how.stop = &stop;
  options.extra_files = {{"--junit", folder.path() / "out/v.xml", [&](const Summaries&) {
                            stop = true;
                            return std::string("text");
                          }}};
  const auto summaries = run_experiment(small(), options);
  ASSERT_TRUE(summaries);
  EXPECT_FALSE(summaries->has_value());
  EXPECT_EQ(folder.names(), Names());
}

TEST(Experiment, PutsExtraFilesIntoAFolderItMakes) {
  const TemporaryFolder folder;
  ExperimentOptions options = into(folder.path() / "out");
  options.extra_files = {
      {"--junit", folder.path() / "out/v.xml", [](const Summaries&) { return std::string("text"); }}};
  ASSERT_TRUE(run_experiment(small(), options));
  EXPECT_EQ(folder.names(),
            (Names{"out", "out/result.h5", "out/scenario.resolved.yaml", "out/summary.json", "out/v.xml"}));
  EXPECT_EQ(testing::read_file(folder.path() / "out/v.xml"), "text");
}

TEST(Experiment, SaysWhatIsKnownToBeWrongTogetherWithThePlaces) {
  const TemporaryFolder folder;
  ExperimentOptions options = into(folder.path() / "no/such");
  options.problems = {{"here", "known", ""}};
  const auto summaries = run_experiment(small(), options);
  ASSERT_FALSE(summaries);
  ASSERT_EQ(summaries.problems().size(), 2U);
  EXPECT_EQ(summaries.problems()[0].what, "known");
}

TEST(Experiment, RefusesAFolderThatAnotherOneWritesTo) {
  const TemporaryFolder folder;
  ExperimentOptions outer = into(folder.path() / "out");
  outer.on_run = [&](std::size_t, std::uint64_t, RunResult&&) {
    const auto inner = run_experiment(small(), into(folder.path() / "out"));
    ASSERT_FALSE(inner);
    EXPECT_NE(inner.problems().at(0).text().find("another run is writing to it"), std::string::npos);
  };
  ASSERT_TRUE(run_experiment(small(), outer));
  EXPECT_EQ(folder.names(), (Names{"out", "out/result.h5", "out/scenario.resolved.yaml", "out/summary.json"}));
}

TEST(Experiment, SeveralAtOnceWriteTheirOwnHdf5Files) {
  const TemporaryFolder folder;
  {
    std::vector<std::jthread> threads;
    for (const char* name : {"a", "b", "c", "d"})
      threads.emplace_back([&, name] { EXPECT_TRUE(run_experiment(small(), into(folder.path() / name))); });
  }
  const std::string first = testing::read_file(folder.path() / "a/result.h5");
  EXPECT_GT(first.size(), 1000U);
  for (const char* name : {"b", "c", "d"})
    EXPECT_TRUE(testing::read_file(folder.path() / name / "result.h5") == first) << name;
}

}  // namespace
}  // namespace windtunnel
