#include "sim/scenario/kube_quantity.hpp"

#include <cctype>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "sim/scenario/document.hpp"

namespace windtunnel {
namespace {

/// A suffix: times 10^ten or 2^two.
struct QuantitySuffix {
  std::string_view text;
  int ten, two;
};

constexpr QuantitySuffix kQuantitySuffixes[] = {{"", 0, 0},    {"n", -9, 0},  {"u", -6, 0},  {"m", -3, 0},
                                                {"k", 3, 0},   {"M", 6, 0},   {"G", 9, 0},   {"T", 12, 0},
                                                {"P", 15, 0},  {"E", 18, 0},  {"Ki", 0, 10}, {"Mi", 0, 20},
                                                {"Gi", 0, 30}, {"Ti", 0, 40}, {"Pi", 0, 50}, {"Ei", 0, 60}};

Error no_quantity(std::string_view text) {
  return {
      "", fmt::format("\"{}\" is not a quantity", one_line(text, 60)),
      "write a number with at most one of n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent: 500m, 1.5, 2Gi, 1e3"};
}

/// What stands after the digits: a suffix, or e and a whole number.
bool read_scale(std::string_view rest, int& ten, int& two) {
  for (const auto& suffix : kQuantitySuffixes) {
    if (suffix.text != rest) continue;
    ten += suffix.ten;
    two = suffix.two;
    return true;
  }
  if (rest.size() < 2 || (rest[0] != 'e' && rest[0] != 'E')) return false;
  rest.remove_prefix(1);
  const bool minus = rest[0] == '-';
  if (rest[0] == '-' || rest[0] == '+') rest.remove_prefix(1);
  if (rest.empty() || rest.size() > 2) return false;
  int exponent = 0;
  for (const char c : rest) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return false;
    exponent = exponent * 10 + (c - '0');
  }
  ten += minus ? -exponent : exponent;
  return true;
}

}  // namespace

Result<std::int64_t> parse_quantity_milli(std::string_view text) {
  constexpr __int128 kMost = std::numeric_limits<std::int64_t>::max();
  std::string_view rest = text;
  const bool minus = !rest.empty() && rest[0] == '-';
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) rest.remove_prefix(1);
  __int128 value = 0;
  int ten = 3, digits = 0, two = 0;  // thousandths
  bool point = false, more = false;
  while (!rest.empty() && (std::isdigit(static_cast<unsigned char>(rest[0])) != 0 || (rest[0] == '.' && !point))) {
    if (rest[0] == '.') {
      point = true;
    } else {
      ++digits;
      if (value <= kMost) {
        value = value * 10 + (rest[0] - '0');
        if (point) --ten;
      } else {
        more = more || rest[0] != '0';
        if (!point) ++ten;
      }
    }
    rest.remove_prefix(1);
  }
  if (digits == 0 || !read_scale(rest, ten, two)) return no_quantity(text);
  const Error too_large{"", fmt::format("\"{}\" does not fit 64 bits in thousandths", one_line(text, 60)),
                        "write a smaller quantity"};
  value <<= two;  // below 2^(64 + 60)
  while (ten > 0 && value != 0) {
    if (value > kMost) return too_large;
    value *= 10;
    --ten;
  }
  while (ten < 0 && value != 0) {
    more = more || value % 10 != 0;
    value /= 10;
    ++ten;
  }
  if (more && !minus) ++value;
  if (value > kMost) return too_large;
  return static_cast<std::int64_t>(minus ? -value : value);
}

}  // namespace windtunnel
