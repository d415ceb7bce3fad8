#include "policies/schedule/date.hpp"

#include <charconv>
#include <chrono>

namespace windtunnel {
namespace {

std::optional<int> date_digits(std::string_view text) {
  int out = 0;
  const auto* end = text.data() + text.size();
  const auto done = std::from_chars(text.data(), end, out);
  if (done.ec != std::errc{} || done.ptr != end || out < 0) return std::nullopt;
  return out;
}

}  // namespace

std::optional<CivilMinutes> parse_date(std::string_view text) {
  const bool with_time = text.size() == 16 && (text[10] == 'T' || text[10] == ' ') && text[13] == ':';
  if ((text.size() != 10 && !with_time) || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = date_digits(text.substr(0, 4)), month = date_digits(text.substr(5, 2)),
             day = date_digits(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const CivilMinutes midnight = std::chrono::sys_days{date}.time_since_epoch().count() * CivilMinutes{1440};
  if (!with_time) return midnight;
  const auto hour = date_digits(text.substr(11, 2)), minute = date_digits(text.substr(14, 2));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return midnight + *hour * 60 + *minute;
}

}  // namespace windtunnel
