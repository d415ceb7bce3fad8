#include "sim/workload/timestamp.hpp"

#include <gtest/gtest.h>

namespace windtunnel {
namespace {

TEST(Timestamp, SecondsAreExactToTheNanosecond) {
  EXPECT_EQ(parse_seconds("0").ns, 0);
  EXPECT_EQ(parse_seconds("12").ns, 12'000'000'000);
  EXPECT_EQ(parse_seconds("12.31").ns, 12'310'000'000);
  EXPECT_EQ(parse_seconds("1700158546.680590123").ns, 1'700'158'546'680'590'123);  // a double would lose digits
  EXPECT_EQ(parse_seconds("0.0000000005").ns, 1);                                  // half a nanosecond goes up
  EXPECT_EQ(parse_seconds("0.00000000049").ns, 0);
  EXPECT_EQ(parse_seconds("1.9999999999").ns, 2'000'000'000);
  EXPECT_EQ(parse_seconds("1.5e3").ns, 1'500'000'000'000);
  EXPECT_EQ(parse_seconds("+2.5").ns, 2'500'000'000);
  EXPECT_EQ(parse_seconds("7.").ns, 7'000'000'000);
  EXPECT_EQ(parse_seconds(".5").ns, 500'000'000);
}

TEST(Timestamp, SecondsOfEveryLayoutAreThoseOfTheirDigits) {
  for (std::size_t whole_digits = 1; whole_digits <= 9; ++whole_digits)
    for (std::size_t fraction_digits = 0; fraction_digits <= 9; ++fraction_digits) {
      const std::string whole = std::string("987654321").substr(0, whole_digits);
      const std::string fraction = std::string("102345678").substr(0, fraction_digits);
      const std::int64_t ns = std::stoll(whole) * 1'000'000'000 + std::stoll((fraction + "000000000").substr(0, 9));
      const std::string text = whole + (fraction.empty() ? "" : "." + fraction);
      EXPECT_EQ(parse_seconds(text).ns, ns) << text;
      for (std::size_t at = 0; at < text.size(); ++at) {  // any character that is none is seen, wherever it stands
        std::string broken = text;
        for (const char c : {'/', ':', ' ', '\x80', 'x'}) {
          broken[at] = c;
          EXPECT_FALSE(parse_seconds(broken).wrong.empty()) << broken;
        }
      }
    }
}

TEST(Timestamp, SecondsThatAreNoneSayWhy) {
  EXPECT_EQ(parse_seconds("nan").wrong, "is not finite");
  EXPECT_EQ(parse_seconds("inf").wrong, "is not finite");
  EXPECT_EQ(parse_seconds("-1").wrong, "is negative");
  EXPECT_EQ(parse_seconds("1e300").wrong, "is more than 146 years");
  EXPECT_EQ(parse_seconds("1700158546680").wrong, "is more than 146 years");  // milliseconds by mistake
  EXPECT_EQ(parse_seconds("99999999999999999999999999").wrong, "is more than 146 years");
  for (const char* text : {"", "abc", "1.2.3", "0x10", "1 2", "12s", "1e", "--1", "+-1"})
    EXPECT_FALSE(parse_seconds(text).wrong.empty()) << text;
}

TEST(Timestamp, WallClocksAreExactToTheNanosecond) {
  EXPECT_EQ(parse_wall_clock("1970-01-01 00:00:00").ns, 0);
  EXPECT_EQ(parse_wall_clock("2023-11-16 18:15:46.6805900").ns, 1'700'158'546'680'590'000);
  EXPECT_EQ(parse_wall_clock("2023-11-16T18:15:46.68059Z").ns, 1'700'158'546'680'590'000);
  EXPECT_EQ(parse_wall_clock("2023-11-16T20:15:46+02:00").ns, 1'700'158'546'000'000'000);
  EXPECT_EQ(parse_wall_clock("2023-11-16T13:45:46-0430").ns, 1'700'158'546'000'000'000);
  EXPECT_EQ(parse_wall_clock("2024-02-29 00:00:00").ns, 1'709'164'800'000'000'000);
  EXPECT_EQ(parse_wall_clock("2024-02-29 00:00:00.123456789").ns % 1'000'000'000, 123'456'789);
}

TEST(Timestamp, WallClocksMayHaveSlashesSingleDigitsAndNoSecondsOrTimeOfDay) {
  EXPECT_EQ(parse_wall_clock("2026/07/27 12:00:00.123").ns, parse_wall_clock("2026-07-27 12:00:00.123").ns);
  EXPECT_EQ(parse_wall_clock("2024-10-1 9:05").ns, parse_wall_clock("2024-10-01 09:05:00").ns);
  EXPECT_EQ(parse_wall_clock("2024-1-31").ns, parse_wall_clock("2024-01-31 00:00:00").ns);
  EXPECT_EQ(parse_wall_clock("2024-1-2T9:05:07+02:00").ns, parse_wall_clock("2024-01-02 07:05:07").ns);
}

TEST(Timestamp, NumbersCountTheUnitAskedFor) {
  EXPECT_EQ(parse_in_unit("1700046946680", 1'000'000).ns, 1'700'046'946'680'000'000);
  EXPECT_EQ(parse_in_unit("1.5", 1'000'000).ns, 1'500'000);
  EXPECT_EQ(parse_in_unit("1.5", 1).ns, 2) << "rounded";
  EXPECT_EQ(parse_in_unit("1e3", 1'000).ns, 1'000'000);
  for (const char* text : {"", "-1", "nan", "x", "4600000000001", "1e300"})
    EXPECT_FALSE(parse_in_unit(text, 1'000'000).wrong.empty()) << text;
}

TEST(Timestamp, WallClocksThatAreNoneAreRefused) {
  for (const char* text : {"", "2023-11", "2023-11-16 18", "2023-11/16", "2023-02-29 00:00:00", "2023-13-01 00:00:00",
                           "2023-00-01 00:00:00", "2023-11-16 24:00:00", "2023-11-16 18:60:00", "2023-11-16 18:15:60",
                           "1969-12-31 23:59:59", "2200-01-01 00:00:00", "2023-11-16 18:15:46.",
                           "2023-11-16 18:15:46 PM", "2023/11/16 8:1:4", "2023-11-16 18:15:46+2",
                           "2023-11-16 18:15:46+99:00", "2023-1a-16 18:15:46", "2023-11-16 18:15:4x"})
    EXPECT_FALSE(parse_wall_clock(text).wrong.empty()) << text;
}

TEST(Timestamp, WhatIsPrintedReadsBackTheSame) {
  for (const std::int64_t ns : {0L, 1'700'158'546'680'590'000L, 1'709'164'800'000'000'001L}) {
    EXPECT_EQ(parse_wall_clock(format_wall_clock(ns)).ns, ns);
    EXPECT_EQ(parse_seconds(format_seconds(ns)).ns, ns);
  }
  EXPECT_EQ(format_wall_clock(1'700'158'546'680'590'000), "2023-11-16 18:15:46.68059");
  EXPECT_EQ(format_seconds(12'400'000'000), "12.40");
  EXPECT_EQ(format_seconds(12'345'678'901), "12.345678901");
}

}  // namespace
}  // namespace windtunnel
