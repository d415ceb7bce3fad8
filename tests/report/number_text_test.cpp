#include "sim/report/number_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/report/duration_text.hpp"

namespace windtunnel {
namespace number_text_test {

TEST(CountText, GroupsThousandsAndShortensMillions) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(17234), "17,234");
  EXPECT_EQ(count_text(999499), "999,499");
  EXPECT_EQ(count_text(999500), "1.00M");
  EXPECT_EQ(count_text(12345678), "12.3M");
  EXPECT_EQ(count_text(77e6), "77.0M");
  EXPECT_EQ(count_text(1e10), "10.0G");
}

TEST(CountText, ShowsADecimalOfASmallMean) {
  EXPECT_EQ(count_text(2.5), "2.5");
  EXPECT_EQ(count_text(1234.5), "1,234");
}

TEST(ValueText, KeepsThreeSignificantDigits) {
  EXPECT_EQ(value_text(0), "0");
  EXPECT_EQ(value_text(0.001234), "0.00123");
  EXPECT_EQ(value_text(0.01234), "0.0123");
  EXPECT_EQ(value_text(0.1234), "0.123");
  EXPECT_EQ(value_text(1.234), "1.23");
  EXPECT_EQ(value_text(12.34), "12.3");
  EXPECT_EQ(value_text(123.4), "123");
  EXPECT_EQ(value_text(12345.6), "12,346");
  EXPECT_EQ(value_text(1.5e-6), "1.5e-06");
}

TEST(ValueText, DoesNotGrowADigitWhereItRoundsUp) {
  EXPECT_EQ(value_text(0.99996), "1.00");
  EXPECT_EQ(value_text(9.9996), "10.0");
  EXPECT_EQ(value_text(99.996), "100");
  EXPECT_EQ(value_text(0.099996), "0.100");
}

TEST(NumberText, SaysNothingForWhatIsUnknown) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(count_text(unknown), "-");
  EXPECT_EQ(value_text(unknown), "-");
  EXPECT_EQ(money_text(unknown), "-");
  EXPECT_EQ(share_text(unknown), "-");
  EXPECT_EQ(gib_text(std::numeric_limits<double>::infinity()), "-");
}

TEST(NumberText, StaysWithinSevenColumnsAndMoneyWithinEight) {
  for (double value = 1.23456e-9; value < 1e19; value *= 1.7) {
    EXPECT_LE(count_text(std::floor(value)).size(), 7U) << value;
    EXPECT_LE(value_text(value).size(), 7U) << value;
    EXPECT_LE(money_text(value).size(), 8U) << value;
  }
}

TEST(MoneyText, ShowsCentsFromADollarUp) {
  EXPECT_EQ(money_text(0.0123), "0.0123");
  EXPECT_EQ(money_text(1.5), "1.50");
  EXPECT_EQ(money_text(999.999), "1,000.00");
  EXPECT_EQ(money_text(1234.5), "1,234.50");
  EXPECT_EQ(money_text(123456.7), "123,457");
}

TEST(ShareText, IsOneOnlyWhenAllOfIt) {
  EXPECT_EQ(share_text(1), "1");
  EXPECT_EQ(share_text(0.99999), ">0.999");
  EXPECT_EQ(share_text(0.625), "0.625");
  EXPECT_EQ(share_text(0.00001), "<0.001");
  EXPECT_EQ(share_text(0), "0");
}

TEST(DurationText, ReadsAsAScenarioWouldWriteIt) {
  EXPECT_EQ(duration_text(0), "0s");
  EXPECT_EQ(duration_text(0.25), "250ms");
  EXPECT_EQ(duration_text(0.0005), "0.5ms");
  EXPECT_EQ(duration_text(8), "8s");
  EXPECT_EQ(duration_text(90.5), "1m30.5s");
  EXPECT_EQ(duration_text(21600), "6h");
  EXPECT_EQ(duration_text(5400), "1h30m");
  EXPECT_EQ(duration_text(86400 * 14), "14d");
  EXPECT_EQ(duration_text(59.9999999), "1m");
}

}  // namespace number_text_test
}  // namespace windtunnel
