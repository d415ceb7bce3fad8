// What a node costs and whose cost it is (law 7).
#include "sim/cluster/billing.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "sim/core/error.hpp"
#include "sim/core/rng.hpp"

namespace windtunnel {
namespace {

using namespace std::chrono_literals;

constexpr SimTime at(Duration t) {
  return SimTime{t};
}

double models_usd(const NodeBill& bill) {
  return std::accumulate(bill.by_model_usd.begin(), bill.by_model_usd.end(), 0.0);
}

TEST(BilledTime, RunsFromOrderToRemoval) {
  EXPECT_EQ(billed_time(at(100s), at(400s), 60s), 300s);
}

TEST(BilledTime, IsAtLeastTheMinimum) {
  EXPECT_EQ(billed_time(at(100s), at(110s), 60s), 60s);
  EXPECT_EQ(billed_time(at(100s), at(160s), 60s), 60s);
  EXPECT_EQ(billed_time(at(100s), at(100s), 0s), 0s);
}

TEST(TimeCost, IsHoursTimesPrice) {
  // An A10G at 1.01 USD an hour for 90 minutes.
  EXPECT_DOUBLE_EQ(time_cost_usd(90min, 1.01), 1.515);
  EXPECT_EQ(time_cost_usd(0s, 1.01), 0);
}

TEST(NodeMeter, PaysForStartUpThoughNothingRunsYet) {
  NodeMeter meter(3.6, 60s, 1);  // 0.001 USD a second
  meter.on(at(0s));
  meter.add_replica(at(90s), 0);  // provisioned after 90 s
  const auto bill = meter.bill(at(300s));
  EXPECT_DOUBLE_EQ(bill.total_usd, 0.3);
  EXPECT_DOUBLE_EQ(bill.unattributed_usd, 0.09);
  EXPECT_DOUBLE_EQ(bill.by_model_usd[0], 0.21);
}

TEST(NodeMeter, SplitsEachIntervalEquallyAmongTheReplicasThere) {
  NodeMeter meter(3.6, 0s, 2);
  meter.on(at(0s));
  meter.add_replica(at(0s), 0);
  meter.add_replica(at(100s), 1);  // 100 s alone, then half each
  meter.add_replica(at(200s), 1);  // then a third and two thirds
  meter.remove_replica(at(500s), 0);
  meter.remove_replica(at(600s), 1);
  meter.remove_replica(at(600s), 1);
  meter.off(at(600s));
  const auto bill = meter.bill(at(1000s));
  EXPECT_NEAR(bill.by_model_usd[0], 0.1 + 0.05 + 0.1, 1e-15);
  EXPECT_NEAR(bill.by_model_usd[1], 0.05 + 0.2 + 0.1, 1e-15);
  EXPECT_EQ(bill.unattributed_usd, 0);
  EXPECT_DOUBLE_EQ(bill.total_usd, 0.6);
}

TEST(NodeMeter, ChargesTheMinimumOnceTheNodeIsRemovedAndToNoModel) {
  NodeMeter meter(3.6, 60s, 1);
  meter.on(at(0s));
  meter.add_replica(at(0s), 0);
  meter.remove_replica(at(20s), 0);
  EXPECT_EQ(meter.bill(at(20s)).billed, 20s);
  meter.off(at(20s));
  const auto bill = meter.bill(at(20s));
  EXPECT_EQ(bill.billed, 60s);
  EXPECT_DOUBLE_EQ(bill.by_model_usd[0], 0.02);
  EXPECT_DOUBLE_EQ(bill.unattributed_usd, 0.04);
}

TEST(NodeMeter, ChargesEachLifeForItselfAndNothingBetween) {
  NodeMeter meter(3.6, 60s, 1);
  meter.on(at(0s));
  meter.off(at(10s));
  meter.on(at(1000s));
  meter.off(at(1100s));
  EXPECT_EQ(meter.bill(at(5000s)).billed, 160s);
}

TEST(NodeMeter, BillsOfTwoInstantsSubtractToTheWindowBetween) {
  NodeMeter meter(3.6, 60s, 1);
  meter.on(at(0s));
  meter.add_replica(at(0s), 0);
  const auto before = meter.bill(at(30s));
  const auto after = meter.bill(at(130s));
  EXPECT_DOUBLE_EQ(after.total_usd - before.total_usd, 0.1);
  EXPECT_DOUBLE_EQ(after.by_model_usd[0] - before.by_model_usd[0], 0.1);
}

TEST(NodeMeter, AskingForABillChangesNothing) {
  NodeMeter asked(1, 60s, 1), left_alone(1, 60s, 1);
  for (auto* meter : {&asked, &left_alone}) meter->on(at(0s));
  for (auto* meter : {&asked, &left_alone}) meter->add_replica(at(1s), 0);
  (void)asked.bill(at(7s));
  for (auto* meter : {&asked, &left_alone}) meter->add_replica(at(3s), 0);  // before the instant asked about
  EXPECT_EQ(asked.bill(at(9s)).by_model_usd, left_alone.bill(at(9s)).by_model_usd);
}

TEST(NodeMeter, PartsSumToTheTotalWhateverHappens) {
  Rng rng(41);
  for (int round = 0; round < 50; ++round) {
    NodeMeter meter(0.1 + rng.uniform() * 10, std::chrono::seconds(rng.below(200)), 5);
    std::vector<ModelId> placed;
    bool on = false;
    SimTime now{};
    for (int step = 0; step < 2000; ++step) {
      now += Duration{static_cast<std::int64_t>(rng.below(2'000'000'000)) * rng.below(50)};
      if (!on) {
        meter.on(now);
        on = true;
      } else if (placed.empty() && rng.below(3) == 0) {
        meter.off(now);
        on = false;
      } else if (placed.empty() || rng.below(2) == 0) {
        placed.push_back(rng.below(5));
        meter.add_replica(now, placed.back());
      } else {
        const std::size_t i = rng.below(static_cast<std::uint32_t>(placed.size()));
        meter.remove_replica(now, placed[i]);
        placed.erase(placed.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    const auto bill = meter.bill(now + 10s);
    EXPECT_NEAR(models_usd(bill) + bill.unattributed_usd, bill.total_usd, 1e-12 * bill.total_usd);
    EXPECT_GT(bill.total_usd, 0);
  }
}

TEST(NodeMeter, IsExactInNanosecondsHoweverOftenItIsSettled) {
  // A hundred thousand seconds in uneven steps: billed time is an integer sum.
  NodeMeter meter(1, 0s, 1);
  meter.on(at(0s));
  SimTime now{};
  for (int i = 0; i < 100'000; ++i) {
    now += Duration{333'333'333};
    meter.add_replica(now, 0);
    now += Duration{666'666'667};
    meter.remove_replica(now, 0);
  }
  EXPECT_EQ(meter.bill(now).billed, 100'000s);
}

TEST(NodeMeter, RefusesWhatCannotBe) {
  NodeMeter meter(1, 60s, 1);
  EXPECT_THROW(meter.add_replica(at(0s), 0), InternalError) << "no node yet";
  meter.on(at(10s));
  EXPECT_THROW(meter.on(at(11s)), InternalError);
  EXPECT_THROW(meter.remove_replica(at(11s), 0), InternalError);
  meter.add_replica(at(11s), 0);
  EXPECT_THROW(meter.off(at(12s)), InternalError) << "a replica is still on it";
  EXPECT_THROW((void)meter.bill(at(5s)), InternalError) << "time runs back";
}

}  // namespace
}  // namespace windtunnel
