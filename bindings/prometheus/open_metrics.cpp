#include "bindings/prometheus/open_metrics.hpp"

#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/metrics/metric_table.hpp"

namespace windtunnel::prometheus {
namespace {

/// The family of a series' name, and its type as OpenMetrics has it: a counter's samples end in _total.
std::pair<std::string, std::string_view> family_of(std::string_view name) {
  const MetricRow* row = find_metric(name);
  if (row == nullptr) return {std::string(name), name == "up" ? "gauge" : "unknown"};
  if (row->type != MetricType::counter) return {std::string(row->name), type_name(row->type)};
  constexpr std::string_view kTotal = "_total";
  if (!name.ends_with(kTotal)) return {std::string(name), "unknown"};
  return {std::string(name.substr(0, name.size() - kTotal.size())), "counter"};
}

std::string seconds_text(std::int64_t ms) {
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

}  // namespace

std::string value_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string open_metrics_text(const SeriesStore& store) {
  std::string out, family;
  for (const auto& [name, ids] : store.by_name()) {
    const auto [of, type] = family_of(name);
    if (of != family) {
      out += fmt::format("# TYPE {} {}\n", of, type);
      if (const MetricRow* row = find_metric(name)) out += fmt::format("# HELP {} {}\n", of, row->doc);
      family = of;
    }
    for (const SeriesId id : ids) {
      const std::string labels = label_text(store.labels_of(id));
      for (const auto& sample : store.samples(id)) {
        if (is_stale_marker(sample.value)) continue;
        out += fmt::format("{}{{{}}} {} {}\n", name, labels, value_text(sample.value), seconds_text(sample.at_ms));
      }
    }
  }
  return out + "# EOF\n";
}

RangeAnswer query_range(PreparedQuery& query, SeriesStore& store, std::int64_t start_ms, std::int64_t end_ms,
                        std::int64_t step_ms) {
  RangeAnswer out;
  std::map<Labels, std::vector<SeriesSample>> series;
  for (std::int64_t at = start_ms; at <= end_ms; at += step_ms) {
    const QueryAnswer answer = query.at(at);
    if (!answer.error.empty()) {
      out.error = fmt::format("at {} s: {}", seconds_text(at), answer.error);
      return out;
    }
    if (answer.scalar) series[{}].push_back({at, answer.number});
    for (const auto& point : answer.vector) series[store.labels()[point.labels]].push_back({at, point.value});
  }
  for (auto& [labels, values] : series) out.series.push_back({labels, std::move(values)});
  return out;
}

std::string matrix_json(const RangeAnswer& answer) {
  using Json = nlohmann::ordered_json;
  Json result = Json::array();
  for (const auto& series : answer.series) {
    Json metric = Json::object(), values = Json::array();
    for (const auto& [label, value] : series.labels) metric[label] = value;
    for (const auto& sample : series.values)
      values.push_back({static_cast<double>(sample.at_ms) / 1000, value_text(sample.value)});
    result.push_back({{"metric", metric}, {"values", values}});
  }
  const Json all = {{"status", "success"}, {"data", {{"resultType", "matrix"}, {"result", result}}}};
  return all.dump() + "\n";
}

}  // namespace windtunnel::prometheus
