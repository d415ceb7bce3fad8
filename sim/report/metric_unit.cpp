#include "sim/report/metric_unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "sim/report/number_text.hpp"
#include "sim/scenario/overlay.hpp"

namespace windtunnel {
namespace {

constexpr int kMostDecimals = 9;
constexpr std::size_t kLongestExact = 9;

/// How a unit is shown: divided by `size`, followed by `suffix`.
struct Shown {
  double size;
  std::string_view suffix;
};

Shown shown(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::plain: break;
    case MetricUnit::seconds: return {1, " s"};
    case MetricUnit::bytes: return {1024.0 * 1024.0 * 1024.0, " GiB"};
    case MetricUnit::per_second: return {1, " /s"};
    case MetricUnit::usd: return {1, " USD"};
    case MetricUnit::hours: return {1, " h"};
  }
  return {1, ""};
}

/// Decimals that show `digits` significant ones.
int decimals_for(double value, int digits) {
  const int leading = value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(value))));
  return std::clamp(digits - 1 - leading, 0, kMostDecimals);
}

bool is_whole(double value) {
  return value == std::floor(value);
}

}  // namespace

MetricUnit metric_unit(std::string_view path) {
  struct Ending {
    std::string_view text;
    MetricUnit unit;
  };
  constexpr std::array kEndings = {Ending{"_per_s", MetricUnit::per_second},  // before _s, in which it ends too
                                   Ending{"_s", MetricUnit::seconds}, Ending{"_bytes", MetricUnit::bytes},
                                   Ending{"_usd", MetricUnit::usd}, Ending{"_hours", MetricUnit::hours}};
  const auto parts = split_path(path).value_or(std::vector<std::string>{});
  if (parts.empty() || parts[0] == "sources") return MetricUnit::plain;  // rows, under names the user chose
  const std::size_t named = parts[0] == "models" || parts[0] == "pipelines" ? 2 : 0;
  for (std::size_t i = parts.size(); i-- > named;)
    for (const Ending& ending : kEndings)
      if (parts[i].ends_with(ending.text)) return ending.unit;
  return MetricUnit::plain;
}

bool is_count(std::string_view path) {
  constexpr std::array<std::string_view, 16> kCounts = {
      "changes", "replaced", "ooms", "samples",       "queries", "kills",       "oom_events", "restarts",
      "scaling", "waited",   "rows", "nodes_ordered", "dropped", "at_or_below", "refused",    "node_scaling"};
  auto parts = split_path(path).value_or(std::vector<std::string>{});
  const bool is_named = !parts.empty() && (parts[0] == "models" || parts[0] == "pipelines" || parts[0] == "sources");
  if (is_named && parts.size() > 1) parts[1].clear();  // the user's name, whatever it says
  return std::find_first_of(parts.begin(), parts.end(), kCounts.begin(), kCounts.end()) != parts.end();
}

std::string_view describe(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::plain: break;
    case MetricUnit::seconds: return "a duration";
    case MetricUnit::bytes: return "a size in bytes";
    case MetricUnit::per_second: return "a rate per second";
    case MetricUnit::usd: return "an amount in USD";
    case MetricUnit::hours: return "a number of hours";
  }
  return "a plain number";
}

std::string exact_text(double value, MetricUnit unit) {
  const auto [size, suffix] = shown(unit);
  const double scaled = value / size;
  std::string text = fmt::format("{}", scaled);
  if (is_whole(scaled) && std::abs(scaled) < 1e9)
    text = fixed_text(scaled, 0);
  else if (text.size() > kLongestExact)
    text = value_text(scaled);
  return fmt::format("{}{}", text, suffix);
}

std::string amount_text(double value, MetricUnit unit) {
  const auto [size, suffix] = shown(unit);
  const double scaled = value / size;
  const bool is_short = is_whole(scaled) && std::abs(scaled) < 999'999.5;
  return fmt::format("{}{}", is_short ? fixed_text(scaled, 0) : value_text(scaled), suffix);
}

std::string measured_text(const Figure& figure, double bound, MetricUnit unit) {
  if (!figure.is_known()) return "nothing";
  const auto [size, suffix] = shown(unit);
  const double value = figure.value / size, half_width = figure.ci95 / size, limit = bound / size;
  const bool has_width = half_width > 1e-9 * std::abs(value);  // less is rounding
  const auto width = [&](const auto& show) -> std::string {
    if (std::isnan(half_width)) return "";
    return " \xc2\xb1" + (has_width ? show(half_width) : std::string("0"));
  };
  const auto tells = [&](const auto& show) { return value == limit || show(value) != show(limit); };
  if ((std::abs(value) >= 999'999.5 || std::abs(value) < 1e-6) && tells(value_text))
    return value_text(value) + width(value_text) + std::string(suffix);
  int decimals = has_width ? decimals_for(half_width, 2) : is_whole(value) ? 0 : decimals_for(value, 3);
  if (unit == MetricUnit::usd) decimals = std::max(decimals, 2);
  const auto fixed = [&](double number) { return fixed_text(number, decimals); };
  while (decimals < kMostDecimals && !tells(fixed)) ++decimals;
  return fixed(value) + width(fixed) + std::string(suffix);
}

}  // namespace windtunnel
