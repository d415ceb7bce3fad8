// Times of a calendar, as cron writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace windtunnel {

/// A minute of a calendar: days since 1970-01-01 and minutes of the day, both in the calendar's own time zone.
struct CalendarMinute {
  std::int64_t days = 0;
  int minute = 0;  ///< 0 to 1439
  friend bool operator==(const CalendarMinute&, const CalendarMinute&) = default;
};

/// "2025-01-06" or "2025-01-06T08:30"; nothing for what is no date.
std::optional<CalendarMinute> parse_date(std::string_view text);
/// So many minutes later (or, negative, earlier).
CalendarMinute later(CalendarMinute from, std::int64_t minutes);

/// "minute hour day-of-month month day-of-week": each a *, a number, a range, a list of these, with a step: "*/15",
/// "8-18/2", "1,15"; months and weekdays also by their English names (jan, mon). Sunday is 0 and 7. As in Vixie cron, a
/// day matches when day-of-month or day-of-week does, where both are given.
class CronTime {
 public:
  /// @param problem  set to what is wrong where nothing is returned
  static std::optional<CronTime> parse(std::string_view text, std::string& problem);
  [[nodiscard]] bool matches(const CalendarMinute& at) const;

 private:
  std::uint64_t minutes_ = 0;
  std::uint32_t hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
  bool any_day_ = true, any_weekday_ = true;
};

}  // namespace windtunnel
