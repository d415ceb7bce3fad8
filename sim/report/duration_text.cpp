#include "sim/report/duration_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace windtunnel {

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "-";
  if (seconds < 0) return "-" + duration_text(-seconds);
  if (seconds > 0 && seconds < 1) return fmt::format("{:g}ms", std::round(seconds * 1e6) / 1e3);
  auto whole = static_cast<std::int64_t>(std::floor(seconds));
  double rest = std::round((seconds - static_cast<double>(whole)) * 1e6) / 1e6;
  if (rest >= 1) {
    ++whole;
    rest = 0;
  }
  std::string out;
  if (whole >= 86400) out += fmt::format("{}d", whole / 86400);
  if (whole % 86400 >= 3600) out += fmt::format("{}h", whole % 86400 / 3600);
  if (whole % 3600 >= 60) out += fmt::format("{}m", whole % 3600 / 60);
  const double last = static_cast<double>(whole % 60) + rest;
  if (last > 0 || out.empty()) out += fmt::format("{:g}s", last);
  return out;
}

}  // namespace windtunnel
