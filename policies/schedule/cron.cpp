#include "policies/schedule/cron.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <vector>

#include "policies/expression/problem.hpp"

namespace windtunnel {
namespace {

constexpr int kMinutesOfDay = 1440;

struct Field {
  std::string_view name;
  int low, high;
  std::string_view names;  ///< of three letters each, the first for `low`
};
constexpr std::array<Field, 5> kFields = {{{"minute", 0, 59, ""},
                                           {"hour", 0, 23, ""},
                                           {"day of month", 1, 31, ""},
                                           {"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
                                           {"day of week", 0, 7, "sunmontuewedthufrisat"}}};

std::optional<int> to_number(std::string_view text) {
  int out = 0;
  const auto* end = text.data() + text.size();
  const auto done = std::from_chars(text.data(), end, out);
  if (text.empty() || done.ec != std::errc{} || done.ptr != end) return std::nullopt;
  return out;
}

std::optional<int> value_of(std::string_view text, const Field& field) {
  if (const auto number = to_number(text)) return *number;
  if (text.size() != 3) return std::nullopt;
  std::string lower;
  for (const char c : text) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const auto at = field.names.find(lower);
  if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  return field.low + static_cast<int>(at / 3);
}

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (true) {
    const auto end = text.find(separator);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

/// Bits of the values that one field names. @return false for what is none
bool read_field(std::string_view text, const Field& field, std::uint64_t& bits) {
  for (std::string_view part : parts_of(text, ',')) {
    int step = 1;
    const auto slash = part.find('/');
    if (slash != std::string_view::npos) {
      const auto number = to_number(part.substr(slash + 1));
      if (!number || *number < 1) return false;
      step = *number;
      part = part.substr(0, slash);
    }
    int from = field.low, to = field.high;
    if (part != "*") {
      const auto dash = part.find('-');
      const auto first = value_of(part.substr(0, dash), field);
      if (!first) return false;
      from = *first;
      to = slash != std::string_view::npos ? field.high : from;
      if (dash != std::string_view::npos) {
        const auto last = value_of(part.substr(dash + 1), field);
        if (!last) return false;
        to = *last;
      }
    }
    if (from < field.low || to > field.high || from > to) return false;
    for (int i = from; i <= to; i += step) bits |= std::uint64_t{1} << i;
  }
  return true;
}

}  // namespace

std::optional<CalendarMinute> parse_date(std::string_view text) {
  const bool long_enough = text.size() == 10 || (text.size() == 16 && (text[10] == 'T' || text[10] == ' '));
  if (!long_enough || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = to_number(text.substr(0, 4)), month = to_number(text.substr(5, 2)),
             day = to_number(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970 || *month < 1 || *day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  CalendarMinute out{.days = std::chrono::sys_days{date}.time_since_epoch().count()};
  if (text.size() == 10) return out;
  const auto hour = to_number(text.substr(11, 2)), minute = to_number(text.substr(14, 2));
  if (text[13] != ':' || !hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59)
    return std::nullopt;
  out.minute = *hour * 60 + *minute;
  return out;
}

CalendarMinute later(CalendarMinute from, std::int64_t minutes) {
  const std::int64_t sum = from.minute + minutes;
  const std::int64_t days = sum >= 0 ? sum / kMinutesOfDay : -((-sum + kMinutesOfDay - 1) / kMinutesOfDay);
  return {.days = from.days + days, .minute = static_cast<int>(sum - days * kMinutesOfDay)};
}

std::optional<CronTime> CronTime::parse(std::string_view text, std::string& problem) {
  std::vector<std::string_view> fields;
  for (const auto part : parts_of(text, ' '))
    if (!part.empty()) fields.push_back(part);
  if (fields.size() != kFields.size()) {
    problem = expression::in_quotes(text) + " has " + std::to_string(fields.size()) +
              " fields; cron has five: minute hour day-of-month month day-of-week";
    return std::nullopt;
  }
  std::array<std::uint64_t, 5> bits{};
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    if (read_field(fields[i], kFields[i], bits[i])) continue;
    problem = std::string(kFields[i].name) + " " + expression::in_quotes(fields[i]) + " is not within " +
              std::to_string(kFields[i].low) + " to " + std::to_string(kFields[i].high) +
              "; write *, a number, a range a-b, a list a,b or a step */n";
    return std::nullopt;
  }
  CronTime out;
  out.minutes_ = bits[0];
  out.hours_ = static_cast<std::uint32_t>(bits[1]);
  out.days_ = static_cast<std::uint32_t>(bits[2]);
  out.months_ = static_cast<std::uint32_t>(bits[3]);
  out.weekdays_ = static_cast<std::uint32_t>((bits[4] & 0x7FU) | (bits[4] >> 7U));
  out.any_day_ = fields[2].starts_with('*');
  out.any_weekday_ = fields[4].starts_with('*');
  return out;
}

bool CronTime::matches(const CalendarMinute& at) const {
  const auto bit = [](std::uint64_t bits, unsigned i) { return ((bits >> i) & 1U) != 0; };
  if (!bit(minutes_, static_cast<unsigned>(at.minute % 60)) || !bit(hours_, static_cast<unsigned>(at.minute / 60)))
    return false;
  const std::chrono::sys_days date{std::chrono::days{at.days}};
  const std::chrono::year_month_day day{date};
  if (!bit(months_, static_cast<unsigned>(day.month()))) return false;
  const bool by_day = bit(days_, static_cast<unsigned>(day.day()));
  const bool by_weekday = bit(weekdays_, std::chrono::weekday{date}.c_encoding());
  if (any_day_ || any_weekday_) return by_day && by_weekday;
  return by_day || by_weekday;
}

}  // namespace windtunnel
