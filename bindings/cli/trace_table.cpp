#include "bindings/cli/trace_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "sim/report/duration_text.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel::cli {
namespace {

using Json = nlohmann::ordered_json;
using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

Json json_of(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const Counts& counts) {
  Json out = Json::object();
  for (const auto& [name, count] : counts) out[name] = count;
  return out;
}

std::string text_of(const std::optional<double>& value) {
  return value_text(value.value_or(std::numeric_limits<double>::quiet_NaN()));
}

/// Milliseconds are enough to look at.
std::string rounded_duration(double seconds) {
  return duration_text(seconds < 1 ? seconds : std::round(seconds * 1000) / 1000);
}

Json quantiles_json(const std::vector<std::pair<int, double>>& quantiles) {
  Json out = Json::object();
  for (const auto& [percent, value] : quantiles) out[percent == 100 ? "max" : fmt::format("p{}", percent)] = value;
  return out;
}

void add_line(std::string& out, const char* label, const std::string& value) {
  out += pad_right(label, 28) + fit(value, 52) + '\n';
}

Json day_json(const TraceInfo& info) {
  if (info.day_curve_per_s.empty()) return nullptr;
  Json out = Json::array();
  for (const auto& rate : info.day_curve_per_s) out.push_back(json_of(rate));
  return out;
}

Json silences_json(const TraceInfo& info) {
  Json out = Json::array();
  for (const Silence& silence : info.silences)
    out.push_back({{"begin_s", silence.begin_s}, {"length_s", silence.length_s}});
  return out;
}

/// Two hours a line would be hard to compare: one bar each, the longest 40 columns.
void add_day_curve(std::string& out, const TraceInfo& info) {
  if (info.day_curve_per_s.empty()) return;
  double most = 0;
  for (const auto& rate : info.day_curve_per_s) most = std::max(most, rate.value_or(0));
  out += fmt::format("\nmean rate by hour of the {}, queries/s\n", info.start.empty() ? "recording" : "day");
  for (std::size_t hour = 0; hour < info.day_curve_per_s.size(); ++hour) {
    const auto& rate = info.day_curve_per_s[hour];
    const auto bar = most > 0 ? static_cast<std::size_t>(40 * rate.value_or(0) / most + 0.5) : 0;
    out += fmt::format("  {:02}  {}  {}\n", hour, pad_left(text_of(rate), 8), std::string(bar, '#'));
  }
}

void add_silences(std::string& out, const TraceInfo& info) {
  if (info.silences.empty() || info.silences.front().length_s <= 0) return;
  out += "\nlongest silences\n";
  for (const Silence& silence : info.silences)
    out += fmt::format("  {}  from {}\n", pad_left(rounded_duration(silence.length_s), 14),
                       rounded_duration(silence.begin_s));
}

}  // namespace

Json trace_json(const TraceInfo& info) {
  return {{"format", info.format},
          {"rows", info.rows},
          {"queries", info.queries},
          {"dropped", json_of(info.dropped)},
          {"span_s", info.span_s},
          {"rate_mean_per_s", json_of(info.rate_mean_per_s)},
          {"peak_over_mean_1s", json_of(info.peak_over_mean_1s)},
          {"peak_over_mean_60s", json_of(info.peak_over_mean_60s)},
          {"idc_1s", json_of(info.idc_1s)},
          {"idc_60s", json_of(info.idc_60s)},
          {"cv_gaps", json_of(info.cv_gaps)},
          {"longest_silence_s", info.longest_silence_s},
          {"start", info.start.empty() ? Json(nullptr) : Json(info.start)},
          {"distinct_labels", info.distinct_labels},
          {"labels", json_of(info.labels)},
          {"moved", info.moved},
          {"reorder_s", info.reorder_s},
          {"bin_s", json_of(info.bin_s)},
          {"peak_over_mean_bin", json_of(info.peak_over_mean_bin)},
          {"day_curve_per_s", day_json(info)},
          {"silences", silences_json(info)},
          {"service_time_s", quantiles_json(info.service_time_quantiles_s)}};
}

Json gauge_json(const GaugeInfo& info) {
  Json series = Json::array();
  for (const SeriesInfo& one : info.series)
    series.push_back({{"name", one.name},
                      {"samples", one.samples},
                      {"min", one.min},
                      {"mean", one.mean},
                      {"max", one.max},
                      {"last", one.last}});
  return {{"format", info.format},
          {"rows", info.rows},
          {"samples", info.samples},
          {"dropped", json_of(info.dropped)},
          {"span_s", info.span_s},
          {"start", info.start.empty() ? Json(nullptr) : Json(info.start)},
          {"step_s", json_of(info.step_s)},
          {"unit", info.unit.empty() ? Json(nullptr) : Json(info.unit)},
          {"min", info.samples > 0 ? Json(info.min) : Json(nullptr)},
          {"mean", info.samples > 0 ? Json(info.mean) : Json(nullptr)},
          {"max", info.samples > 0 ? Json(info.max) : Json(nullptr)},
          {"quantiles", quantiles_json(info.quantiles)},
          {"quantiles_exact", info.quantiles_exact},
          {"distinct_series", info.distinct_series},
          {"series", series}};
}

std::string trace_table(const std::string& file, const TraceInfo& info) {
  std::string out = wrap(file + ": " + info.format, 80, 2) + '\n';
  const auto count = [](std::uint64_t value) { return count_text(static_cast<double>(value)); };
  add_line(out, "rows", count(info.rows));
  add_line(out, "queries", count(info.queries));
  for (const auto& [reason, rows] : info.dropped) add_line(out, "dropped", count(rows) + " rows: " + reason);
  if (info.moved > 0)
    add_line(out, "put in order", count(info.moved) + " rows came late, within " + duration_text(info.reorder_s));
  add_line(out, "span", rounded_duration(info.span_s));
  if (!info.start.empty()) add_line(out, "start", info.start);
  add_line(out, "mean rate, queries/s", text_of(info.rate_mean_per_s));
  add_line(out, "peak over mean, 1 s bins", text_of(info.peak_over_mean_1s));
  add_line(out, "peak over mean, 60 s bins", text_of(info.peak_over_mean_60s));
  add_line(out, "index of dispersion, 1 s", text_of(info.idc_1s));
  add_line(out, "index of dispersion, 60 s", text_of(info.idc_60s));
  add_line(out, "gaps, std over mean", text_of(info.cv_gaps));
  add_line(out, "longest silence", rounded_duration(info.longest_silence_s));
  if (info.bin_s) add_line(out, "one count or window covers", duration_text(*info.bin_s));
  if (info.peak_over_mean_bin && *info.bin_s > 1)
    add_line(out, "peak over mean, these", text_of(info.peak_over_mean_bin));
  for (const auto& [percent, value] : info.service_time_quantiles_s)
    add_line(
        out,
        (percent == 100 ? std::string("service time max, s") : fmt::format("service time p{}, s", percent)).c_str(),
        value_text(value));
  if (!info.labels.empty()) {
    out += fmt::format("\n{} labels{}\n", count(info.distinct_labels),
                       info.labels.size() < info.distinct_labels ? ", the most frequent:" : ":");
    for (const auto& [label, queries] : info.labels)
      out += "  " + pad_right(label, 26) + pad_left(count(queries), 10) + '\n';
  }
  add_day_curve(out, info);
  add_silences(out, info);
  return out;
}

namespace {

/// The metric that every series shown is one of ("NAME{...}"), empty where they differ.
std::string common_metric(const std::vector<SeriesInfo>& series) {
  std::string metric;
  for (const SeriesInfo& one : series) {
    const std::string name = one.name.ends_with('}') ? one.name.substr(0, one.name.find('{')) : "";
    if (name.empty() || (!metric.empty() && name != metric)) return {};
    metric = name;
  }
  return metric;
}

}  // namespace

std::string gauge_table(const std::string& file, const GaugeInfo& info) {
  std::string out = wrap(file + ": " + info.format + ", measured values", 80, 2) + '\n';
  const auto count = [](std::uint64_t value) { return count_text(static_cast<double>(value)); };
  const auto number = [](double value) {
    return std::abs(value) < 1e6 ? value_text(value) : fmt::format("{:.4g}", value);
  };
  const std::string unit = info.unit.empty() ? "" : ", " + info.unit;
  add_line(out, "samples", count(info.samples));
  for (const auto& [reason, rows] : info.dropped) add_line(out, "dropped", count(rows) + " rows: " + reason);
  if (info.step_s) {
    add_line(out, "span", rounded_duration(info.span_s));
    add_line(out, "step", rounded_duration(*info.step_s));
  }
  if (!info.start.empty()) add_line(out, "start", info.start);
  if (info.samples == 0) return out;
  add_line(out, ("min" + unit).c_str(), number(info.min));
  for (const auto& [percent, value] : info.quantiles)
    add_line(out, fmt::format("p{}{}", percent, unit).c_str(), number(value));
  add_line(out, ("max" + unit).c_str(), number(info.max));
  add_line(out, ("mean" + unit).c_str(), number(info.mean));
  const std::string metric = common_metric(info.series);
  const auto shown = [&](const std::string& name) {
    if (name.empty()) return std::string("(without a name)");
    return metric.empty() ? name : name.substr(metric.size() + 1, name.size() - metric.size() - 2);
  };
  out += fmt::format("\n{} series{}{}\n", count(info.distinct_series), metric.empty() ? "" : " of " + fit(metric, 40),
                     info.series.size() < info.distinct_series ? ", those with most samples:" : ":");
  out += "  " + pad_right("", 36) + pad_left("samples", 9) + pad_left("min", 11) + pad_left("mean", 11) +
         pad_left("max", 11) + '\n';
  for (const SeriesInfo& one : info.series)
    out += "  " + pad_right(shown(one.name), 36) + pad_left(count(one.samples), 9) + pad_left(number(one.min), 11) +
           pad_left(number(one.mean), 11) + pad_left(number(one.max), 11) + '\n';
  return out;
}

}  // namespace windtunnel::cli
