#include "sim/workload/rate_curve.hpp"

#include "sources.hpp"

namespace windtunnel::testing {
namespace {

TEST(RateCurve, SinusoidSwingsAroundOne) {
  const CurveReader curve({.period_s = 3600, .amplitude = 0.8});
  EXPECT_DOUBLE_EQ(curve.at(0), 1);
  EXPECT_NEAR(curve.at(900), 1.8, 1e-12);
  EXPECT_NEAR(curve.at(2700), 0.2, 1e-12);
  EXPECT_DOUBLE_EQ(curve.max(), 1.8);
}

TEST(RateCurve, PointsAreJoinedByLinesAndRepeat) {
  const CurveReader curve({.period_s = 40, .points = {1, 3, 0, 2}});
  EXPECT_DOUBLE_EQ(curve.at(0), 1);
  EXPECT_DOUBLE_EQ(curve.at(5), 2);
  EXPECT_DOUBLE_EQ(curve.at(10), 3);
  EXPECT_DOUBLE_EQ(curve.at(15), 1.5);
  EXPECT_DOUBLE_EQ(curve.at(35), 1.5);  // from the last point back to the first
  EXPECT_NEAR(curve.at(4000 + 5), 2, 1e-9);
  EXPECT_DOUBLE_EQ(curve.max(), 3);
  EXPECT_DOUBLE_EQ(curve.mean(), 1.5);
}

TEST(RateCurve, TheQuickComparisonAlwaysAgreesWithTheCurveItself) {
  Rng rng(3);
  for (const RateCurve& curve :
       {RateCurve{.period_s = 3600, .amplitude = 0.8, .phase_rad = 1}, RateCurve{.period_s = 0.01, .amplitude = -1},
        RateCurve{.period_s = 86400, .points = {1, 3, 0, 2, 2}}, RateCurve{.period_s = 60}}) {
    const CurveReader reader(curve);
    for (int i = 0; i < 200'000; ++i) {
      const double seconds = rng.uniform() * (i % 2 == 0 ? 1e4 : 1e9);
      const double near = reader.at(seconds) + 1e-9 * (rng.uniform() - 0.5);  // where a wrong bound would show
      const double level = i % 3 == 0 ? near : rng.uniform() * reader.max();
      ASSERT_EQ(reader.exceeds(level, seconds), reader.at(seconds) > level) << seconds << " " << level;
    }
  }
}

TEST(RateCurve, NegativeRatesAndEmptyPeriodsAreRefused) {
  EXPECT_EQ(check_curve({.period_s = 60, .amplitude = 0.5}), "");
  EXPECT_NE(check_curve({.period_s = 0, .amplitude = 0.5}), "");
  EXPECT_NE(check_curve({.period_s = 60, .amplitude = 1.5}), "");
  EXPECT_NE(check_curve({.period_s = 60, .amplitude = std::nan("")}), "");
  EXPECT_NE(check_curve({.period_s = 60, .points = {1, -1}}), "");
  EXPECT_NE(check_curve({.period_s = 60, .points = {0, 0}}), "");
  EXPECT_NE(check_curve({.period_s = 60, .points = {INFINITY}}), "");
}

}  // namespace
}  // namespace windtunnel::testing
