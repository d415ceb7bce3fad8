#include "sim/runset/run_set.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "sim/runset/replications.hpp"

namespace windtunnel {
namespace {

using namespace std::chrono_literals;

std::vector<RunJob> jobs_of(const Scenario& scenario, std::uint64_t count) {
  std::vector<RunJob> jobs;
  for (std::uint64_t seed = 0; seed < count; ++seed) jobs.push_back({.scenario = &scenario, .seed = seed});
  return jobs;
}

/// Later jobs end earlier, so that order has to be kept on purpose.
Result<RunResult> backwards(const Scenario&, const RunOptions& options) {
  std::this_thread::sleep_for(std::chrono::milliseconds(20 - 2 * static_cast<int>(options.seed)));
  RunResult result;
  result.seed = options.seed;
  return result;
}

TEST(RunSet, GivesEachJobItsOwnResultOnAnyNumberOfThreads) {
  const Scenario scenario;
  const auto jobs = jobs_of(scenario, 8);
  for (const int threads : {1, 2, 5, 0}) {
    std::vector<std::uint64_t> seeds(jobs.size(), 99);
    const auto end = run_set(jobs, backwards, {.threads = threads, .on_progress = {}},
                             [&](std::size_t index, RunResult&& result) { seeds[index] = result.seed; });
    ASSERT_TRUE(end);
    EXPECT_EQ(*end, RunSetEnd::finished);
    EXPECT_EQ(seeds, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7})) << threads;
  }
}

TEST(RunSet, ReportsTheFirstFailureInOrderWhicheverCameFirst) {
  const Scenario scenario;
  const auto jobs = jobs_of(scenario, 6);
  const auto fails = [](const Scenario& s, const RunOptions& options) -> Result<RunResult> {
    if (options.seed == 2 || options.seed == 4) {
      if (options.seed == 2) std::this_thread::sleep_for(30ms);
      return Error{"trace.csv:" + std::to_string(options.seed), "bad row", ""};
    }
    return backwards(s, options);
  };
  for (const int threads : {1, 2, 6}) {
    const auto end = run_set(jobs, fails, {.threads = threads, .on_progress = {}}, [](std::size_t, RunResult&&) {});
    ASSERT_FALSE(end);
    EXPECT_EQ(end.problems().at(0).text(), "trace.csv:2: bad row");
  }
}

TEST(RunSet, PassesExceptionsOnAfterEveryThreadHasEnded) {
  const Scenario scenario;
  const auto jobs = jobs_of(scenario, 4);
  const auto breaks = [](const Scenario& s, const RunOptions& options) -> Result<RunResult> {
    if (options.seed == 1) throw IoError("disk full");
    return backwards(s, options);
  };
  for (const int threads : {1, 4})
    EXPECT_THROW((void)run_set(jobs, breaks, {.threads = threads, .on_progress = {}}, [](std::size_t, RunResult&&) {}),
                 IoError);
}

TEST(RunSet, TurnsBadInputFoundWhileRunningIntoProblems) {
  const Scenario scenario;
  const auto jobs = jobs_of(scenario, 1);
  const auto breaks = [](const Scenario&, const RunOptions&) -> Result<RunResult> {
    throw InputError({"trace.csv:9", "bad row", ""});
  };
  const auto end = run_set(jobs, breaks, {.threads = 1, .on_progress = {}}, [](std::size_t, RunResult&&) {});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.problems().at(0).text(), "trace.csv:9: bad row");
}

/// Runs until its observer says stop, or for two seconds.
Result<RunResult> endless(const Scenario&, const RunOptions& options) {
  RunResult result;
  const auto give_up = std::chrono::steady_clock::now() + 2s;
  for (int i = 0; std::chrono::steady_clock::now() < give_up; ++i) {
    std::this_thread::sleep_for(1ms);
    if (options.observer->on_progress(i, 1e6, static_cast<std::uint64_t>(i))) continue;
    result.interrupted = true;
    return result;
  }
  return result;
}

TEST(RunSet, StopsCleanlyWhenAsked) {
  const Scenario scenario;
  const auto jobs = jobs_of(scenario, 8);
  for (const int threads : {1, 3}) {
    std::atomic<bool> stop = false;
    int results = 0;
    std::jthread asker([&] {
      std::this_thread::sleep_for(20ms);
      stop = true;
    });
    const auto end = run_set(jobs, endless, {.threads = threads, .stop = &stop, .on_progress = {}},
                             [&](std::size_t, RunResult&&) { ++results; });
    ASSERT_TRUE(end);
    EXPECT_EQ(*end, RunSetEnd::stopped);
    EXPECT_EQ(results, 0);
  }
}

TEST(RunSet, TellsProgressFromTheCallingThread) {
  const Scenario scenario;
  const auto jobs = jobs_of(scenario, 2);
  const auto half = [](const Scenario&, const RunOptions& options) -> Result<RunResult> {
    options.observer->on_progress(50, 100, 1000);
    std::this_thread::sleep_for(350ms);
    options.observer->on_progress(50, 100, 1000);
    return RunResult{};
  };
  for (const int threads : {1, 2}) {
    const auto caller = std::this_thread::get_id();
    int told = 0;
    double largest = 0;
    const auto end = run_set(jobs, half,
                             {.threads = threads,
                              .on_progress =
                                  [&](const RunSetProgress& progress) {
                                    EXPECT_EQ(std::this_thread::get_id(), caller);
                                    EXPECT_EQ(progress.total, 2U);
                                    ++told;
                                    largest = std::max(largest, progress.share);
                                  }},
                             [](std::size_t, RunResult&&) {});
    ASSERT_TRUE(end);
    EXPECT_GE(told, 2);
    EXPECT_GE(largest, 0.5);
    EXPECT_LE(largest, 1.0);
  }
}

struct Recorder final : RunObserver {
  int kills = 0, samples = 0, queries = 0, scale_ups = 0, nodes = 0, memory = 0;
  void on_kill(const KillRecord&) override { ++kills; }
  void on_scale_up(const ScaleUpRecord&) override { ++scale_ups; }
  void on_node(const NodeRecord&) override { ++nodes; }
  [[nodiscard]] bool wants_memory() const override { return true; }
  void on_memory(const MemoryRecord&) override { ++memory; }
  [[nodiscard]] bool wants_samples() const override { return true; }
  void on_sample(double, const std::vector<double>&) override { ++samples; }
  [[nodiscard]] bool wants_queries() const override { return true; }
  void on_query(const QueryRecord&) override { ++queries; }
};

TEST(RunSet, PassesWhatHappensToTheJobsOwnObserver) {
  const Scenario scenario;
  Recorder first, second;
  const std::vector<RunJob> jobs = {{&scenario, 1, &first}, {&scenario, 2, &second}};
  const auto happens = [](const Scenario&, const RunOptions& options) -> Result<RunResult> {
    EXPECT_TRUE(options.observer->wants_queries());
    for (std::uint64_t i = 0; i < options.seed; ++i) options.observer->on_kill({});
    options.observer->on_sample(0, {});
    options.observer->on_query({});
    options.observer->on_scale_up({});
    options.observer->on_node({});
    EXPECT_TRUE(options.observer->wants_memory());
    options.observer->on_memory({});
    return RunResult{};
  };
  ASSERT_TRUE(run_set(jobs, happens, {.threads = 2, .on_progress = {}}, [](std::size_t, RunResult&&) {}));
  EXPECT_EQ(first.kills, 1);
  EXPECT_EQ(second.kills, 2);
  EXPECT_EQ(first.samples + second.samples + first.queries + second.queries, 4);
  EXPECT_EQ(first.scale_ups + second.scale_ups + first.nodes + second.nodes + first.memory + second.memory, 6);
}

TEST(ReplicationSeed, StartsAtTheScenariosOwnAndNeverRepeatsNearby) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t base = 0; base < 50; ++base) {
    EXPECT_EQ(replication_seed(base, 0), base);
    for (std::uint64_t r = 0; r < 50; ++r) {
      EXPECT_LT(replication_seed(base, r), 1ULL << 53);
      EXPECT_TRUE(seen.insert(replication_seed(base, r)).second);
    }
  }
}

}  // namespace
}  // namespace windtunnel
