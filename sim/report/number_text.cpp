#include "sim/report/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace windtunnel {
namespace {

constexpr std::string_view kNothing = "-";

/// "1234567" as "1,234,567".
std::string grouped(double whole) {
  return fixed_text(whole, 0);
}

/// From a million up, with a suffix.
std::string large(double value) {
  struct Step {
    double size;
    std::string_view suffix;
  };
  constexpr std::array kSteps = {Step{1e15, "P"}, Step{1e12, "T"}, Step{1e9, "G"}, Step{1e6, "M"}};
  for (const Step& step : kSteps)
    if (std::abs(value) >= step.size * 0.9995) {
      const double scaled = value / step.size;
      if (std::abs(scaled) >= 9999.5) return fmt::format("{:.1e}", value);
      const int decimals = std::abs(scaled) >= 99.95 ? 0 : std::abs(scaled) >= 9.995 ? 1 : 2;
      return fmt::format("{:.{}f}{}", scaled, decimals, step.suffix);
    }
  return grouped(value);
}

}  // namespace

std::string count_text(double value) {
  if (!std::isfinite(value)) return std::string(kNothing);
  if (std::abs(value) >= 999499.5) return large(value);
  if (value != std::floor(value) && std::abs(value) < 99.95) return fmt::format("{:.1f}", value);
  return grouped(value);
}

std::string value_text(double value) {
  if (!std::isfinite(value)) return std::string(kNothing);
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (size >= 999499.5) return large(value);
  if (size >= 99.95) return grouped(value);
  if (size >= 9.995) return fmt::format("{:.1f}", value);
  if (size >= 0.9995) return fmt::format("{:.2f}", value);
  if (size >= 0.09995) return fmt::format("{:.3f}", value);
  if (size >= 0.009995) return fmt::format("{:.4f}", value);
  if (size >= 0.0009995) return fmt::format("{:.5f}", value);
  return fmt::format("{:.1e}", value);
}

std::string money_text(double usd) {
  if (!std::isfinite(usd)) return std::string(kNothing);
  if (std::abs(usd) < 0.9995 || std::abs(usd) >= 999499.5) return value_text(usd);
  if (std::abs(usd) >= 9999.5) return grouped(usd);
  const std::string text = fmt::format("{:.2f}", usd);
  return text.size() > 6 ? text.substr(0, 1) + "," + text.substr(1) : text;
}

std::string share_text(double share) {
  if (!std::isfinite(share)) return std::string(kNothing);
  if (share == 0) return "0";
  if (share == 1) return "1";
  if (share > 0.9995 && share < 1) return ">0.999";
  if (share < 0.0005 && share > 0) return "<0.001";
  return fmt::format("{:.3f}", share);
}

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kNothing);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t sign = text.front() == '-' ? 1 : 0;
  for (std::size_t at = point; at > sign + 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string gib_text(double bytes) {
  return value_text(bytes / (1024.0 * 1024.0 * 1024.0));
}

}  // namespace windtunnel
