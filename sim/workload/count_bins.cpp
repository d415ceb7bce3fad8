#include "sim/workload/count_bins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/core/error.hpp"
#include "sim/workload/counts_reader.hpp"
#include "sim/workload/line_reader.hpp"
#include "sim/workload/minute_table.hpp"
#include "sim/workload/rate_series.hpp"
#include "sim/workload/timed_counts.hpp"

namespace windtunnel {

std::int64_t MapRows::of(std::string_view label) const {
  if (map_.empty()) return 0;
  std::int64_t rest = -1;
  for (std::size_t row = 0; row < map_.size(); ++row) {
    if (map_[row].first == label) return static_cast<std::int64_t>(row);
    if (map_[row].first == "*" && rest < 0) rest = static_cast<std::int64_t>(row);
  }
  return rest;
}

std::int64_t MapRows::take(std::string_view label) {
  const std::int64_t row = of(label);
  if (row >= 0) used_[static_cast<std::size_t>(row)] = true;
  const bool named = row >= 0 && map_[static_cast<std::size_t>(row)].first == label;
  if (!named && others_.size() < kMostOthers && std::find(others_.begin(), others_.end(), label) == others_.end())
    others_.emplace_back(label);
  return row;
}

void MapRows::note_unused(SourceCounts& counts) const {
  for (std::size_t row = 0; row < map_.size(); ++row)
    if (!used_[row] && map_[row].first != "*") counts.unused_labels.push_back(map_[row].first);
  const bool drops_some = std::none_of(map_.begin(), map_.end(), [](const auto& row) { return row.first == "*"; });
  if (!counts.unused_labels.empty() || drops_some) counts.other_labels = others_;
}

void refuse_durations(const TraceSpec& spec, const FormatRow& format) {
  std::string known;
  for (const FormatRow& row : format_registry())
    if (!row.durations.empty()) known += fmt::format("{}{}", known.empty() ? "" : ", ", row.name);
  throw InputError({spec.file, fmt::format("format {} has no table of durations beside it", format.name),
                    fmt::format("durations goes with {}; where rows have durations, size_column names them", known)});
}

std::unique_ptr<CountBins> open_counts(TextBuffer text, const FormatRow& format, const TraceSpec& spec) {
  if (!spec.durations.empty() && format.durations.empty()) refuse_durations(spec, format);
  const bool labelled =
      !format.label.empty() || format.count == kEachOtherColumn || format.syntax == Syntax::prometheus_json;
  if (!labelled && MapRows(spec.map).of("*") < 0)
    throw InputError(
        {spec.file, "counts carry no labels, and the map has no row \"*\"", "add \"*\": <model> to the map"});
  if (format.syntax == Syntax::numbers)
    return std::make_unique<CountsReader>(std::move(text), static_cast<std::uint32_t>(MapRows(spec.map).of("*")));
  if (!format.first_minute.empty()) return std::make_unique<MinuteTable>(std::move(text), format, spec);
  if (!format.count.empty()) return std::make_unique<TimedCounts>(std::move(text), format, spec);
  if (format.syntax == Syntax::prometheus_json) return std::make_unique<RateSeries>(std::move(text), spec);
  throw InputError({text.path(),
                    fmt::format("format {} holds {}, no arrivals", format.name,
                                format.content == Content::windows ? "laws of clients" : "measured values"),
                    format.content == Content::windows
                        ? "draw arrivals from its folder: arrivals: {process: servegen, folder: ...}"
                        : "windtunnel trace info shows them"});
}

std::string parse_count(std::string_view text, std::uint64_t& count) {
  count = 0;
  if (text.empty()) return {};  // nothing was counted
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  double value = 0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return "is not a number";
  if (error != std::errc{} || !std::isfinite(value)) return "is not finite";
  if (value < 0) return "is negative";
  if (value != std::floor(value)) return "is not a whole number";
  if (value > static_cast<double>(kMaxBinCount)) return "is more than 10 000 000 queries in one stretch of time";
  count = static_cast<std::uint64_t>(value);
  return {};
}

}  // namespace windtunnel
