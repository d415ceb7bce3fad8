#include "sim/workload/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

#include "sim/core/time.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kNsPerS = 1'000'000'000;
constexpr std::string_view kNotSeconds = "is not a number of seconds";
constexpr std::string_view kNotClock = "is not a wall clock such as 2023-11-16 18:15:46.68";
constexpr std::string_view kTooLate = "is more than 146 years";

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits at `at`, at most `max` of them, as a number; moves `at` behind them. -1 if there is none.
std::int64_t take_digits(std::string_view text, std::size_t& at, std::size_t max) {
  const std::size_t begin = at;
  std::int64_t value = 0;
  while (at < text.size() && at - begin < max && is_digit(text[at])) value = value * 10 + (text[at++] - '0');
  return at == begin ? -1 : value;
}

/// Digits behind the decimal point as nanoseconds, the tenth rounding half up; moves `at` behind all digits.
std::int64_t take_fraction(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  std::int64_t ns = take_digits(text, at, 9);
  if (ns < 0) return ns;
  for (std::size_t digits = at - begin; digits < 9; ++digits) ns *= 10;
  if (at < text.size() && is_digit(text[at]) && text[at] >= '5') ++ns;
  while (at < text.size() && is_digit(text[at])) ++at;
  return ns;
}

/// The slow road: exponents, signs, more digits than a plain number has, and words such as nan.
Stamp parse_any_number(std::string_view text, double seconds_per_unit) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc::result_out_of_range) return {0, "is out of range"};
  if (error != std::errc{} || end != text.data() + text.size()) return {0, kNotSeconds};
  if (!std::isfinite(seconds)) return {0, "is not finite"};
  if (seconds < 0) return {0, "is negative"};
  seconds *= seconds_per_unit;
  if (seconds > kMaxSeconds) return {0, kTooLate};
  return {to_duration(seconds).count()};
}

/// Days since 1970-01-01, or -1 if there is no such day.
std::int64_t days_since_epoch(std::int64_t year, std::int64_t month, std::int64_t day) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  return date.ok() ? sys_days(date).time_since_epoch().count() : -1;
}

/// Zone at the end of a wall clock in seconds east of Greenwich: nothing, Z, UTC, +hh:mm or -hhmm. False for another.
bool take_zone(std::string_view zone, std::int64_t& east_s) {
  east_s = 0;
  if (zone.starts_with(' ')) zone.remove_prefix(1);
  if (zone.empty() || zone == "Z" || zone == "z" || zone == "UTC" || zone == "GMT") return true;
  if (zone.front() != '+' && zone.front() != '-') return false;
  std::size_t at = 1;
  const std::int64_t hours = take_digits(zone, at, 2);
  if (at != 3 || hours > 14) return false;
  if (at < zone.size() && zone[at] == ':') ++at;
  const std::size_t minutes_at = at;
  const std::int64_t minutes = at < zone.size() ? take_digits(zone, at, 2) : 0;
  if (minutes < 0 || minutes > 59 || at != zone.size() || (at != minutes_at && at - minutes_at != 2)) return false;
  east_s = (hours * 3600 + minutes * 60) * (zone.front() == '-' ? -1 : 1);
  return true;
}

/// Letters behind a wall clock, " CEST": whose offset is not said.
bool is_name(std::string_view zone) {
  if (zone.starts_with(' ')) zone.remove_prefix(1);
  return zone.size() >= 2 && std::all_of(zone.begin(), zone.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '/' || c == '_';
         });
}

std::int64_t two_digits(std::string_view text, std::size_t at) {
  return is_digit(text[at]) && is_digit(text[at + 1]) ? (text[at] - '0') * 10 + (text[at + 1] - '0') : 100;
}

std::string fraction_text(std::int64_t ns, std::size_t at_least) {
  std::string digits = fmt::format("{:09}", ns);
  while (digits.size() > at_least && digits.back() == '0') digits.pop_back();
  return digits.empty() ? digits : "." + digits;
}

}  // namespace

namespace {

constexpr std::uint64_t kPowersOfTen[] = {1,       10,        100,        1'000,       10'000,
                                          100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
constexpr std::uint64_t kEachByte = 0x0101010101010101ULL;

std::uint64_t load_eight(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return word;
}

/// Eight digits as they stand in memory (the first in the lowest byte) as a number; false if not all are digits.
bool eight_digits(std::uint64_t word, std::uint64_t& value) {
  const std::uint64_t digits = word ^ (kEachByte * '0');
  if (((digits | (digits + kEachByte * 6)) & (kEachByte * 0xf0)) != 0) return false;
  // Neighbours are joined: to numbers of two digits, of four, of eight (D. Lemire, "Quickly parsing eight digits").
  const std::uint64_t pairs = digits * 10 + (digits >> 8U);
  value = (((pairs & 0x000000ff000000ffULL) * 0x000f424000000064ULL) +
           (((pairs >> 16U) & 0x000000ff000000ffULL) * 0x0000271000000001ULL)) >>
          32U;
  return true;
}

/// At most ten digits, a point and one to seven digits, eight characters or more in all.
bool parse_with_point(std::string_view text, std::uint64_t& whole, std::uint64_t& fraction) {
  const char* const begin = text.data();
  const std::uint64_t tail = load_eight(begin + text.size() - 8);
  const std::uint64_t differs = tail ^ (kEachByte * '.');
  const std::uint64_t points = (differs - kEachByte) & ~differs & (kEachByte * 0x80);  // the lowest one is right
  if (points == 0) return false;
  const auto behind = static_cast<unsigned>(std::countr_zero(points)) + 1;  // bits up to the point and with it
  const std::size_t fraction_size = 8 - behind / 8;
  const std::size_t whole_size = text.size() - fraction_size - 1;
  if (fraction_size == 0 || whole_size == 0 || whole_size > 10) return false;
  const std::uint64_t zeros = kEachByte * '0';
  const std::uint64_t before = (std::uint64_t{1} << behind) - 1;
  if (!eight_digits((tail & ~before) | (zeros & before), fraction)) return false;
  fraction *= kPowersOfTen[9 - fraction_size];
  if (whole_size < 8) {
    const auto shift = static_cast<unsigned>(8 * (8 - whole_size));
    return eight_digits(load_eight(begin) << shift | (zeros & ((std::uint64_t{1} << shift) - 1)), whole);
  }
  if (!eight_digits(load_eight(begin), whole)) return false;
  for (std::size_t at = 8; at < whole_size; ++at) {
    if (!is_digit(begin[at])) return false;
    whole = whole * 10 + static_cast<std::uint64_t>(begin[at] - '0');
  }
  return true;
}

bool parse_digit_by_digit(std::string_view text, std::uint64_t& whole, std::uint64_t& fraction) {
  const char* at = text.data();
  const char* const end = at + text.size();
  whole = fraction = 0;  // what wraps here is refused below
  const char* begin = at;
  while (at != end && is_digit(*at)) whole = whole * 10 + static_cast<std::uint64_t>(*at++ - '0');
  if (at == begin || at - begin > 10) return false;
  if (at == end) return true;
  if (*at++ != '.') return false;
  begin = at;
  while (at != end && is_digit(*at)) fraction = fraction * 10 + static_cast<std::uint64_t>(*at++ - '0');
  if (at != end || at == begin || at - begin > 9) return false;
  fraction *= kPowersOfTen[9 - (at - begin)];
  return true;
}

}  // namespace

bool parse_short_seconds(std::string_view text, std::int64_t& ns) {
  if (text.size() > 20) return false;
  std::uint64_t whole = 0, fraction = 0;
  const bool at_once = std::endian::native == std::endian::little && text.size() >= 8;
  if (!(at_once && parse_with_point(text, whole, fraction)) && !parse_digit_by_digit(text, whole, fraction))
    return false;
  if (whole >= static_cast<std::uint64_t>(kMaxSeconds)) return false;
  ns = static_cast<std::int64_t>(whole * kNsPerS + fraction);
  return true;
}

Stamp parse_seconds(std::string_view text) {
  std::int64_t short_ns = 0;
  if (parse_short_seconds(text, short_ns)) return {short_ns};
  std::size_t at = 0;
  const std::int64_t whole = take_digits(text, at, 10);  // 10 digits: over the limit, far from overflow
  if (whole < 0) return parse_any_number(text, 1);
  std::int64_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (at < text.size()) fraction = take_fraction(text, at);
  }
  if (at != text.size() || fraction < 0) return parse_any_number(text, 1);
  if (whole >= static_cast<std::int64_t>(kMaxSeconds)) return {0, kTooLate};
  return {whole * kNsPerS + fraction};
}

Stamp parse_in_unit(std::string_view text, std::int64_t ns_per_unit) {
  if (ns_per_unit == kNsPerS) return parse_seconds(text);
  std::size_t at = 0;
  const std::int64_t whole = take_digits(text, at, 18);
  std::int64_t billionths = 0;
  if (whole >= 0 && at < text.size() && text[at] == '.') {
    ++at;
    if (at < text.size()) billionths = take_fraction(text, at);
  }
  if (whole < 0 || at != text.size() || billionths < 0) {  // exponents, signs and words
    Stamp stamp = parse_any_number(text, static_cast<double>(ns_per_unit) / static_cast<double>(kNsPerS));
    if (stamp.wrong == kNotSeconds) stamp.wrong = "is not a number";
    return stamp;
  }
  if (whole > static_cast<std::int64_t>(kMaxSeconds) * (kNsPerS / ns_per_unit)) return {0, kTooLate};
  return {whole * ns_per_unit + (billionths * ns_per_unit + kNsPerS / 2) / kNsPerS};
}

bool looks_like_wall_clock(std::string_view text) {
  return text.size() >= 8 && is_digit(text[0]) && (text[4] == '-' || text[4] == '/');
}

namespace {

/// The slow road: "2024-10-1 9:05" and its like. Rewritten to the usual layout, so that one set of rules judges it.
std::string usual_layout(std::string_view text) {
  std::size_t at = 0;
  std::int64_t parts[5] = {0, 1, 1, 0, 0};  // year, month, day, hour, minute
  std::string seconds = ":00";
  const char dash = text.size() > 4 ? text[4] : '\0';
  const auto take = [&](int part, char before) {
    if (part > 0) {
      if (at == text.size() || text[at] != before) return false;
      ++at;
    }
    parts[part] = take_digits(text, at, part == 0 ? 4 : 2);
    return parts[part] >= 0;
  };
  if ((dash != '-' && dash != '/') || !take(0, ' ') || at != 4 || !take(1, dash) || !take(2, dash)) return {};
  if (at < text.size() && text[at] == 'T' ? take(3, 'T') : take(3, ' ')) {
    if (!take(4, ':')) return {};
    if (at < text.size() && text[at] == ':') {
      seconds = text.substr(at);
      at = text.size();
    }
  } else if (at != text.size()) {
    return {};
  }
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}{}{}", parts[0], parts[1], parts[2],
                     std::max<std::int64_t>(parts[3], 0), parts[4], seconds, text.substr(at));
}

Stamp parse_usual_wall_clock(std::string_view text) {
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' ||
      text[16] != ':')
    return {0, kNotClock};
  const std::int64_t year = two_digits(text, 0) * 100 + two_digits(text, 2);
  const std::int64_t month = two_digits(text, 5), day = two_digits(text, 8);
  const std::int64_t hour = two_digits(text, 11), minute = two_digits(text, 14), second = two_digits(text, 17);
  if (two_digits(text, 0) > 99 || two_digits(text, 2) > 99 || month > 99 || day > 99 || hour > 99)
    return {0, kNotClock};
  if (year < 1970 || year > 2199) return {0, "is outside the years 1970 to 2199"};
  const std::int64_t days = days_since_epoch(year, month, day);
  if (days < 0 || hour > 23 || minute > 59 || second > 59) return {0, "is no date and time of the calendar"};
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    fraction = take_fraction(text, at);
  }
  std::int64_t east_s = 0;
  const std::string_view zone = text.substr(at);
  if (fraction < 0) return {0, kNotClock};
  if (!take_zone(zone, east_s)) return {0, is_name(zone) ? kNamedZone : kNotClock};
  return {.ns = (days * 86400 + hour * 3600 + minute * 60 + second - east_s) * kNsPerS + fraction,
          .zoned = !zone.empty()};
}

}  // namespace

Stamp parse_wall_clock(std::string_view text) {
  if (text.size() < 19 || text.size() > 64 || text[4] != '-' || text[7] != '-' || text[10] == '-' || text[13] != ':' ||
      text[16] != ':') {
    const std::string usual = text.size() <= 64 ? usual_layout(text) : std::string{};
    if (usual.size() < 19 || usual[16] != ':' || usual.size() > 80) return {0, kNotClock};
    return parse_usual_wall_clock(usual);
  }
  return parse_usual_wall_clock(text);
}

std::string format_wall_clock(std::int64_t ns) {
  using namespace std::chrono;
  const sys_time<nanoseconds> at{nanoseconds(ns)};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<nanoseconds> time{at - day};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), fraction_text(time.subseconds().count(), 0));
}

std::string format_seconds(std::int64_t ns) {
  const std::int64_t magnitude = ns < 0 ? -ns : ns;
  return fmt::format("{}{}{}", ns < 0 ? "-" : "", magnitude / kNsPerS, fraction_text(magnitude % kNsPerS, 2));
}

}  // namespace windtunnel
