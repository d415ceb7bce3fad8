// A crontab line of five fields: minute, hour, day of month, month, day of week.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace windtunnel {

/// Civil time in minutes since 1970-01-01 00:00, in whatever zone the caller means.
using CivilMinutes = std::int64_t;

class CronSchedule {
 public:
  /// Numbers, names of months and weekdays, *, ?, lists, ranges and steps, and @hourly and its kin, as robfig/cron
  /// reads them. @return the schedule, or what is wrong with the text
  static std::variant<CronSchedule, std::string> parse(std::string_view text);

  /// The first minute after `at` that matches; none within five years: the line never does.
  [[nodiscard]] std::optional<CivilMinutes> next_after(CivilMinutes at) const;

 private:
  struct Field {
    std::bitset<64> values;
    bool any = false;  ///< written * or ?
  };
  static std::string read_field(std::string_view text, int which, Field& into);
  [[nodiscard]] bool matches_day(std::int64_t day) const;

  Field fields_[5];
};

/// "2026-01-05T00:00". @return nothing for another text or a date that does not exist
std::optional<CivilMinutes> parse_civil(std::string_view text);

}  // namespace windtunnel
