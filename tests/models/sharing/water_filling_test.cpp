// Max-min fair division: by example, by definition, and against a sorted implementation.
#include "models/sharing/water_filling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "sim/core/rng.hpp"

namespace windtunnel {
namespace {

std::vector<double> filled(const std::vector<double>& caps) {
  std::vector<double> out(caps.size());
  water_fill(caps, out);
  return out;
}

double sum(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0);
}

std::vector<double> random_caps(Rng& rng) {
  std::vector<double> caps(1 + rng.below(60));
  const double scale = rng.uniform() < 0.5 ? 1.0 : 2.0 / static_cast<double>(caps.size());
  for (auto& cap : caps) cap = rng.uniform() * scale;
  return caps;
}

TEST(WaterFilling, LetsTheModestHaveAllTheyWantAndSplitsTheRest) {
  const auto x = filled({0.1, 0.6, 1.0});
  EXPECT_DOUBLE_EQ(x[0], 0.1);
  EXPECT_DOUBLE_EQ(x[1], 0.45);
  EXPECT_DOUBLE_EQ(x[2], 0.45);
}

TEST(WaterFilling, RaisesTheLevelWheneverACapIsReached) {
  // Levels 0.25, 0.3, 0.325: each round frees what one cap leaves.
  const auto x = filled({0.1, 0.27, 0.31, 1.0});
  EXPECT_DOUBLE_EQ(x[0], 0.1);
  EXPECT_DOUBLE_EQ(x[1], 0.27);
  EXPECT_DOUBLE_EQ(x[2], 0.31);
  EXPECT_NEAR(x[3], 0.32, 1e-15);
}

TEST(WaterFilling, LeavesIdleWhatNobodyCanUse) {
  EXPECT_EQ(filled({0.1, 0.2}), (std::vector<double>{0.1, 0.2}));
}

TEST(WaterFilling, GivesNothingToACapOfZeroAndTakesNone) {
  EXPECT_EQ(filled({0, 1}), (std::vector<double>{0, 1}));
  EXPECT_TRUE(filled({}).empty());
}

TEST(WaterFilling, ConservesWorkAndKeepsEveryCap) {
  Rng rng(23);
  for (int round = 0; round < 2000; ++round) {
    const auto caps = random_caps(rng);
    const auto x = filled(caps);
    ASSERT_NEAR(sum(x), std::min(1.0, sum(caps)), 1e-12);
    for (std::size_t i = 0; i < caps.size(); ++i) {
      ASSERT_LE(x[i], caps[i]);
      ASSERT_GE(x[i], 0);
    }
  }
}

TEST(WaterFilling, IsMaxMinFair) {
  // Nobody below his cap has less than anyone else: no share could grow but at the cost of one no larger.
  Rng rng(24);
  for (int round = 0; round < 2000; ++round) {
    const auto caps = random_caps(rng);
    const auto x = filled(caps);
    const double largest = *std::max_element(x.begin(), x.end());
    for (std::size_t i = 0; i < caps.size(); ++i) ASSERT_TRUE(x[i] == caps[i] || x[i] >= largest - 1e-12);
  }
}

TEST(WaterFilling, AgreesWithFillingInOrderOfCap) {
  Rng rng(25);
  for (int round = 0; round < 2000; ++round) {
    const auto caps = random_caps(rng);
    std::vector<std::size_t> order(caps.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return caps[a] < caps[b]; });
    double left = 1;
    std::vector<double> expected(caps.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const double level = left / static_cast<double>(order.size() - i);
      expected[order[i]] = std::min(caps[order[i]], level);
      left -= expected[order[i]];
    }
    const auto x = filled(caps);
    for (std::size_t i = 0; i < caps.size(); ++i) ASSERT_NEAR(x[i], expected[i], 1e-12);
  }
}

}  // namespace
}  // namespace windtunnel
