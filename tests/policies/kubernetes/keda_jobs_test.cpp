// ScaledJob: how many jobs a poll creates.
#include <gtest/gtest.h>

#include <vector>

#include "policies/kubernetes/keda_jobs.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kMost = 100;

TEST(KedaTraps, Trap21TheTriggerWithTheLongerQueueSuppliesBothNumbers) {
  const std::vector<KedaJobTrigger> triggers = {{100, 100, true}, {20, 1, true}};
  const auto longest = keda_job_demand(triggers, KedaJobCalculation::max, 0, kMost);
  EXPECT_EQ(longest.queue_length, 100);
  EXPECT_EQ(longest.max_scale, 1) << "although the other would need 20";
  EXPECT_EQ(keda_jobs_to_create({}, longest, {.running = 0, .pending = 0, .min = 0, .max = kMost}), 1);
  EXPECT_EQ(keda_job_demand(triggers, KedaJobCalculation::min, 0, kMost).max_scale, 20);
}

TEST(KedaTraps, Trap21TheMaximumIsMaxMinusMin) {
  const KedaJobTrigger busy{500, 1, true};
  const auto demand = keda_job_demand({&busy, 1}, KedaJobCalculation::max, 4, 10 - 4);
  EXPECT_EQ(demand.max_scale, 6);
  EXPECT_EQ(keda_jobs_to_create({}, demand, {.running = 4, .pending = 0, .min = 4, .max = 10}), 6);
}

TEST(KedaTraps, Trap21AccurateAndDefaultDifferByWhatTheQueueHolds) {
  // 6 messages, 4 of them in the hands of 4 running jobs. A broker that hides those says 2, one that shows them says 6.
  const KedaJobState state{.running = 4, .pending = 0, .min = 0, .max = kMost};
  const KedaJobTrigger shown{6, 1, true}, hidden{2, 1, true};
  const auto create = [&](KedaJobStrategy kind, const KedaJobTrigger& trigger) {
    const KedaJobStrategySpec strategy{.kind = kind, .queue_length_deduction = 0, .running_job_percentage = 0};
    return keda_jobs_to_create(strategy, keda_job_demand({&trigger, 1}, KedaJobCalculation::max, 0, kMost), state);
  };
  EXPECT_EQ(create(KedaJobStrategy::plain, shown), 2);
  EXPECT_EQ(create(KedaJobStrategy::accurate, hidden), 2);
  EXPECT_EQ(create(KedaJobStrategy::plain, hidden), 0) << "the wrong choice: two messages wait";
  EXPECT_EQ(create(KedaJobStrategy::accurate, shown), 6) << "the wrong choice: four jobs too many";
}

TEST(KedaJobs, AMinimumIsFilledFirstAndIsAlwaysActive) {
  const KedaJobTrigger quiet{0, 1, false};
  const auto demand = keda_job_demand({&quiet, 1}, KedaJobCalculation::max, 3, 7);
  EXPECT_TRUE(demand.active);
  EXPECT_EQ(keda_jobs_to_create({}, demand, {.running = 1, .pending = 0, .min = 3, .max = 10}), 2);
  EXPECT_EQ(keda_jobs_to_create({}, demand, {.running = 3, .pending = 0, .min = 3, .max = 10}), 0);
}

TEST(KedaJobs, EagerTakesEverySlotThatIsFree) {
  const KedaJobStrategySpec eager{.kind = KedaJobStrategy::eager};
  const KedaJobTrigger busy{30, 1, true};
  const auto demand = keda_job_demand({&busy, 1}, KedaJobCalculation::max, 0, 10);
  EXPECT_EQ(keda_jobs_to_create(eager, demand, {.running = 3, .pending = 1, .min = 0, .max = 10}), 6);
}

TEST(KedaJobs, NothingActiveCreatesNothingAndLengthsRoundUpLate) {
  const KedaJobTrigger quiet{50, 1, false};
  const auto none = keda_job_demand({&quiet, 1}, KedaJobCalculation::sum, 0, kMost);
  EXPECT_EQ(keda_jobs_to_create({}, none, {}), 0);
  const std::vector<KedaJobTrigger> halves = {{0.5, 1, true}, {0.25, 1, true}};
  EXPECT_EQ(keda_job_demand(halves, KedaJobCalculation::sum, 0, kMost).queue_length, 1) << "ceil of 0.75, not 1 + 1";
}

TEST(KedaJobs, UnderMinAHeldZeroGivesWayAndUnderMaxTheFirstOfEqualsStays) {
  const std::vector<KedaJobTrigger> zero_first = {{0, 1, true}, {7, 1, true}};
  EXPECT_EQ(keda_job_demand(zero_first, KedaJobCalculation::min, 0, kMost).queue_length, 7);
  const std::vector<KedaJobTrigger> equal = {{8, 2, true}, {8, 1, true}};
  EXPECT_EQ(keda_job_demand(equal, KedaJobCalculation::max, 0, kMost).max_scale, 4);
}

}  // namespace
}  // namespace windtunnel
