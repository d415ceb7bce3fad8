#include "sim/scenario/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "sim/core/time.hpp"

namespace windtunnel {
namespace {

struct Unit {
  std::string_view name;
  double factor;
  double divisor = 1;  // below one: dividing by a whole number rounds better than multiplying by its inverse
};

constexpr Unit kTimeUnits[] = {{"d", 86400},    {"h", 3600},    {"min", 60},    {"m", 60},     {"s", 1},
                               {"ms", 1, 1000}, {"us", 1, 1e6}, {"µs", 1, 1e6}, {"ns", 1, 1e9}};
constexpr Unit kByteUnits[] = {{"B", 1},
                               {"k", 1e3},
                               {"K", 1e3},
                               {"kB", 1e3},
                               {"KB", 1e3},
                               {"M", 1e6},
                               {"MB", 1e6},
                               {"G", 1e9},
                               {"GB", 1e9},
                               {"T", 1e12},
                               {"TB", 1e12},
                               {"Ki", 1024.0},
                               {"KiB", 1024.0},
                               {"Mi", 1048576.0},
                               {"MiB", 1048576.0},
                               {"Gi", 1073741824.0},
                               {"GiB", 1073741824.0},
                               {"Ti", 1099511627776.0},
                               {"TiB", 1099511627776.0}};
constexpr Unit kPerUnits[] = {{"/s", 1}, {"/min", 1, 60}, {"/m", 1, 60}, {"/h", 1, 3600}, {"/d", 1, 86400}};
constexpr double kMaxBytes = 9007199254740992.0;  // 2^53: held exactly in a double

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  for (const auto& unit : units)
    if (unit.name == name) return &unit;
  return nullptr;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Error wrong(std::string_view text, std::string_view what, std::string hint) {
  return Error{"", fmt::format("{} {}", text, what), std::move(hint)};
}

struct Scanned {
  double value;
  std::string_view rest;
};

/// The number at the front of `text`, and what follows it.
Result<Scanned> scan_number(std::string_view text, std::string_view whole, const std::string& example) {
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  const std::size_t digits = i;
  while (i < text.size() && is_digit(text[i])) ++i;
  if (i == digits) {
    std::string_view bare = text.substr(digits);
    if (bare.substr(0, 4) == ".inf" || bare.substr(0, 4) == ".nan" || bare.substr(0, 3) == "inf" ||
        bare.substr(0, 3) == "nan" || bare.substr(0, 4) == ".Inf" || bare.substr(0, 4) == ".NaN")
      return wrong(whole, "is not a finite number", "write " + example);
    return wrong(whole, "is not a number", "write " + example);
  }
  if (i - digits > 1 && text[digits] == '0')
    return wrong(whole, "has a leading zero, which YAML reads as octal", "leave the zero out");
  if (i < text.size() && text[i] == '.') {
    const std::size_t point = i++;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == point + 1) return wrong(whole, "has no digits after its point", "write " + example);
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t j = i + 1;
    if (j < text.size() && (text[j] == '-' || text[j] == '+')) ++j;
    const std::size_t exponent = j;
    while (j < text.size() && is_digit(text[j])) ++j;
    if (j > exponent) i = j;
  }
  if (i - digits == 1 && text[digits] == '0' && i < text.size() && (text[i] == 'x' || text[i] == 'o' || text[i] == 'b'))
    return wrong(whole, "is not a plain decimal number", "write it in decimal");
  double value = 0;
  const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
  const auto [end, code] = std::from_chars(begin, text.data() + i, value);
  if (code != std::errc{} || end != text.data() + i || !std::isfinite(value))
    return wrong(whole, "is too large or too small for a number", "write " + example);
  return Scanned{value, text.substr(i)};
}

/// What a text with another unit is, so that the message can say so; empty when nothing fits.
std::string_view kind_of_unit(std::string_view unit) {
  if (find_unit(kTimeUnits, unit) != nullptr) return "duration";
  if (find_unit(kByteUnits, unit) != nullptr) return "size in bytes";
  if (find_unit(kPerUnits, unit) != nullptr) return "rate";
  if (unit.size() > 2 && unit.substr(unit.size() - 2) == "/s" &&
      find_unit(kByteUnits, unit.substr(0, unit.size() - 2)) != nullptr)
    return "bandwidth";
  return {};
}

Error wrong_unit(std::string_view text, std::string_view unit, std::string_view wanted, const std::string& example) {
  const auto kind = kind_of_unit(unit);
  const auto what =
      kind.empty() ? fmt::format("has the unknown unit \"{}\"", unit) : fmt::format("is a {}, not a {}", kind, wanted);
  return wrong(text, what, "a " + std::string(wanted) + " is written " + example);
}

/// One number with one unit out of `units`.
Result<double> parse_single(std::string_view text, std::span<const Unit> units, std::string_view wanted,
                            const std::string& example, std::string_view default_unit) {
  auto scanned = scan_number(text, text, example);
  if (!scanned) return scanned.problems();
  if (scanned->rest.empty()) {
    if (scanned->value == 0) return 0.0;
    return wrong(text, "has no unit", fmt::format("write {}{}", text, default_unit));
  }
  const Unit* unit = find_unit(units, scanned->rest);
  if (unit == nullptr) return wrong_unit(text, scanned->rest, wanted, example);
  if (scanned->value < 0) return wrong(text, "is negative", fmt::format("a {} is 0 or more", wanted));
  return scanned->value * unit->factor / unit->divisor;
}

}  // namespace

Result<double> parse_number(std::string_view text) {
  auto scanned = scan_number(text, text, "a plain number such as 0.7");
  if (!scanned) return scanned.problems();
  if (!scanned->rest.empty())
    return wrong(text, "is not a plain number", fmt::format("write it without \"{}\"", scanned->rest));
  return scanned->value;
}

Result<double> parse_duration_s(std::string_view text) {
  static const std::string example = "5s, 250ms or 1h30m";
  double total = 0;
  double previous = kMaxSeconds * 1e9;
  std::string_view rest = text;
  if (rest.empty()) return wrong("an empty text", "is not a duration", "write " + example);
  while (!rest.empty()) {
    auto scanned = scan_number(rest, text, example);
    if (!scanned) return scanned.problems();
    rest = scanned->rest;
    std::size_t length = 0;
    while (length < rest.size() && !is_digit(rest[length]) && rest[length] != '.' && rest[length] != '-') ++length;
    const auto name = rest.substr(0, length);
    rest = rest.substr(length);
    if (name.empty() && rest.empty() && total == 0 && scanned->value == 0) return 0.0;
    if (name.empty()) return wrong(text, "has no unit", fmt::format("write {}s", text));
    const Unit* unit = find_unit(kTimeUnits, name);
    if (unit == nullptr) return wrong_unit(text, name, "duration", example);
    if (scanned->value < 0) return wrong(text, "is negative", "a duration is 0 or more");
    const double size = unit->factor / unit->divisor;
    if (size >= previous) return wrong(text, "does not go from the larger unit to the smaller", "write " + example);
    previous = size;
    total += scanned->value * unit->factor / unit->divisor;
  }
  if (total > kMaxSeconds) return wrong(text, "is longer than a run can be", "the longest is 4.6e9s, about 145 years");
  return total;
}

Result<double> parse_bytes(std::string_view text) {
  auto value = parse_single(text, kByteUnits, "size in bytes", "16GiB, 500Mi or 1.13GB", "B");
  if (!value) return value;
  if (*value > kMaxBytes) return wrong(text, "is more than can be counted", "the largest size is 8192TiB");
  return std::round(*value);
}

Result<double> parse_bandwidth(std::string_view text) {
  static const std::string example = "200MB/s";
  if (text.size() > 2 && text.substr(text.size() - 2) == "/s") {
    auto value = parse_single(text.substr(0, text.size() - 2), kByteUnits, "bandwidth", example, "MB");
    if (value) return value;
    return wrong(text, "is not a bandwidth", "a bandwidth is written " + example);
  }
  if (text == "0") return 0.0;
  auto bytes = parse_bytes(text);
  if (bytes && *bytes > 0) return wrong(text, "is a size, not a bandwidth", fmt::format("write {}/s", text));
  return wrong(text, "is not a bandwidth", "a bandwidth is written " + example);
}

Result<double> parse_rate(std::string_view text) {
  return parse_single(text, kPerUnits, "rate", "0.8/s, 12/min or 40/h", "/s");
}

Result<double> parse_price(std::string_view text) {
  static const std::string example = "1.01/h (USD an hour)";
  auto scanned = scan_number(text, text, example);
  if (!scanned) return scanned.problems();
  if (scanned->rest.empty() && scanned->value == 0) return 0.0;
  if (scanned->rest.empty()) return wrong(text, "has no unit", fmt::format("write {}/h for USD an hour", text));
  if (scanned->rest != "/h") return wrong(text, "is not a price", "a price is written " + example);
  if (scanned->value < 0) return wrong(text, "is negative", "a price is 0 or more");
  return scanned->value;
}

std::string format_number(double value) {
  return fmt::format("{}", value);
}

std::string format_duration(double seconds) {
  if (seconds == 0) return "0s";
  for (const auto& [name, size] : {std::pair{"d", 86400.0}, {"h", 3600.0}, {"m", 60.0}})
    if (std::fmod(seconds, size) == 0) return fmt::format("{}{}", seconds / size, name);
  return fmt::format("{}s", seconds);
}

std::string format_bytes(double bytes) {
  if (bytes == 0) return "0B";
  for (const auto& [name, size] : {std::pair{"TiB", 1099511627776.0},
                                   {"GiB", 1073741824.0},
                                   {"MiB", 1048576.0},
                                   {"GB", 1e9},
                                   {"MB", 1e6},
                                   {"KiB", 1024.0},
                                   {"KB", 1e3}})
    if (std::fmod(bytes, size) == 0) return fmt::format("{}{}", bytes / size, name);
  return fmt::format("{:.0f}B", bytes);
}

std::string format_bandwidth(double bytes_per_s) {
  if (std::fmod(bytes_per_s, 1.0) == 0) return format_bytes(bytes_per_s) + "/s";
  return fmt::format("{}B/s", bytes_per_s);
}
std::string format_rate(double per_s) {
  return fmt::format("{}/s", per_s);
}
std::string format_price(double usd_per_hour) {
  return fmt::format("{}/h", usd_per_hour);
}

}  // namespace windtunnel
