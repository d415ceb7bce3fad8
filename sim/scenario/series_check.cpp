#include "sim/scenario/series_check.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policies/promql/lexer.hpp"
#include "sim/metrics/metric_table.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

/// Labels whose value is the name of a model.
constexpr std::array kModelLabels =
    std::to_array<std::string_view>({"queue", "queue_name", "subscription_id", "topic", "consumergroup", "key",
                                     "service", "model_name", "model", "deployment"});
/// What a scrape adds to every series, and what series of pods have.
constexpr std::array kScrapeLabels = std::to_array<std::string_view>({"job", "instance"});

/// The labels of a row's series.
std::vector<std::string_view> labels_of(const MetricRow& row) {
  std::vector<std::string_view> out(kScrapeLabels.begin(), kScrapeLabels.end());
  if (row.exporter == Exporter::server) out.emplace_back("namespace");
  if (row.exporter == Exporter::dcgm) out.insert(out.end(), {"namespace", "pod", "exported_namespace", "container"});
  for (std::string_view rest = row.labels; !rest.empty();) {
    const auto comma = rest.find(", ");
    out.push_back(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
  }
  return out;
}

/// Rows whose series the selector's name takes.
std::vector<const MetricRow*> rows_of(const promql::Node& selector) {
  std::vector<const MetricRow*> out;
  for (const std::string_view name : series_names()) {
    const bool taken = std::all_of(selector.matchers.begin(), selector.matchers.end(), [&](const promql::Matcher& m) {
      return m.label != promql::kMetricName || m.matches(name);
    });
    const MetricRow* row = find_metric(name);
    if (taken && row != nullptr && std::find(out.begin(), out.end(), row) == out.end()) out.push_back(row);
  }
  return out;
}

void check_one_label(const promql::Node& selector, const promql::Matcher& m, const std::vector<const MetricRow*>& rows,
                     std::span<const std::string_view> models, Problems& problems) {
  const std::string where = promql::column_text(selector.column);
  const std::string name(rows.front()->name), label = one_line(m.label, 60);
  std::vector<std::string_view> known;
  for (const auto* row : rows)
    for (const auto each : labels_of(*row))
      if (std::find(known.begin(), known.end(), each) == known.end()) known.push_back(each);
  if (std::find(known.begin(), known.end(), m.label) == known.end()) {
    if (!m.matches(""))
      problems.push_back({where, fmt::format("{} has no label \"{}\" here, so nothing is selected", name, label),
                          suggestion(m.label, known, true)});
    return;
  }
  const bool of_model = std::find(kModelLabels.begin(), kModelLabels.end(), m.label) != kModelLabels.end();
  if (!of_model || std::any_of(models.begin(), models.end(), [&](std::string_view model) { return m.matches(model); }))
    return;
  problems.push_back(
      {where, fmt::format("no {} has {} \"{}\": here it is the model's name", name, label, one_line(m.value, 80)),
       suggestion(m.value, models, true)});
}

}  // namespace

Problems check_series(const promql::Query& query, std::span<const std::string_view> models) {
  Problems problems;
  for (const auto* selector : query.selectors()) {
    const auto rows = rows_of(*selector);
    if (rows.empty()) continue;  // `up`, or a name that nothing has, which is said elsewhere
    for (const auto& m : selector->matchers)
      if (m.label != promql::kMetricName) check_one_label(*selector, m, rows, models, problems);
  }
  return problems;
}

}  // namespace windtunnel
