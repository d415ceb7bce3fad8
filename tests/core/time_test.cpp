// Simulated time: rounding at the edge, and seconds that come out whole.
#include "sim/core/time.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace windtunnel {
namespace {

TEST(ToDuration, RoundsToTheNearestNanosecond) {
  EXPECT_EQ(to_duration(0), Duration{0});
  EXPECT_EQ(to_duration(1.4e-9), Duration{1});
  EXPECT_EQ(to_duration(1.6e-9), Duration{2});
  EXPECT_EQ(to_duration(-1.4e-9), Duration{-1});
  EXPECT_EQ(to_duration(-1.6e-9), Duration{-2});
  EXPECT_EQ(to_duration(3.0), Duration{3'000'000'000});
}

TEST(ToDuration, RoundsHalvesAwayFromZero) {
  const double half_ns = 0.5 / 1e9;
  ASSERT_EQ(half_ns * 1e9, 0.5);
  EXPECT_EQ(to_duration(half_ns), Duration{1});
  EXPECT_EQ(to_duration(-half_ns), Duration{-1});
}

TEST(ToDuration, DoesNotRoundUpWhatLiesJustBelowAHalf) {
  const double below = std::nextafter(0.5, 0) / 1e9;
  ASSERT_LT(below * 1e9, 0.5);
  EXPECT_EQ(to_duration(below), Duration{0});
}

TEST(ToDuration, KeepsOddNanosecondsBeyondFiftyTwoDays) {
  // 2^52 + 1 ns is a whole double; with 0.5 added it would become 2^52 + 2.
  const std::int64_t odd = (std::int64_t{1} << 52) + 1;
  double seconds = static_cast<double>(odd) / 1e9;
  while (seconds * 1e9 < static_cast<double>(odd)) seconds = std::nextafter(seconds, 1e300);
  while (seconds * 1e9 > static_cast<double>(odd)) seconds = std::nextafter(seconds, 0);
  ASSERT_EQ(seconds * 1e9, static_cast<double>(odd));
  EXPECT_EQ(to_duration(seconds).count(), odd);
}

TEST(ToDuration, TakesTheLongestSpanTheLoadersAccept) {
  EXPECT_EQ(to_duration(kMaxSeconds).count(), 4'600'000'000'000'000'000);
  EXPECT_EQ(to_duration(-kMaxSeconds).count(), -4'600'000'000'000'000'000);
}

TEST(ToSeconds, GivesWholeSecondsWhole) {
  for (int s = 0; s < 100'000; ++s) ASSERT_EQ(to_seconds(std::chrono::seconds(s)), static_cast<double>(s)) << s << " s";
}

TEST(ToSeconds, RoundTripsNanosecondsWithinAnHour) {
  constexpr std::int64_t kHour = 3'600'000'000'000;
  for (std::int64_t ns = 0; ns < kHour; ns += 79'190'123) {
    ASSERT_EQ(to_duration(to_seconds(Duration{ns})).count(), ns);
    ASSERT_EQ(to_duration(to_seconds(Duration{-ns})).count(), -ns);
  }
}

}  // namespace
}  // namespace windtunnel
