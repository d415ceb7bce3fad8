// The log-bucketed histogram: its buckets tile the line, its quantiles keep their stated error.
#include "sim/core/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "sim/core/rng.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

Histogram of(const std::vector<std::int64_t>& values_ns) {
  Histogram h;
  for (const auto ns : values_ns) h.record(Duration{ns});
  return h;
}

TEST(Histogram, LowerEdgeOfEveryBucketLiesInThatBucket) {
  for (std::size_t i = 0; i < Histogram::kBuckets; ++i)
    ASSERT_EQ(Histogram::bucket_of(Histogram::lower_edge(i)), i) << "edge " << Histogram::lower_edge(i) << " ns";
}

TEST(Histogram, BucketsTileTheLineWithoutGapOrOverlap) {
  for (std::size_t i = 1; i < Histogram::kBuckets; ++i) {
    ASSERT_GT(Histogram::lower_edge(i), Histogram::lower_edge(i - 1));
    ASSERT_EQ(Histogram::bucket_of(Histogram::lower_edge(i) - 1), i - 1);
  }
  EXPECT_EQ(Histogram::bucket_of(kLargest), Histogram::kBuckets - 1);
  EXPECT_EQ(Histogram::lower_edge(Histogram::kBuckets), kLargest);
}

TEST(Histogram, BucketsAreAtMostOneSixtyFourthOfTheirEdgeWide) {
  for (std::size_t i = Histogram::bucket_of(1024); i < Histogram::kBuckets; ++i) {
    const auto edge = static_cast<double>(Histogram::lower_edge(i));
    ASSERT_LE(static_cast<double>(Histogram::lower_edge(i + 1)) - edge, edge / 64);
  }
}

TEST(Histogram, CountMeanSumAndMaximumAreExact) {
  const Histogram h = of({0, 1, 1'000'000'007, 3});
  EXPECT_EQ(h.count(), 4U);
  EXPECT_DOUBLE_EQ(h.sum_s(), 1.000000011);
  EXPECT_DOUBLE_EQ(h.mean_s(), 1.000000011 / 4);
  EXPECT_DOUBLE_EQ(h.max_s(), 1.000000007);
  EXPECT_NEAR(h.sum_squares_s2(), 1.000000007 * 1.000000007, 1e-15);
}

TEST(Histogram, SumOfHugeValuesDoesNotOverflow) {
  Histogram h;
  for (int i = 0; i < 1000; ++i) h.record(Duration{kLargest});
  EXPECT_DOUBLE_EQ(h.mean_s(), static_cast<double>(kLargest) * 1e-9);
  EXPECT_NEAR(h.quantile_s(0.5) / (static_cast<double>(kLargest) * 1e-9), 1, 0.008);
  EXPECT_LE(h.quantile_s(1), h.max_s());
}

TEST(Histogram, ZerosAreZeroInEveryQuantile) {
  const Histogram h = of({0, 0, 0, 0, 5});
  EXPECT_EQ(h.quantile_s(0.5), 0);
  EXPECT_EQ(h.quantile_s(0.8), 0);
  EXPECT_GT(h.quantile_s(0.81), 0);
}

TEST(Histogram, EmptyAnswersZero) {
  const Histogram h;
  EXPECT_EQ(h.quantile_s(0.5), 0);
  EXPECT_EQ(h.mean_s(), 0);
  EXPECT_TRUE(h.filled().empty());
}

TEST(Histogram, QuantileTakesTheFirstValueThatReachesItsLevel) {
  // 100 values a factor of two apart fall in different buckets: the rank is seen in the answer.
  std::vector<std::int64_t> values(93, std::int64_t{1} << 30);
  values.insert(values.end(), 7, 1 << 20);
  const Histogram h = of(values);
  EXPECT_LT(h.quantile_s(0.07), 0.002) << "0.07 * 100 is 7.000000000000001 in doubles, yet 7 of 100 are wanted";
  EXPECT_GT(h.quantile_s(0.0701), 1.0);
}

TEST(Histogram, QuantilesAreOffByAtMostEightInAThousand) {
  Rng rng(11);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    const double decades = rng.uniform() * 12;  // 1 us to 11 days, even over the octaves
    values.push_back(static_cast<std::int64_t>(1024 * std::pow(10, decades)));
  }
  const Histogram h = of(values);
  std::sort(values.begin(), values.end());
  for (const double level : {0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(level * 20'000 - 1e-6));
    const double exact_s = static_cast<double>(values[rank - 1]) * 1e-9;
    EXPECT_NEAR(h.quantile_s(level) / exact_s, 1, 0.008) << "level " << level;
  }
}

TEST(Histogram, QuantileNeverPassesTheMaximum) {
  const Histogram h = of({1'000'000'000});
  EXPECT_EQ(h.quantile_s(0.99), 1.0);
}

TEST(Histogram, MergeEqualsRecordingBoth) {
  Histogram a = of({5, 1'000'000});
  a.merge(of({7'000'000'000, 0}));
  const Histogram both = of({5, 1'000'000, 7'000'000'000, 0});
  EXPECT_EQ(a.count(), both.count());
  EXPECT_EQ(a.sum_s(), both.sum_s());
  EXPECT_EQ(a.max_s(), both.max_s());
  EXPECT_EQ(a.filled(), both.filled());
}

TEST(Histogram, SinceLeavesOnlyWhatCameAfterTheCopy) {
  Histogram h = of({5, 2'000'000});
  const Histogram earlier = h;
  h.record(Duration{3'000'000'000});
  const Histogram later = h.since(earlier);
  EXPECT_EQ(later.count(), 1U);
  EXPECT_DOUBLE_EQ(later.mean_s(), 3.0);
  EXPECT_EQ(later.filled(), of({3'000'000'000}).filled());
}

TEST(Histogram, ResetForgets) {
  Histogram h = of({5, 2'000'000});
  h.reset();
  EXPECT_EQ(h.count(), 0U);
  EXPECT_EQ(h.max_s(), 0);
  EXPECT_TRUE(h.filled().empty());
}

TEST(Histogram, FilledBucketsCountEverythingOnceInAscendingOrder) {
  const Histogram h = of({0, 1, 15, 16, 1'000'000, 1'000'001});
  const auto filled = h.filled();
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < filled.size(); ++i) {
    total += filled[i].second;
    EXPECT_TRUE(i == 0 || filled[i - 1].first < filled[i].first);
  }
  EXPECT_EQ(total, 6U);
  EXPECT_EQ(filled.front(), (std::pair<double, std::uint64_t>{0.0, 1}));
}

}  // namespace
}  // namespace windtunnel
