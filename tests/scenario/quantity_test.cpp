#include "sim/scenario/quantity.hpp"

#include <gtest/gtest.h>

namespace windtunnel {
namespace quantity_test {

std::string problem(const Result<double>& result) {
  return result ? "" : result.problems().front().text();
}

TEST(Quantity, DurationsCarryEveryUnit) {
  EXPECT_DOUBLE_EQ(*parse_duration_s("5s"), 5);
  EXPECT_DOUBLE_EQ(*parse_duration_s("250ms"), 0.25);
  EXPECT_DOUBLE_EQ(*parse_duration_s("2us"), 2e-6);
  EXPECT_DOUBLE_EQ(*parse_duration_s("100ns"), 1e-7);
  EXPECT_DOUBLE_EQ(*parse_duration_s("1h30m"), 5400);
  EXPECT_DOUBLE_EQ(*parse_duration_s("1d"), 86400);
  EXPECT_DOUBLE_EQ(*parse_duration_s("2min"), 120);
  EXPECT_DOUBLE_EQ(*parse_duration_s("1.5h"), 5400);
  EXPECT_DOUBLE_EQ(*parse_duration_s("1e3s"), 1000);
}

TEST(Quantity, BytesAreDecimalOrBinaryAsWritten) {
  EXPECT_EQ(*parse_bytes("16GiB"), 16.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(*parse_bytes("500Mi"), 500.0 * 1024 * 1024);
  EXPECT_EQ(*parse_bytes("1.13GB"), 1.13e9);
  EXPECT_EQ(*parse_bytes("2G"), 2e9);
  EXPECT_EQ(*parse_bytes("300k"), 3e5);
  EXPECT_EQ(*parse_bytes("512B"), 512);
}

TEST(Quantity, RatesPricesAndBandwidthsNameTheirTime) {
  EXPECT_DOUBLE_EQ(*parse_rate("0.8/s"), 0.8);
  EXPECT_DOUBLE_EQ(*parse_rate("12/min"), 0.2);
  EXPECT_DOUBLE_EQ(*parse_rate("36/h"), 0.01);
  EXPECT_DOUBLE_EQ(*parse_price("1.01/h"), 1.01);
  EXPECT_DOUBLE_EQ(*parse_bandwidth("200MB/s"), 2e8);
}

TEST(Quantity, ABareNumberShowsTheWayOut) {
  EXPECT_EQ(problem(parse_duration_s("60")), "60 has no unit; write 60s");
  EXPECT_EQ(problem(parse_bytes("1024")), "1024 has no unit; write 1024B");
  EXPECT_EQ(problem(parse_rate("3")), "3 has no unit; write 3/s");
  EXPECT_EQ(problem(parse_price("1")), "1 has no unit; write 1/h for USD an hour");
}

TEST(Quantity, ABareZeroNeedsNoUnit) {
  EXPECT_EQ(*parse_duration_s("0"), 0);
  EXPECT_EQ(*parse_bytes("0"), 0);
  EXPECT_EQ(*parse_rate("0"), 0);
  EXPECT_EQ(*parse_bandwidth("0"), 0);
}

TEST(Quantity, AnotherUnitIsCalledByItsName) {
  EXPECT_EQ(problem(parse_duration_s("3/s")),
            "3/s is a rate, not a duration; a duration is written 5s, 250ms or 1h30m");
  EXPECT_EQ(problem(parse_rate("3s")), "3s is a duration, not a rate; a rate is written 0.8/s, 12/min or 40/h");
  EXPECT_EQ(problem(parse_duration_s("5sec")),
            "5sec has the unknown unit \"sec\"; a duration is written 5s, 250ms or 1h30m");
  EXPECT_EQ(problem(parse_bandwidth("200MB")), "200MB is a size, not a bandwidth; write 200MB/s");
}

TEST(Quantity, NegativeQuantitiesAreRefused) {
  EXPECT_EQ(problem(parse_rate("-3/s")), "-3/s is negative; a rate is 0 or more");
  EXPECT_EQ(problem(parse_duration_s("-5s")), "-5s is negative; a duration is 0 or more");
  EXPECT_FALSE(parse_duration_s("1h-5m"));
}

TEST(Quantity, OnlyPlainDecimalNumbersAreNumbers) {
  EXPECT_EQ(*parse_number("-0.5"), -0.5);
  EXPECT_EQ(*parse_number("1e6"), 1e6);
  for (const char* bad : {"010", "0x10", "0o7", ".inf", "-.inf", ".nan", "nan", "inf", "1e999", "1.", ".5", "", "-",
                          "1_000", "1 000", "five"})
    EXPECT_FALSE(parse_number(bad)) << bad;
  EXPECT_EQ(problem(parse_number("010")), "010 has a leading zero, which YAML reads as octal; leave the zero out");
  EXPECT_EQ(problem(parse_number(".inf")), ".inf is not a finite number; write a plain number such as 0.7");
}

TEST(Quantity, TooLongOrTooLargeIsRefused) {
  EXPECT_FALSE(parse_duration_s("200000d"));
  EXPECT_FALSE(parse_bytes("10000TiB"));
  EXPECT_FALSE(parse_duration_s("5m1h"));
  EXPECT_FALSE(parse_duration_s(""));
  EXPECT_FALSE(parse_duration_s("1h30"));
}

TEST(Quantity, WhatIsWrittenReadsBackAsTheSameValue) {
  for (const double s : {0.0, 0.49, 1e-9, 1.0 / 3, 90.0, 5400.0, 86400.0, 1e6 + 0.1, 4.6e9})
    EXPECT_EQ(*parse_duration_s(format_duration(s)), s) << format_duration(s);
  for (const double b : {0.0, 1.0, 512.0, 1.13e9, 2.03e9, 5e8 + 1, 1073741824.0, 9007199254740991.0})
    EXPECT_EQ(*parse_bytes(format_bytes(b)), b) << format_bytes(b);
  for (const double r : {0.8, 1.0 / 3600, 3276.8}) EXPECT_EQ(*parse_rate(format_rate(r)), r);
  EXPECT_EQ(*parse_bandwidth(format_bandwidth(2e8)), 2e8);
  EXPECT_EQ(format_duration(5400), "90m");
  EXPECT_EQ(format_duration(0.25), "0.25s");
  EXPECT_EQ(format_bytes(16.0 * 1024 * 1024 * 1024), "16GiB");
}

}  // namespace quantity_test
}  // namespace windtunnel
