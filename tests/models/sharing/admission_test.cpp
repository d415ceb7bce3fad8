// May this allocation happen? The GPU sharing reference's table by mode (section 7.3), and law 5.
#include <gtest/gtest.h>

#include <vector>

#include "sim/core/rng.hpp"
#include "tests/models/sharing/harness.hpp"

namespace windtunnel {

/// Names in failure messages.
void PrintTo(MemoryVerdict verdict, std::ostream* out) {
  *out << (verdict == MemoryVerdict::granted     ? "granted"
           : verdict == MemoryVerdict::own_limit ? "own_limit"
                                                 : "device_full");
}

namespace {

using testing_support::mode;

constexpr Bytes mib(std::int64_t n) {
  return {n * kMiB};
}

class EveryModesAdmission : public testing::TestWithParam<const char*> {};

TEST_P(EveryModesAdmission, FillsTheDeviceToTheLastByteAndNoFurther) {
  const auto tested = mode(GetParam());
  MemoryRequest request{.asked = mib(100), .own_limit = {}, .device_used = mib(900), .device_size = mib(1000)};
  EXPECT_EQ(tested->admit(request), MemoryVerdict::granted);
  ++request.asked.value;
  EXPECT_EQ(tested->admit(request), MemoryVerdict::device_full);
}

TEST(MpsAdmission, DmemsHardLimitCountsTheContextThatThePinnedLimitLeavesOut) {
  const MemoryRequest request{.asked = mib(100),
                              .own_used = mib(300),
                              .own_context = mib(200),
                              .own_limit = mib(200),
                              .device_used = mib(300),
                              .device_size = mib(1000)};
  EXPECT_EQ(mode("mps")->admit(request), MemoryVerdict::granted);
  EXPECT_EQ(mode("mps", 4, {{"dmem_max", 399.0 * kMiB}})->admit(request), MemoryVerdict::own_limit);
  EXPECT_EQ(mode("mps", 4, {{"dmem_max", 400.0 * kMiB}})->admit(request), MemoryVerdict::granted);
}

TEST(MpsAdmission, DmemTakesThePlaceOfThePinnedLimitUnlessThatIsGiven) {
  EXPECT_EQ(mode("mps")->default_limit(mib(1000), 4), mib(250));
  EXPECT_EQ(mode("mps", 4, {{"dmem_min", 100.0 * kMiB}})->default_limit(mib(1000), 4), std::nullopt);
  EXPECT_EQ(mode("mps", 4, {{"dmem_min", 100.0 * kMiB}, {"memory_limit", 300.0 * kMiB}})->default_limit(mib(1000), 4),
            mib(300));
}

TEST(VisibleMemory, IsTheLimitUnderInterceptionAndTheDeviceUnderMps) {
  EXPECT_EQ(mode("hard_limit")->visible_memory(mib(1000), mib(250)), mib(250));
  EXPECT_EQ(mode("mps")->visible_memory(mib(1000), mib(250)), mib(1000));
}

TEST_P(EveryModesAdmission, ALimitIsNoPromiseOfRoomOnTheDevice) {
  // The sum of limits may exceed the device (section 4.2): the driver's own refusal still happens.
  const auto tested = mode(GetParam());
  EXPECT_EQ(tested->admit({.asked = mib(2), .own_limit = mib(500), .device_used = mib(999), .device_size = mib(1000)}),
            MemoryVerdict::device_full);
}

// Replicas allocate and free at random: the ledger never passes the device, nor any of them the limit that its mode
// keeps.
TEST_P(EveryModesAdmission, NeverLetsTheLedgerPassDeviceOrLimit) {
  struct Held {
    Bytes context, used;
  };
  const std::string name = GetParam();
  const auto tested = mode(name, 3);
  const Bytes size = mib(16'000), reserve = mib(500);
  const auto limit = tested->default_limit(size - reserve, 3);
  Rng rng(31);
  std::vector<Held> replicas(5);  // more than the slots: limits alone do not keep the device
  Bytes device_used = reserve;
  int granted = 0, refused = 0;
  for (int step = 0; step < 20'000; ++step) {
    auto& r = replicas[rng.below(5)];
    if (rng.below(8) == 0) {  // a death returns all
      device_used -= r.used;
      r = {};
      continue;
    }
    const bool starts = r.context.value == 0;
    const Bytes asked = starts ? mib(500) : mib(1 + rng.below(2000));
    const auto verdict = tested->admit({.asked = asked,
                                        .own_used = r.used,
                                        .own_context = starts ? asked : r.context,
                                        .own_limit = limit,
                                        .device_used = device_used,
                                        .device_size = size});
    if (verdict != MemoryVerdict::granted) {
      ++refused;
      continue;
    }
    ++granted;
    if (starts) r.context = asked;
    r.used += asked;
    device_used += asked;
    ASSERT_LE(device_used, size);
    if (name == "hard_limit") {
      ASSERT_LE(r.used, *limit);
    }
    if (name == "mps") {
      ASSERT_LE(r.used - r.context, *limit);
    }
  }
  EXPECT_GT(granted, 1000);
  EXPECT_GT(refused, 1000);
}

INSTANTIATE_TEST_SUITE_P(Modes, EveryModesAdmission, testing::Values("exclusive", "time_slicing", "mps", "hard_limit"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(Admission, UnderTimeSlicingWhoAllocatesNextFailsWhoeverIsAtFault) {
  // Section 7.2's field case: a T4 of 14.76 GiB, one service at about 9 GiB; the other fails asking for 20 MiB while it
  // holds 4.43 GiB. The rest is two contexts and the driver's reserve.
  const Bytes size = mib(15'114), big = mib(9'216 + 500), small = mib(4'536 + 500), reserve = mib(350);
  const MemoryRequest request{.asked = mib(20),
                              .own_used = small,
                              .own_context = mib(500),
                              .own_limit = mib(5'038),
                              .device_used = big + small + reserve,
                              .device_size = size};
  EXPECT_EQ(mode("time_slicing")->admit(request), MemoryVerdict::device_full);
}

TEST(Admission, WithoutHardLimitsALimitIsNotLookedAt) {
  const MemoryRequest request{.asked = mib(50), .own_used = mib(100), .own_limit = mib(10), .device_size = mib(1000)};
  EXPECT_EQ(mode("exclusive")->admit(request), MemoryVerdict::granted);
  EXPECT_EQ(mode("time_slicing")->admit(request), MemoryVerdict::granted);
}

TEST(Admission, InterceptionCountsTheContextAndThePinnedLimitDoesNot) {
  // 500 MiB of context, 700 held in all, 300 more asked under a limit of 800: 1000 in all, 500 without the context.
  MemoryRequest request{.asked = mib(300),
                        .own_used = mib(700),
                        .own_context = mib(500),
                        .own_limit = mib(800),
                        .device_used = mib(700),
                        .device_size = mib(16'000)};
  EXPECT_EQ(mode("hard_limit")->admit(request), MemoryVerdict::own_limit);
  EXPECT_EQ(mode("mps")->admit(request), MemoryVerdict::granted);
  request.asked = mib(601);
  EXPECT_EQ(mode("mps")->admit(request), MemoryVerdict::own_limit);
}

TEST(Admission, ALimitOfModelAndActivationsWithoutTheContextFailsAtStart) {
  // Section 4.2. 4 GiB of weights fill the limit; with the context before them they do not fit by interception.
  const MemoryRequest weights{.asked = mib(4096),
                              .own_used = mib(500),
                              .own_context = mib(500),
                              .own_limit = mib(4096),
                              .device_used = mib(500),
                              .device_size = mib(16'000)};
  EXPECT_EQ(mode("hard_limit")->admit(weights), MemoryVerdict::own_limit);
  EXPECT_EQ(mode("mps")->admit(weights), MemoryVerdict::granted);
}

TEST(Admission, AContextBeingCreatedIsOutsideThePinnedLimitToo) {
  const MemoryRequest context{
      .asked = mib(250), .own_used = {}, .own_context = mib(250), .own_limit = mib(100), .device_size = mib(1000)};
  EXPECT_EQ(mode("mps")->admit(context), MemoryVerdict::granted);
}

TEST(DefaultLimit, IsAnEqualPartOfTheDeviceUnderMpsAndHardLimitsOnly) {
  EXPECT_EQ(mode("mps")->default_limit(mib(16'000), 4), mib(4000));
  EXPECT_EQ(mode("hard_limit")->default_limit(mib(16'000), 4), mib(4000));
  EXPECT_EQ(mode("exclusive")->default_limit(mib(16'000), 1), std::nullopt);
  EXPECT_EQ(mode("time_slicing")->default_limit(mib(16'000), 4), std::nullopt);
}

TEST(DefaultLimit, NeverSumsToMoreThanTheDevice) {
  for (int replicas = 1; replicas <= 48; ++replicas) {
    const auto each = mode("hard_limit")->default_limit(Bytes{16'106'127'361}, replicas);
    EXPECT_LE(each->value * replicas, 16'106'127'361);
  }
}

TEST(DefaultLimit, IsTheFigureGivenOrNoneWhenTurnedOff) {
  const double gib = static_cast<double>(kGiB);
  EXPECT_EQ(mode("mps", 4, {{"memory_limit", 3 * gib}})->default_limit(mib(16'000), 4), Bytes{3 * kGiB});
  EXPECT_EQ(mode("hard_limit", 4, {{"memory_limit", 3 * gib}})->default_limit(mib(16'000), 4), Bytes{3 * kGiB});
  EXPECT_EQ(mode("mps", 4, {{"limit_memory", false}})->default_limit(mib(16'000), 4), std::nullopt);
}

}  // namespace
}  // namespace windtunnel
