#include "sim/scenario/query_check.hpp"

#include <algorithm>

#include "policies/promql/lexer.hpp"
#include "sim/metrics/metric_table.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

/// The problem with one selector's name, if any series could never have it.
void check_selector(const promql::Node& selector, Problems& problems) {
  const auto names = series_names();
  for (const auto& m : selector.matchers) {
    if (m.label != promql::kMetricName) continue;
    if (std::any_of(names.begin(), names.end(), [&](std::string_view name) { return m.matches(name); })) continue;
    problems.push_back({promql::column_text(selector.column), "no exporter offers the metric \"" + m.value + "\"",
                        unknown_metric_hint(m.value)});
  }
}

}  // namespace

std::string unknown_metric_hint(std::string_view name) {
  const auto names = series_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) return {};
  const auto near = nearest(name, names);
  return (near.empty() ? std::string() : "did you mean \"" + std::string(near) + "\"? ") +
         "`windtunnel list metrics` names them all";
}

Result<promql::Query> check_query(std::string_view text) {
  auto query = promql::parse_query(text);
  if (!query) return query;
  Problems problems;
  for (const auto* selector : query->selectors()) check_selector(*selector, problems);
  if (!problems.empty()) return problems;
  return query;
}

}  // namespace windtunnel
