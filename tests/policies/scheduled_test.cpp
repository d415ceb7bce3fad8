// scheduled: levels by the clock of the run, and by a calendar.
#include <gtest/gtest.h>

#include "policies/schedule/date.hpp"
#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using testing_support::Given;
using Numbers = std::vector<double>;

int level(ScalingPolicy& policy, double now_s) {
  Observation o = testing_support::seen(1, 1);
  o.now_s = now_s;
  return policy.decide(o).desired_replicas;
}

std::string schedule_complaint(const Given& given) {
  return check_policy("scheduled", testing_support::policy_params("scheduled", given));
}

constexpr double kHour = 3600;

TEST(Scheduled, HoldsTheLevelWhoseTimeCameLast) {
  const auto policy =
      testing_support::policy("scheduled", {{"at", Numbers{0, 15, 30}}, {"replicas", Numbers{8, 4, 6}}});
  EXPECT_EQ(level(*policy, 14.999), 8);
  EXPECT_EQ(level(*policy, 15), 4);
  EXPECT_EQ(level(*policy, 29), 4);
  EXPECT_EQ(level(*policy, 1e6), 6);
}

TEST(Scheduled, BeginsAnewWithEachPeriod) {
  const auto policy = testing_support::policy(
      "scheduled", {{"at", Numbers{8 * kHour, 20 * kHour}}, {"replicas", Numbers{6, 2}}, {"period", 24 * kHour}});
  EXPECT_EQ(level(*policy, 0), 2) << "as yesterday evening";
  EXPECT_EQ(level(*policy, 9 * kHour), 6);
  EXPECT_EQ(level(*policy, 24 * kHour), 2);
  EXPECT_EQ(level(*policy, 32 * kHour), 6);
}

TEST(Scheduled, FollowsACalendar) {
  const auto policy = testing_support::policy(
      "scheduled", {{"calendar", std::string("0 8 * * 1-5 = 6; 30 18 * * mon-fri = 2; 0 10 * * sat = 3")},
                    {"begins", std::string("2025-01-10")}});  // a Friday
  EXPECT_EQ(level(*policy, 0), 2) << "since Thursday evening";
  EXPECT_EQ(level(*policy, 8 * kHour), 6);
  EXPECT_EQ(level(*policy, 18.5 * kHour - 60), 6);
  EXPECT_EQ(level(*policy, 18.5 * kHour), 2);
  EXPECT_EQ(level(*policy, 33 * kHour), 2);
  EXPECT_EQ(level(*policy, 34 * kHour), 3);
  EXPECT_EQ(level(*policy, 70 * kHour), 3) << "all Sunday";
  EXPECT_EQ(level(*policy, 80 * kHour), 6) << "Monday at eight";
}

TEST(Scheduled, OfTwoTimesTheLaterInTheListHolds) {
  const auto policy = testing_support::policy("scheduled", {{"calendar", std::string("0 * * * * = 3; 0 8 * * * = 7")}});
  EXPECT_EQ(level(*policy, 7.5 * kHour), 3);
  EXPECT_EQ(level(*policy, 8 * kHour), 7);
  EXPECT_EQ(level(*policy, 9 * kHour), 3);
}

TEST(Scheduled, ReadsDates) {
  EXPECT_EQ(parse_date("1970-01-02"), 1440);
  EXPECT_EQ(parse_date("2024-02-29T08:30"), parse_date("2024-02-29").value_or(0) + 510);
  for (const auto* text : {"2025-02-29", "2025-1-6", "2025-01-06T24:00", "2025-01-06 08:3", "1969-12-31", ""})
    EXPECT_FALSE(parse_date(text).has_value()) << text;
}

TEST(Scheduled, RefusesWhatIsNoSchedule) {
  EXPECT_NE(schedule_complaint({}).find("there is no schedule"), std::string::npos);
  EXPECT_NE(schedule_complaint({{"at", Numbers{0, 5}}, {"replicas", Numbers{1}}}).find("one level for each time"),
            std::string::npos);
  EXPECT_NE(schedule_complaint({{"at", Numbers{5, 5}}, {"replicas", Numbers{1, 2}}}).find("sort them"),
            std::string::npos);
  EXPECT_NE(schedule_complaint({{"at", Numbers{0}}, {"replicas", Numbers{1.5}}}).find("whole number"),
            std::string::npos);
  EXPECT_NE(schedule_complaint({{"calendar", std::string("0 25 * * * = 3")}}).find("25"), std::string::npos);
  EXPECT_NE(schedule_complaint({{"calendar", std::string("0 8 * * = 3")}}).find("calendar: \"0 8 * *\""),
            std::string::npos);
  EXPECT_NE(schedule_complaint({{"calendar", std::string("0 8 * * *")}}).find("is no level"), std::string::npos);
  EXPECT_NE(schedule_complaint({{"calendar", std::string("0 8 * * * = 1")}, {"begins", std::string("2025-02-30")}})
                .find("is no date"),
            std::string::npos);
}

}  // namespace
}  // namespace windtunnel
