// The verdict's own rules.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/theory/verdict.hpp"

namespace windtunnel::theory {
namespace {

Quantity relative(double target, double delta) {
  return {.target = target, .tolerance = ToleranceKind::relative, .delta = delta};
}

TEST(Verdict, StandardErrorIsThatOfTheMeanOverReplications) {
  const std::vector<double> values{1, 2, 3, 4};
  const auto seen = estimate(values);
  EXPECT_DOUBLE_EQ(seen.mean, 2.5);
  EXPECT_DOUBLE_EQ(seen.error, std::sqrt(5.0 / 3 / 4));  // s^2 = 5/3, R = 4
}

TEST(Verdict, PassesOnlyWhenCloseAndPrecise) {
  EXPECT_EQ(judge({10.05, 0.01}, relative(10, 0.01), 6), Verdict::passed);
  EXPECT_EQ(judge({10.07, 0.01}, relative(10, 0.01), 6), Verdict::wrong);      // 7 SE away
  EXPECT_EQ(judge({10.05, 0.02}, relative(10, 0.01), 6), Verdict::imprecise);  // 6 SE = 0.12 > 0.1
}

TEST(Verdict, AbsoluteToleranceDoesNotScaleWithTheValue) {
  const Quantity quantity{.target = 0.5, .tolerance = ToleranceKind::absolute, .delta = 0.001};
  EXPECT_EQ(judge({0.5005, 0.0001}, quantity, 6), Verdict::passed);
  EXPECT_EQ(judge({0.5005, 0.0002}, quantity, 6), Verdict::imprecise);
}

TEST(Verdict, AWrongValueIsWrongHoweverImprecise) {
  EXPECT_EQ(judge({20, 1}, relative(10, 0.01), 6), Verdict::wrong);
}

TEST(Verdict, ExactTakesNoStandardError) {
  const Quantity quantity{.target = 2.2583333333333333, .tolerance = ToleranceKind::exact};
  EXPECT_EQ(judge({2.258333333, 0}, quantity, 6), Verdict::passed);
  EXPECT_EQ(judge({2.258333337, 0}, quantity, 6), Verdict::wrong);
}

TEST(Verdict, NothingMeasuredIsNoPass) {
  EXPECT_EQ(judge({std::nan(""), std::nan("")}, relative(10, 0.01), 6), Verdict::wrong);
}

}  // namespace
}  // namespace windtunnel::theory
