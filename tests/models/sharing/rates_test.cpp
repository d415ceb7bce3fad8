// How fast busy replicas run in each mode: worked numbers, and properties over many states.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/core/error.hpp"
#include "sim/core/rng.hpp"
#include "tests/models/sharing/harness.hpp"

namespace windtunnel {
namespace {

using testing_support::mode;
using testing_support::rates;

const Sharer kFull{.cap = 1, .sm_activity = 1};

// --- time-slicing (GPU sharing reference, section 2) ---------------------------------------------------------------

TEST(TimeSlicing, AloneRunsAtFullSpeedHoweverManySlotsThereAre) {
  const auto slicing = mode("time_slicing", 8);
  EXPECT_EQ(slicing->equal_rate(1), 1);
  EXPECT_EQ(rates(*slicing, {kFull}), std::vector<double>{1});
}

TEST(TimeSlicing, SwitchesCostOneFortyFirstAtTheDefaultSlice) {
  // Section 2.2: tau = 2 ms, c = 50 us give 0.976.
  const auto slicing = mode("time_slicing", 4, {{"efficiency", 1.0}});
  EXPECT_NEAR(2 * slicing->equal_rate(2), 0.976, 0.0005);
  EXPECT_DOUBLE_EQ(5 * slicing->equal_rate(5), 2.0 / 2.05);
}

TEST(TimeSlicing, CachesCostTheirShareToo) {
  const auto slicing = mode("time_slicing", 4, {{"efficiency", 0.6}, {"switch_cost", 0.0}});
  EXPECT_DOUBLE_EQ(slicing->equal_rate(3), 0.2);
}

TEST(TimeSlicing, AReplicaThatFillsFewSmsStillHoldsTheWholeGpuForItsSlice) {
  // Section 2.1: no concurrency across contexts.
  const auto slicing = mode("time_slicing");
  EXPECT_EQ(rates(*slicing, {{.sm_activity = 0.15}, {.sm_activity = 0.15}}), rates(*slicing, {kFull, kFull}));
}

TEST(TimeSlicing, TotalThroughputOfIdenticalReplicasNeverPassesOneAlone) {
  const auto slicing = mode("time_slicing", 60, {{"efficiency", 1.0}, {"switch_cost", 0.0}});
  for (int k = 1; k <= 60; ++k) EXPECT_DOUBLE_EQ(k * slicing->equal_rate(k), 1);
}

TEST(TimeSlicing, WeightsAreTheLengthsOfTheTurns) {
  // A round of turns of 3 x 2 ms and 2 ms, and two switches of 50 us.
  const auto slicing = mode("time_slicing", 4, {{"efficiency", 0.8}});
  const auto out = rates(*slicing, {{.weight = 3}, {.weight = 1}});
  EXPECT_DOUBLE_EQ(out[0], 0.8 * 6 / 8.1);
  EXPECT_DOUBLE_EQ(out[1], 0.8 * 2 / 8.1);
  EXPECT_EQ(rates(*slicing, {{.weight = 3}}), std::vector<double>{1});  // alone: all of it
}

TEST(TimeSlicing, HandsItsTurnsToTheEngineInTheQuantumFormOnly) {
  EXPECT_FALSE(mode("time_slicing")->slices());
  const auto quantum = mode("time_slicing", 4, {{"form", std::string("quantum")}});
  EXPECT_FALSE(quantum->equal_shares());
  const auto rules = quantum->slices();
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->slice, std::chrono::milliseconds(2));
  EXPECT_EQ(rules->switch_cost, std::chrono::microseconds(50));
  EXPECT_EQ(rules->shared_speed, 0.9);
  for (const char* other : {"exclusive", "mps", "hard_limit"}) EXPECT_FALSE(mode(other)->slices()) << other;
}

// --- MPS (sections 3 and 5.1) --------------------------------------------------------------------------------------

TEST(Mps, ByDefaultCapsEachReplicaAtItsEqualShare) {
  // The device plugin's 1 / replicas: a full-GPU model alone on a card cut in four runs at a quarter.
  EXPECT_DOUBLE_EQ(rates(*mode("mps", 4), {kFull})[0], 0.25);
  EXPECT_DOUBLE_EQ(rates(*mode("mps", 4, {{"active_threads", 1.0}}), {kFull})[0], 1);
}

TEST(Mps, ACapAboveWhatTheReplicaFillsCostsNothing) {
  EXPECT_DOUBLE_EQ(rates(*mode("mps", 4), {{.sm_activity = 0.2}})[0], 1);
  EXPECT_DOUBLE_EQ(rates(*mode("mps", 4), {{.sm_activity = 0.5}})[0], 0.5);
}

TEST(Mps, AModelsOwnCapCanOnlyTightenThePools) {
  const auto mps = mode("mps", 4);
  EXPECT_DOUBLE_EQ(rates(*mps, {{.cap = 0.1}})[0], 0.1);
  EXPECT_DOUBLE_EQ(rates(*mps, {{.cap = 0.8}})[0], 0.25);
}

TEST(Mps, SmallReplicasRunSideBySideAtFullSpeedButForContention) {
  const auto mps = mode("mps", 4, {{"active_threads", 1.0}});
  for (const double rate : rates(*mps, {{.sm_activity = 0.3}, {.sm_activity = 0.3}, {.sm_activity = 0.3}}))
    EXPECT_DOUBLE_EQ(rate, 1 / 1.12);
}

TEST(Mps, ContentionSlowsAPairByTheMeanOfTheV100Pairs) {
  // Section 3.3: AlexNet + ResNet-50 under caps of x % and (100 - x) % are 1.127 and 1.118 slower than under the same
  // cap alone; the default lies within both p10-p90 bands.
  const auto mps = mode("mps", 2);
  const double alone = rates(*mps, {kFull})[0];
  const double paired = rates(*mps, {kFull, kFull})[0];
  EXPECT_DOUBLE_EQ(alone / paired, 1.12);
  EXPECT_GT(alone / paired, 1.085);
  EXPECT_LT(alone / paired, 1.156);
}

TEST(Mps, IdenticalReplicasTakeTheLongerOfSpanAndWork) {
  // Section 5.1: n identical jobs take max(t_solo, n * W). ResNet-50 on an A100: w = 0.386 ms an item, 4.74 ms for one
  // item and 12.9 ms for 32 on the whole card.
  const auto mps = mode("mps", 1, {{"contention", 1.0}});
  for (const auto& [items, solo_ms] : {std::pair{1, 4.74}, std::pair{32, 12.9}}) {
    const double work_ms = 0.386 * items;
    for (int n = 1; n <= 48; ++n) {
      const std::vector<Sharer> busy(static_cast<std::size_t>(n), Sharer{.sm_activity = work_ms / solo_ms});
      EXPECT_NEAR(solo_ms / rates(*mps, busy)[0], std::max(solo_ms, n * work_ms), 1e-9) << items << " items, n = " << n;
    }
  }
}

TEST(Mps, ThroughputOfResNet50UnderCompanyIsNearTheMeasured) {
  // Section 3.3, A100-80GB, throughput of 2 / 3 / 5 processes against 1, from a public calibration set.
  const auto mps = mode("mps", 1, {{"contention", 1.0}});
  const auto gain = [&](int n, double sm_activity) {
    return n * rates(*mps, std::vector<Sharer>(static_cast<std::size_t>(n), Sharer{.sm_activity = sm_activity}))[0];
  };
  const double small = 0.386 / 4.74, large = 32 * 0.386 / 12.9;
  for (const auto& [n, measured] : {std::pair{2, 2.01}, std::pair{3, 3.09}, std::pair{5, 5.18}})
    EXPECT_NEAR(gain(n, small) / measured, 1, 0.105) << n << " processes, batch 1";
  for (const auto& [n, measured] : {std::pair{2, 1.11}, std::pair{3, 1.12}, std::pair{5, 1.15}})
    EXPECT_NEAR(gain(n, large) / measured, 1, 0.105) << n << " processes, batch 32";
}

TEST(Mps, ReservationsGiveEachItsPartWhoeverElseIsBusy) {
  // Section 3.1: with static partitioning a cap becomes a reservation. Contention beside it stays.
  const auto reserved = mode("mps", 4, {{"static_partition", true}});
  EXPECT_DOUBLE_EQ(rates(*reserved, {kFull})[0], 0.25);
  for (const std::size_t k : {2U, 3U, 4U})
    for (const double rate : rates(*reserved, std::vector<Sharer>(k, kFull))) EXPECT_DOUBLE_EQ(rate, 0.25 / 1.12);
  EXPECT_DOUBLE_EQ(rates(*reserved, {{.sm_activity = 0.5}})[0], 0.5);
}

TEST(Mps, AloneSpreadsAFatalFaultToItsNeighbours) {
  EXPECT_EQ(mode("mps")->fault_spread(), std::chrono::milliseconds(200));
  for (const char* other : {"exclusive", "time_slicing", "hard_limit"})
    EXPECT_FALSE(mode(other)->fault_spread()) << other;
}

TEST(Mps, HasNoEqualRateToAskFor) {
  const auto mps = mode("mps");
  EXPECT_FALSE(mps->equal_shares());
  EXPECT_THROW((void)mps->equal_rate(2), InternalError);
}

TEST(Mps, KnowsItsClientsAndTheirSmallContexts) {
  EXPECT_EQ(mode("mps")->client_limit(), 48);
  EXPECT_EQ(mode("mps", 4, {{"clients", 60.0}})->client_limit(), 60);
  EXPECT_TRUE(mode("mps")->small_context());
  for (const char* other : {"exclusive", "time_slicing", "hard_limit"}) {
    EXPECT_EQ(mode(other)->client_limit(), 0) << other;
    EXPECT_FALSE(mode(other)->small_context()) << other;
  }
}

// --- hard limits (section 4.2) -------------------------------------------------------------------------------------

TEST(HardLimit, AddsTwoPerCentOfGpuWorkAndOtherwiseTimeSlices) {
  const auto hard = mode("hard_limit");
  EXPECT_DOUBLE_EQ(hard->work_factor(), 1.02);
  EXPECT_EQ(mode("time_slicing")->work_factor(), 1);
  for (int k = 1; k <= 8; ++k) EXPECT_DOUBLE_EQ(hard->equal_rate(k), mode("time_slicing")->equal_rate(k));
}

TEST(HardLimit, ADutyCycleCapHoldsEvenAReplicaAlone) {
  const auto hard = mode("hard_limit", 4, {{"compute_share", 0.25}, {"efficiency", 1.0}, {"switch_cost", 0.0}});
  EXPECT_DOUBLE_EQ(hard->equal_rate(1), 0.25);
  EXPECT_DOUBLE_EQ(hard->equal_rate(4), 0.25);
  EXPECT_DOUBLE_EQ(hard->equal_rate(5), 0.2);
}

TEST(HardLimit, TheControlLoopsErrorFallsOnEachReplicasOwnCap) {
  const auto hard = mode("hard_limit", 4, {{"compute_share", 0.5}, {"efficiency", 1.0}, {"switch_cost", 0.0}});
  EXPECT_EQ(hard->duty_error(), 0.1);
  EXPECT_FALSE(hard->equal_shares());
  EXPECT_EQ(rates(*hard, {{.duty = 1.1}}), (std::vector<double>{0.55}));
  // What the tighter one leaves, the other does not get beyond its own cap.
  const auto both = rates(*hard, {{.duty = 0.9}, {.duty = 1.1}});
  EXPECT_DOUBLE_EQ(both[0], 0.45);
  EXPECT_DOUBLE_EQ(both[1], 0.55);
  EXPECT_EQ(mode("hard_limit")->duty_error(), 0);  // without a cap there is nothing to be off
}

TEST(HardLimit, OverMpsRunsAsMpsDoesUnderTheDutyCycle) {
  const auto plain = mode("hard_limit", 2, {{"over", std::string("mps")}});
  const auto mps = mode("mps", 2);
  const std::vector<Sharer> busy = {kFull, {.cap = 1, .sm_activity = 0.4}};
  EXPECT_EQ(rates(*plain, busy), rates(*mps, busy));
  EXPECT_TRUE(plain->small_context());
  EXPECT_EQ(plain->client_limit(), mps->client_limit());
  const auto capped = mode("hard_limit", 2, {{"over", std::string("mps")}, {"compute_share", 0.3}});
  for (const double rate : rates(*capped, busy)) EXPECT_LE(rate, 0.3);
}

// --- what holds in every mode --------------------------------------------------------------------------------------

class EveryMode : public testing::TestWithParam<const char*> {};

TEST_P(EveryMode, EqualRatesAreTheRatesOfEqualReplicas) {
  const auto tested = mode(GetParam());
  if (!tested->equal_shares()) return;
  for (int k = 1; k <= 60; ++k)
    for (const double rate : rates(*tested, std::vector<Sharer>(static_cast<std::size_t>(k), kFull)))
      ASSERT_EQ(rate, tested->equal_rate(k)) << k << " busy";
}

TEST_P(EveryMode, NobodyRunsFasterThanAloneOrStandsStill) {
  const auto tested = mode(GetParam());
  Rng rng(17);
  for (int round = 0; round < 500; ++round) {
    std::vector<Sharer> busy(1 + rng.below(48));
    for (auto& sharer : busy) {
      sharer.cap = 1 - rng.uniform();
      sharer.sm_activity = 1 - rng.uniform();
    }
    for (const double rate : rates(*tested, busy)) {
      ASSERT_GT(rate, 0);
      ASSERT_LE(rate, 1);
    }
  }
}

TEST_P(EveryMode, SharesOfTheGpuSumToAtMostOne) {
  const auto tested = mode(GetParam());
  Rng rng(18);
  for (int round = 0; round < 500; ++round) {
    std::vector<Sharer> busy(1 + rng.below(48));
    for (auto& sharer : busy) {
      sharer.sm_activity = 1 - rng.uniform();
      sharer.weight = round % 2 == 0 ? 1 : 0.01 + 10 * rng.uniform();
    }
    const auto out = rates(*tested, busy);
    double work = 0;  // full-GPU work done per second: a replica alone does sm_activity of it
    for (std::size_t i = 0; i < busy.size(); ++i) work += out[i] * busy[i].sm_activity;
    ASSERT_LE(work, 1 + 1e-12);
  }
}

TEST_P(EveryMode, OneMoreBusyReplicaMakesNobodyFaster) {
  const auto tested = mode(GetParam());
  Rng rng(19);
  for (int round = 0; round < 500; ++round) {
    std::vector<Sharer> busy(2 + rng.below(46));
    for (auto& sharer : busy) sharer.sm_activity = 1 - rng.uniform();
    const auto with = rates(*tested, busy);
    busy.pop_back();
    const auto without = rates(*tested, busy);
    for (std::size_t i = 0; i < busy.size(); ++i) ASSERT_LE(with[i], without[i] * (1 + 1e-12));
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, EveryMode, testing::Values("exclusive", "time_slicing", "mps", "hard_limit"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(Modes, LosslessTimeSlicingAndUncappedMpsAgreeOnReplicasThatFillTheGpu) {
  // The two forms, virtual time and water-filling, where both apply.
  const auto slicing = mode("time_slicing", 4, {{"efficiency", 1.0}, {"switch_cost", 0.0}});
  const auto mps = mode("mps", 4, {{"active_threads", 1.0}, {"contention", 1.0}});
  for (std::size_t k = 1; k <= 60; ++k) {
    const std::vector<Sharer> busy(k, kFull);
    const auto a = rates(*slicing, busy), b = rates(*mps, busy);
    for (std::size_t i = 0; i < k; ++i) ASSERT_DOUBLE_EQ(a[i], b[i]) << k << " busy";
  }
}

}  // namespace
}  // namespace windtunnel
