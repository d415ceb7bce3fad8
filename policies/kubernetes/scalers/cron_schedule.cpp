#include "policies/kubernetes/scalers/cron_schedule.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <vector>

#include <fmt/format.h>

namespace windtunnel {
namespace {

struct CronBounds {
  std::string_view name;
  int low, high;
};
constexpr std::array<CronBounds, 5> kCronBounds = {
    {{"minute", 0, 59}, {"hour", 0, 23}, {"day of month", 1, 31}, {"month", 1, 12}, {"day of week", 0, 6}}};
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::int64_t kMinutesADay = 24 * 60;
constexpr std::int64_t kHorizonDays = 5 * 366;

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto cut = text.find(by);
    out.push_back(text.substr(0, cut));
    if (cut == std::string_view::npos) return out;
    text.remove_prefix(cut + 1);
  }
}

std::optional<int> cron_number(std::string_view text, int which) {
  int value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && rest == text.data() + text.size() && text.front() != '-') return value;
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (which == 3)
    for (std::size_t i = 0; i < kMonths.size(); ++i)
      if (kMonths[i] == lower) return static_cast<int>(i) + 1;
  if (which == 4)
    for (std::size_t i = 0; i < kWeekdays.size(); ++i)
      if (kWeekdays[i] == lower) return static_cast<int>(i);
  return std::nullopt;
}

std::string_view spelled_out(std::string_view text) {
  if (text == "@yearly" || text == "@annually") return "0 0 1 1 *";
  if (text == "@monthly") return "0 0 1 * *";
  if (text == "@weekly") return "0 0 * * 0";
  if (text == "@daily" || text == "@midnight") return "0 0 * * *";
  if (text == "@hourly") return "0 * * * *";
  return text;
}

std::int64_t day_of(CivilMinutes at) {
  return at >= 0 ? at / kMinutesADay : -((-at + kMinutesADay - 1) / kMinutesADay);
}

}  // namespace

// One field: comma-separated a, a-b, *, each with /step. "a/step" runs to the field's end.
std::string CronSchedule::read_field(std::string_view text, int which, Field& into) {
  const auto& [name, low, high] = kCronBounds[static_cast<std::size_t>(which)];
  const auto refuse = [&](std::string_view part) {
    return fmt::format("\"{}\" is no {} ({} to {})", part, name, low, high);
  };
  for (const auto part : split(text, ',')) {
    const auto step_cut = part.find('/');
    const auto range = part.substr(0, step_cut);
    if (range.empty()) return refuse(part);
    int from = low, to = high, step = 1;
    if (range == "*" || range == "?") {
      into.any = into.any || step_cut == std::string_view::npos;
    } else {
      const auto dash = range.find('-');
      const auto first = cron_number(range.substr(0, dash), which);
      if (!first) return refuse(part);
      from = *first;
      if (dash != std::string_view::npos) {
        const auto last = dash + 1 < range.size() ? cron_number(range.substr(dash + 1), which) : std::nullopt;
        if (!last) return refuse(part);
        to = *last;
      } else if (step_cut == std::string_view::npos) {
        to = from;
      }
    }
    if (step_cut != std::string_view::npos) {
      const auto written = step_cut + 1 < part.size() ? cron_number(part.substr(step_cut + 1), -1) : std::nullopt;
      if (!written || *written < 1) return refuse(part);
      step = *written;
    }
    if (from < low || to > high || from > to) return refuse(part);
    for (int value = from; value <= to; value += std::min(step, high + 1))
      into.values.set(static_cast<std::size_t>(value));
  }
  return {};
}

std::variant<CronSchedule, std::string> CronSchedule::parse(std::string_view text) {
  std::vector<std::string_view> written;
  for (const auto word : split(spelled_out(text), ' '))
    if (!word.empty()) written.push_back(word);
  if (written.size() != 5)
    return fmt::format("has {} fields, not 5: minute, hour, day of month, month, day of week", written.size());
  CronSchedule out;
  for (int i = 0; i < 5; ++i) {
    auto wrong = read_field(written[static_cast<std::size_t>(i)], i, out.fields_[i]);
    if (!wrong.empty()) return wrong;
  }
  return out;
}

// Day of month and day of week: either will do where both are restricted.
bool CronSchedule::matches_day(std::int64_t day) const {
  using namespace std::chrono;
  const sys_days date{days{day}};
  const year_month_day civil{date};
  if (!fields_[3].values.test(static_cast<unsigned>(civil.month()))) return false;
  const bool of_month = fields_[2].values.test(static_cast<unsigned>(civil.day()));
  const bool of_week = fields_[4].values.test(weekday{date}.c_encoding());
  return fields_[2].any || fields_[4].any ? of_month && of_week : of_month || of_week;
}

std::optional<CivilMinutes> CronSchedule::next_after(CivilMinutes at) const {
  const std::int64_t first = day_of(at + 1);
  for (std::int64_t day = first; day < first + kHorizonDays; ++day) {
    if (!matches_day(day)) continue;
    const std::int64_t midnight = day * kMinutesADay;
    for (std::int64_t m = std::max<std::int64_t>(0, at + 1 - midnight); m < kMinutesADay; ++m)
      if (fields_[1].values.test(static_cast<std::size_t>(m / 60)) &&
          fields_[0].values.test(static_cast<std::size_t>(m % 60)))
        return midnight + m;
  }
  return std::nullopt;
}

std::optional<CivilMinutes> parse_civil(std::string_view text) {
  using namespace std::chrono;
  int part[5] = {};
  constexpr std::string_view kShape = "0000-00-00T00:00";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0, which = 0; i < text.size(); ++i) {
    if (kShape[i] != '0') {
      if (text[i] != kShape[i]) return std::nullopt;
      ++which;
    } else {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      part[which] = part[which] * 10 + (text[i] - '0');
    }
  }
  const year_month_day date{year{part[0]}, month{static_cast<unsigned>(part[1])}, day{static_cast<unsigned>(part[2])}};
  if (!date.ok() || part[3] > 23 || part[4] > 59) return std::nullopt;
  return sys_days{date}.time_since_epoch().count() * kMinutesADay + part[3] * 60 + part[4];
}

}  // namespace windtunnel
