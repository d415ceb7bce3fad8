#include "sim/report/check_expectations.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/report/metric_path.hpp"
#include "sim/report/metric_shape.hpp"
#include "sim/report/metric_unit.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/quantity.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

std::string written(const ExpectSpec& asked) {
  switch (asked.kind) {
    case BoundKind::number: break;
    case BoundKind::duration: return format_duration(asked.value);
    case BoundKind::size: return format_bytes(asked.value);
    case BoundKind::rate: return format_rate(asked.value);
  }
  return format_number(asked.value);
}

bool fits(BoundKind kind, MetricUnit unit) {
  switch (kind) {
    case BoundKind::number: break;
    case BoundKind::duration: return unit == MetricUnit::seconds;
    case BoundKind::size: return unit == MetricUnit::bytes;
    case BoundKind::rate: return unit == MetricUnit::per_second;
  }
  return true;  // a plain number is in the metric's unit
}

std::string_view describe(BoundKind kind) {
  switch (kind) {
    case BoundKind::number: break;
    case BoundKind::duration: return "a duration";
    case BoundKind::size: return "a size in bytes";
    case BoundKind::rate: return "a rate per second";
  }
  return "a plain number";
}

std::string example_of(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::plain:
    case MetricUnit::usd:
    case MetricUnit::hours: break;
    case MetricUnit::seconds: return "write 8s or 250ms";
    case MetricUnit::bytes: return "write 16GiB or 500MB";
    case MetricUnit::per_second: return "write 0.8/s";
  }
  return "write the number alone";
}

}  // namespace

Problems check_expectations(const Scenario& scenario) {
  if (scenario.expect.empty())
    return {{scenario.file, "expects nothing, so there is nothing to check",
             "add `expect: [{metric: totals.kills.oom, at_most: 0}]`"}};
  Problems out;
  const Json shape = summary_shape(scenario);
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
    const ExpectSpec& asked = scenario.expect[i];
    const std::string place = asked.line > 0 ? fmt::format("{}:{}", scenario.file, asked.line) : scenario.file;
    const auto checked = check_metric_path(shape, asked.metric);
    if (!checked) {
      const Error& error = checked.problems().front();
      out.push_back(
          {fmt::format("{}: expect.{}.metric: {}", place, i, one_line(asked.metric, 200)), error.what, error.hint});
      continue;
    }
    const MetricUnit unit = metric_unit(asked.metric);
    if (!fits(asked.kind, unit))
      out.push_back({fmt::format("{}: expect.{}.{}", place, i, asked.bound),
                     fmt::format("{} is {}, {} is {}", written(asked), describe(asked.kind),
                                 one_line(asked.metric, 200), describe(unit)),
                     example_of(unit)});
  }
  return out;
}

}  // namespace windtunnel
