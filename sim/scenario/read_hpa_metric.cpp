// One entry of spec.metrics: where it comes from and what its target is.
#include <array>
#include <cctype>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "sim/scenario/kube_block.hpp"
#include "sim/scenario/read_hpa.hpp"

namespace windtunnel {
namespace {

/// Names by HpaMetricKind: of the type, and of the block beside it.
struct MetricSource {
  std::string_view type, field;
};
constexpr std::array<MetricSource, 5> kMetricSources{{{"Resource", "resource"},
                                                      {"ContainerResource", "containerResource"},
                                                      {"Pods", "pods"},
                                                      {"Object", "object"},
                                                      {"External", "external"}}};

bool of_resource(HpaMetricKind kind) {
  return kind == HpaMetricKind::resource || kind == HpaMetricKind::container_resource;
}

/// What kinds of target the API server takes for a metric.
std::string_view targets_of(HpaMetricKind kind) {
  if (of_resource(kind)) return "averageUtilization or averageValue";
  return kind == HpaMetricKind::pods ? "averageValue" : "value or averageValue";
}

bool takes_target(HpaMetricKind kind, HpaTargetKind target) {
  if (target == HpaTargetKind::utilization) return of_resource(kind);
  return target == HpaTargetKind::average_value || kind == HpaMetricKind::object || kind == HpaMetricKind::external;
}

void read_target_value(KubeBlock& block, std::string_view field, HpaMetricSpec& metric) {
  if (metric.target == HpaTargetKind::utilization) {
    metric.target_percent = block.whole(field, 1, std::numeric_limits<std::int32_t>::max()).value_or(1);
    return;
  }
  const auto milli = block.quantity(field);
  if (milli && *milli <= 0) block.refuse(field, "is not above 0", "a target is a positive quantity");
  metric.target_milli = milli.value_or(1);
}

/// @return false after a problem
bool read_metric_target(ProblemList& problems, const Node& node, const std::string& path, HpaMetricSpec& metric) {
  static constexpr std::array<std::string_view, 3> fields{"averageUtilization", "averageValue", "value"};
  KubeBlock block(problems, node, path, {"type", "averageUtilization", "averageValue", "value"});
  const auto type = block.choice("type", {"Utilization", "AverageValue", "Value"});
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (block.find(fields[i]) == nullptr) continue;
    if (!takes_target(metric.kind, static_cast<HpaTargetKind>(i))) {
      block.refuse(fields[i], "is no target of this type of metric", fmt::format("write {}", targets_of(metric.kind)));
    } else if (chosen) {
      block.refuse(fields[i], fmt::format("stands beside {}", fields[*chosen]), "write one target");
    } else {
      chosen = i;
    }
  }
  if (!block.ok()) return false;
  if (!chosen) {
    block.refuse("has no target", fmt::format("write {}", targets_of(metric.kind)));
    return false;
  }
  block.need("type", "Utilization, AverageValue or Value, as the field that stands beside it");
  metric.target = static_cast<HpaTargetKind>(*chosen);
  if (type && *type != *chosen) {
    block.refuse("type", fmt::format("does not fit {}", fields[*chosen]),
                 fmt::format("write type: {}", std::array{"Utilization", "AverageValue", "Value"}[*chosen]));
  }
  read_target_value(block, fields[*chosen], metric);
  return block.ok();
}

/// A value as a label may have it; in a pattern its only special character is the dot.
bool add_label_value(const Node& value, std::string& pattern) {
  if (!value.is(Node::Kind::scalar) || value.text.empty() || value.text.size() > 63) return false;
  if (!pattern.empty()) pattern += '|';
  for (const char c : value.text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.') return false;
    if (c == '.') pattern += '\\';
    pattern += c;
  }
  return true;
}

/// One of matchExpressions as a matcher of Prometheus, which the adapter makes of it. @return empty after a problem
std::string read_expression(ProblemList& problems, const Node& node, const std::string& path, bool& ok) {
  KubeBlock block(problems, node, path, {"key", "operator", "values"});
  block.need("key", "the label's name");
  block.need("operator", "In, NotIn, Exists or DoesNotExist");
  const std::string key = block.text("key").value_or("");
  const auto op = block.choice("operator", {"In", "NotIn", "Exists", "DoesNotExist"});
  const auto* values = block.list("values");
  const bool given = values != nullptr && !values->empty();
  std::string pattern;
  if (op && *op < 2 && !given) block.refuse("has no values to compare with", "write values: [a, b]");
  if (op && *op >= 2 && given) block.refuse("values", "mean nothing with Exists and DoesNotExist", "remove them");
  if (given)
    for (const Node& value : *values)
      if (!add_label_value(value, pattern)) block.refuse("values", "holds one that no label can have", "write [a, b]");
  ok = ok && block.ok();
  if (!block.ok() || !op) return {};
  static constexpr std::array<std::string_view, 4> kMatchers = {"=~", "!~", "!=", "="};
  return key + std::string(kMatchers[*op]) + pattern;
}

/// matchLabels and matchExpressions, as "a=b,c=~d|e,f!=": what is joined is all asked for.
std::string read_selector(ProblemList& problems, const Node& node, const std::string& path, bool& ok) {
  KubeBlock block(problems, node, path, {"matchLabels", "matchExpressions"});
  std::string out;
  const auto add = [&](std::string_view key, std::string_view value) {
    out += fmt::format("{}{}={}", out.empty() ? "" : ",", key, value);
  };
  if (const Node* labels = block.find("matchLabels")) {
    if (!labels->is(Node::Kind::map))
      block.refuse("matchLabels", "is no block of labels", "write `label: value` lines");
    for (const auto& entry : labels->entries) {
      if (entry.value.is(Node::Kind::scalar)) {
        add(entry.key, entry.value.text);
      } else {
        block.refuse("matchLabels", fmt::format("{} is {}", entry.key, entry.value.describe()), "write a text");
      }
    }
  }
  if (const auto* expressions = block.list("matchExpressions")) {
    for (std::size_t i = 0; i < expressions->size(); ++i) {
      const std::string inner = fmt::format("{}.{}", block.path_of("matchExpressions"), i);
      const std::string matcher = read_expression(problems, (*expressions)[i], inner, ok);
      out += (out.empty() || matcher.empty() ? "" : ",") + matcher;
    }
  }
  ok = ok && block.ok();
  return out;
}

void read_identity(ProblemList& problems, KubeBlock& source, HpaMetricSpec& metric, bool& ok) {
  const Node* node = source.need("metric", "the metric: {name: ..., selector: ...}");
  if (node == nullptr) return;
  KubeBlock identity(problems, *node, source.path_of("metric"), {"name", "selector"});
  identity.need("name", "the metric's name in its API");
  metric.name = identity.text("name").value_or("");
  if (const Node* selector = identity.find("selector")) {
    metric.selector = read_selector(problems, *selector, identity.path_of("selector"), ok);
  }
  ok = ok && identity.ok();
}

void read_resource_name(KubeBlock& source, HpaMetricSpec& metric) {
  source.need("name", "cpu or memory");
  metric.name = source.text("name").value_or("cpu");
  if (metric.name != "cpu" && metric.name != "memory") {
    source.refuse("name", fmt::format("metrics-server has no figure of \"{}\"", metric.name),
                  "name cpu or memory; a GPU's figures come as Pods, Object or External metrics");
  }
  if (metric.kind != HpaMetricKind::container_resource) return;
  source.need("container", "the container's name");
  metric.container = source.text("container").value_or("");
}

void read_object(ProblemList& problems, KubeBlock& source, HpaMetricSpec& metric, bool& ok) {
  const Node* node = source.need("describedObject", "the object the metric describes: {apiVersion, kind, name}");
  if (node == nullptr) return;
  KubeBlock object(problems, *node, source.path_of("describedObject"), {"apiVersion", "kind", "name"});
  object.need("kind", "the kind of the object");
  object.need("name", "the name of the object");
  object.text("apiVersion");
  metric.object = object.text("kind").value_or("") + "/" + object.text("name").value_or("");
  ok = ok && object.ok();
}

std::vector<std::string_view> source_fields(HpaMetricKind kind) {
  switch (kind) {
    case HpaMetricKind::resource: return {"name", "target"};
    case HpaMetricKind::container_resource: return {"name", "container", "target"};
    case HpaMetricKind::object: return {"describedObject", "metric", "target"};
    default: return {"metric", "target"};
  }
}

/// @return false after a problem
bool read_source(ProblemList& problems, const Node& node, const std::string& path, HpaMetricSpec& metric) {
  KubeBlock source(problems, node, path, source_fields(metric.kind));
  if (!node.is(Node::Kind::map)) return false;
  bool ok = true;
  if (of_resource(metric.kind)) {
    read_resource_name(source, metric);
  } else {
    read_identity(problems, source, metric, ok);
  }
  if (metric.kind == HpaMetricKind::object) read_object(problems, source, metric, ok);
  const Node* target = source.need("target", fmt::format("what is aimed at: {}", targets_of(metric.kind)));
  if (target != nullptr) ok = read_metric_target(problems, *target, source.path_of("target"), metric) && ok;
  return ok && source.ok();
}

}  // namespace

std::optional<HpaMetricSpec> read_hpa_metric(ProblemList& problems, const Node& node, const std::string& path) {
  KubeBlock block(problems, node, path, {"type", "resource", "containerResource", "pods", "object", "external"});
  if (!node.is(Node::Kind::map)) return std::nullopt;
  block.need("type", "Resource, ContainerResource, Pods, Object or External");
  const auto type = block.choice("type", {"Resource", "ContainerResource", "Pods", "Object", "External"});
  if (!type) return std::nullopt;
  HpaMetricSpec metric;
  metric.kind = static_cast<HpaMetricKind>(*type);
  for (std::size_t i = 0; i < kMetricSources.size(); ++i) {
    if (i != *type && block.find(kMetricSources[i].field) != nullptr) {
      block.refuse(kMetricSources[i].field, fmt::format("stands beside type: {}", kMetricSources[*type].type),
                   fmt::format("write it as {}", kMetricSources[*type].field));
    }
  }
  const auto field = kMetricSources[*type].field;
  const Node* source = block.need(field, fmt::format("what type: {} is about", kMetricSources[*type].type));
  if (source == nullptr) return std::nullopt;
  const bool ok = read_source(problems, *source, block.path_of(field), metric);
  if (!ok || !block.ok()) return std::nullopt;
  return metric;
}

}  // namespace windtunnel
