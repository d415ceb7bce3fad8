// Laws of random amounts: each sampler has the mean and the scv its law names.
#include "sim/core/law.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

struct Moments {
  double mean = 0, variance = 0, fourth = 0;  // central
  std::size_t n = 0;
};

Moments sample(const Law& law, std::uint64_t seed, std::size_t n = 1'000'000) {
  LawSampler draw(law);
  Rng rng(seed);
  std::vector<double> values(n);
  for (auto& v : values) v = draw(rng);
  Moments m;
  m.n = n;
  for (const double v : values) m.mean += v / static_cast<double>(n);
  for (const double v : values) {
    const double d2 = (v - m.mean) * (v - m.mean);
    m.variance += d2 / static_cast<double>(n);
    m.fourth += d2 * d2 / static_cast<double>(n);
  }
  return m;
}

struct Case {
  std::string name;
  Law law;
  double mean;  // what the law says
  double variance;
};

class EveryLaw : public testing::TestWithParam<Case> {};

// The bound on the variance takes its standard error from the sample's fourth moment.
TEST_P(EveryLaw, HasItsMeanAndVarianceWithinFiveStandardErrors) {
  const auto& [name, law, mean, variance] = GetParam();
  const Moments m = sample(law, 20240229);
  const auto n = static_cast<double>(m.n);
  EXPECT_NEAR(m.mean, mean, 5 * std::sqrt(variance / n));
  EXPECT_NEAR(m.variance, variance, 5 * std::sqrt((m.fourth - m.variance * m.variance) / n));
  EXPECT_NEAR(LawSampler(law).mean(), mean, 1e-12 * mean);
}

INSTANTIATE_TEST_SUITE_P(
    Laws, EveryLaw,
    testing::Values(
        Case{"exponential", {.kind = LawKind::exponential, .mean = 2}, 2, 4},
        Case{"gamma_below_one", {.kind = LawKind::gamma, .mean = 3, .scv = 0.25}, 3, 2.25},
        Case{"gamma_above_one", {.kind = LawKind::gamma, .mean = 0.5, .scv = 4}, 0.5, 1},
        Case{"lognormal_narrow", {.kind = LawKind::lognormal, .mean = 1, .scv = 1e-4}, 1, 1e-4},
        Case{"lognormal_wide", {.kind = LawKind::lognormal, .mean = 7, .scv = 1}, 7, 49},
        Case{"hyperexponential", {.kind = LawKind::hyperexponential, .mean = 2, .scv = 4}, 2, 16},
        Case{"hyperexponential_as_exponential", {.kind = LawKind::hyperexponential, .mean = 1, .scv = 1}, 1, 1},
        Case{"geometric", {.kind = LawKind::geometric, .mean = 4}, 4, 12},  // (1 - p) / p^2, p = 1/4
        Case{"discrete",
             {.kind = LawKind::discrete, .values = {1, 2, 10}, .weights = {5, 3, 2}},
             3.1,
             21.7 - 3.1 * 3.1}),
    [](const auto& tested) { return tested.param.name; });

TEST(Law, HyperexponentialHasBalancedMeans) {
  // Phase 1 has p = (1 + sqrt((scv - 1) / (scv + 1))) / 2 and mean m / 2p, so P(X > t) is known.
  const double scv = 4, p = (1 + std::sqrt((scv - 1) / (scv + 1))) / 2;
  LawSampler draw({.kind = LawKind::hyperexponential, .mean = 1, .scv = scv});
  Rng rng(5);
  constexpr int kDraws = 1'000'000;
  for (const double t : {0.2, 1.0, 5.0}) {
    int above = 0;
    for (int i = 0; i < kDraws; ++i) above += draw(rng) > t ? 1 : 0;
    const double exact = p * std::exp(-2 * p * t) + (1 - p) * std::exp(-2 * (1 - p) * t);
    EXPECT_NEAR(above / double{kDraws}, exact, 5 * std::sqrt(exact * (1 - exact) / kDraws)) << "t = " << t;
  }
}

TEST(Law, GeometricLivesOnOneTwoThree) {
  LawSampler draw({.kind = LawKind::geometric, .mean = 4});
  Rng rng(5);
  constexpr int kDraws = 1'000'000;
  std::map<double, int> seen;
  for (int i = 0; i < kDraws; ++i) ++seen[draw(rng)];
  EXPECT_EQ(seen.begin()->first, 1);
  for (const int k : {1, 2, 3, 10}) {
    const double exact = std::pow(0.75, k - 1) * 0.25;
    EXPECT_NEAR(seen[k] / double{kDraws}, exact, 5 * std::sqrt(exact / kDraws)) << "k = " << k;
  }
  for (const auto& [value, count] : seen) ASSERT_EQ(value, std::floor(value));
}

TEST(Law, GeometricOfMeanOneIsAlwaysOne) {
  LawSampler draw({.kind = LawKind::geometric, .mean = 1});
  Rng rng(5);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(draw(rng), 1);
}

TEST(Law, DiscreteWithoutWeightsIsUniformAndNeverDrawsAWeightOfZero) {
  LawSampler even({.kind = LawKind::discrete, .values = {1, 2, 3}});
  EXPECT_DOUBLE_EQ(even.mean(), 2);
  LawSampler holes({.kind = LawKind::discrete, .values = {1, 2, 3, 4}, .weights = {0, 1, 1, 0}});
  Rng rng(5);
  for (int i = 0; i < 10'000; ++i) {
    const double v = holes(rng);
    ASSERT_TRUE(v == 2 || v == 3) << v;
  }
}

TEST(Law, DiscreteWithoutValuesIsRefused) {
  EXPECT_THROW(LawSampler({.kind = LawKind::discrete}), InternalError);
  EXPECT_THROW(LawSampler({.kind = LawKind::discrete, .values = {1, 2}, .weights = {1}}), InternalError);
}

TEST(Law, WithoutSpreadItIsDeterministicToTheBit) {
  for (const auto kind : {LawKind::deterministic, LawKind::gamma, LawKind::lognormal}) {
    LawSampler draw({.kind = kind, .mean = 0.1, .scv = 0});
    Rng rng(5);
    EXPECT_TRUE(draw.is_deterministic());
    EXPECT_EQ(draw(rng), 0.1);
  }
}

TEST(Law, OfMeanZeroIsZero) {
  for (const auto kind : {LawKind::exponential, LawKind::gamma, LawKind::lognormal, LawKind::hyperexponential}) {
    LawSampler draw({.kind = kind, .mean = 0, .scv = 2});
    Rng rng(5);
    EXPECT_EQ(draw(rng), 0);
  }
}

TEST(Law, DrawsAreNeverNegative) {
  for (const auto& law :
       {Law{.kind = LawKind::gamma, .mean = 1, .scv = 100}, Law{.kind = LawKind::exponential, .mean = 1},
        Law{.kind = LawKind::hyperexponential, .mean = 1, .scv = 50}}) {
    LawSampler draw(law);
    Rng rng(5);
    for (int i = 0; i < 100'000; ++i) ASSERT_GE(draw(rng), 0);
  }
}

TEST(Law, TwoSamplersOfOneLawAgreeDrawByDraw) {
  // No hidden state carries a second value over: what a stream yields depends on the stream alone (law 3).
  const Law law{.kind = LawKind::lognormal, .mean = 1, .scv = 0.5};
  LawSampler used(law), fresh(law);
  Rng other(1);
  used(other);
  Rng a(9), b(9);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(used(a), fresh(b));
}

}  // namespace
}  // namespace windtunnel
