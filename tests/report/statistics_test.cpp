#include "sim/report/statistics.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace windtunnel {
namespace statistics_test {

// Two-sided 95 % points, Abramowitz & Stegun 1964, table 26.10.
TEST(StudentT, AgreesWithPrintedTable) {
  EXPECT_NEAR(student_t_975(1), 12.706, 5e-4);
  EXPECT_NEAR(student_t_975(2), 4.303, 5e-4);
  EXPECT_NEAR(student_t_975(3), 3.182, 5e-4);
  EXPECT_NEAR(student_t_975(4), 2.776, 5e-4);
  EXPECT_NEAR(student_t_975(9), 2.262, 5e-4);
  EXPECT_NEAR(student_t_975(10), 2.228, 5e-4);
  EXPECT_NEAR(student_t_975(29), 2.045, 5e-4);
  EXPECT_NEAR(student_t_975(120), 1.980, 5e-4);
}

TEST(StudentT, ComesDownToTheNormalQuantile) {
  EXPECT_NEAR(student_t_975(100000), 1.95996, 5e-5);
}

TEST(MeanInterval, IsTTimesStandardError) {
  const std::array values = {1.0, 2.0, 3.0, 4.0};  // variance 5/3, four values, three degrees of freedom
  const MeanInterval interval = mean_interval(values);
  EXPECT_DOUBLE_EQ(interval.mean, 2.5);
  EXPECT_NEAR(interval.half_width, 3.182446 * std::sqrt(5.0 / 3 / 4), 1e-5);
}

TEST(MeanInterval, OfOneValueHasNoWidth) {
  const std::array values = {3.0};
  EXPECT_DOUBLE_EQ(mean_interval(values).mean, 3.0);
  EXPECT_TRUE(std::isnan(mean_interval(values).half_width));
}

}  // namespace statistics_test
}  // namespace windtunnel
