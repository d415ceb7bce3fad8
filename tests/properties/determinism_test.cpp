// Law 2: same input, same bytes, on any number of threads.
#include <mutex>

#include "sim/runset/run_set.hpp"
#include "tests/properties/shipped.hpp"

namespace windtunnel::testing {
namespace determinism_test {

using Determinism = EveryShippedScenario;

TEST_P(Determinism, SameInputGivesTheSameBytes) {
  const Scenario scenario = load(GetParam());
  EXPECT_EQ(bytes_of(scenario, run(scenario, kSeeds[0])), bytes_of(scenario, run(scenario, kSeeds[0])));
}

TEST_P(Determinism, AnotherSeedGivesAnotherRun) {
  const Scenario scenario = load(GetParam());
  const RunResult one = run(scenario, kSeeds[0]), other = run(scenario, kSeeds[1]);
  const auto work = [](const RunResult& result) {
    double sum = 0;
    for (const auto& m : result.models) sum += m.service_time.sum_s() + m.queueing_delay.sum_s();
    return sum;
  };
  EXPECT_NE(work(one), work(other));
}

TEST_P(Determinism, AnObserverChangesNothing) {
  const Scenario scenario = load(GetParam());
  Witness witness;
  EXPECT_EQ(bytes_of(scenario, run(scenario, kSeeds[0])), bytes_of(scenario, run(scenario, kSeeds[0], &witness)));
}

std::vector<std::string> through_run_set(const Scenario& scenario, int threads) {
  std::vector<RunJob> jobs;
  for (const std::uint64_t seed : {kSeeds[0], kSeeds[1], std::uint64_t{7}}) jobs.push_back({&scenario, seed, nullptr});
  std::vector<std::string> bytes(jobs.size());
  const auto end = run_set(jobs, simulate, {.threads = threads, .on_progress = {}},
                           [&](std::size_t index, RunResult&& result) { bytes[index] = bytes_of(scenario, result); });
  EXPECT_TRUE(end && *end == RunSetEnd::finished);
  return bytes;
}

TEST_P(Determinism, TheNumberOfThreadsChangesNothing) {
  const Scenario scenario = load(GetParam());
  const auto one = through_run_set(scenario, 1);
  EXPECT_EQ(one, through_run_set(scenario, 2));
  EXPECT_EQ(one[0], bytes_of(scenario, run(scenario, kSeeds[0])));
}

WINDTUNNEL_OVER_EVERY_SHIPPED_SCENARIO(Determinism);

}  // namespace determinism_test
}  // namespace windtunnel::testing
