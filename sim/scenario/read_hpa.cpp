#include "sim/scenario/read_hpa.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "policies/kubernetes/hpa_policy.hpp"
#include "sim/scenario/kube_block.hpp"

namespace windtunnel {
namespace {

constexpr std::int32_t kMostHpaReplicas = 1'000'000;  ///< as scaling.max
constexpr std::size_t kMostHpaMetrics = 1000;         ///< far above what anybody lists

HpaRatePolicy read_rate_policy(ProblemList& problems, const Node& node, const std::string& path, bool& ok) {
  KubeBlock block(problems, node, path, {"type", "value", "periodSeconds"});
  HpaRatePolicy out;
  block.need("type", "Pods or Percent");
  block.need("value", "pods, or percent of the size at the start of the period");
  block.need("periodSeconds", "over how long the change counts, 1 to 1800");
  if (const auto type = block.choice("type", {"Pods", "Percent"})) {
    out.type = *type == 0 ? HpaPolicyType::pods : HpaPolicyType::percent;
  }
  out.value = block.whole("value", 1, 2147483647).value_or(1);
  out.period = std::chrono::seconds(block.whole("periodSeconds", 1, 1800).value_or(1));
  ok = ok && block.ok();
  return out;
}

HpaRulesGiven read_rules(ProblemList& problems, const Node& node, const std::string& path, bool& ok) {
  KubeBlock block(problems, node, path, {"stabilizationWindowSeconds", "selectPolicy", "policies", "tolerance"});
  HpaRulesGiven out;
  if (const auto window = block.whole("stabilizationWindowSeconds", 0, 3600))
    out.window = std::chrono::seconds(*window);
  if (const auto select = block.choice("selectPolicy", {"Max", "Min", "Disabled"})) {
    out.select = std::array{HpaSelect::max, HpaSelect::min, HpaSelect::disabled}[*select];
  }
  if (const auto tolerance = block.quantity("tolerance")) {
    out.tolerance = static_cast<double>(*tolerance) / 1000;
    if (*tolerance < 0) block.refuse("tolerance", "is negative", "write a share of the target from 0 on, e.g. 0.05");
  }
  if (const auto* policies = block.list("policies")) {
    if (policies->empty()) block.refuse("policies", "is empty", "list at least one, or leave the field out");
    out.policies.emplace();
    for (const auto& item : *policies) {
      if (out.policies->size() == kMostHpaMetrics) {
        block.refuse("policies", "has more than 1000 entries", "keep those that rule");
        break;
      }
      const auto at = join_path(block.path_of("policies"), std::to_string(out.policies->size()));
      out.policies->push_back(read_rate_policy(problems, item, at, ok));
    }
  }
  ok = ok && block.ok();
  return out;
}

bool has_queue_metric(const HpaSpec& spec) {
  return std::any_of(spec.metrics.begin(), spec.metrics.end(), [](const HpaMetricSpec& metric) {
    return metric.kind == HpaMetricKind::object || metric.kind == HpaMetricKind::external;
  });
}

void read_hpa_bounds(KubeBlock& block, HpaZero zero, HpaSpec& out) {
  block.need("maxReplicas", "the most replicas there may be");
  out.max_replicas = block.whole("maxReplicas", 1, kMostHpaReplicas).value_or(kMostHpaReplicas);
  out.min_replicas = block.whole("minReplicas", 0, kMostHpaReplicas).value_or(1);
  if (out.min_replicas > out.max_replicas) {
    block.refuse("minReplicas", fmt::format("{} is more than maxReplicas {}", out.min_replicas, out.max_replicas),
                 "lower minReplicas or raise maxReplicas");
  }
  if (out.min_replicas == 0 && zero == HpaZero::off) {
    block.refuse("minReplicas", "0 needs the feature HPAScaleToZero, which is off",
                 "write 1 or more, or scale_to_zero: condition (Kubernetes 1.37) or gate (before)");
  } else if (out.min_replicas == 0 && !has_queue_metric(out)) {
    block.refuse("minReplicas", "0 needs at least one Object or External metric",
                 "without pods the others have no figures: list one, or write 1");
  }
}

void read_hpa_metrics(ProblemList& problems, KubeBlock& block, HpaSpec& out, bool& ok) {
  if (const auto* metrics = block.list("metrics")) {
    std::size_t index = 0;
    for (const auto& item : *metrics) {
      const auto at = join_path(block.path_of("metrics"), std::to_string(index++));
      if (index > kMostHpaMetrics) {
        block.refuse("metrics", "has more than 1000 entries", "keep those that rule");
        break;
      }
      auto metric = read_hpa_metric(problems, item, at);
      ok = ok && metric.has_value();
      if (metric) out.metrics.push_back(std::move(*metric));
    }
  }
  if (out.metrics.empty()) out.metrics.push_back(default_hpa_metric());
}

}  // namespace

std::optional<HpaBehavior> read_hpa_behavior(ProblemList& problems, const Node& behavior, const std::string& path) {
  KubeBlock block(problems, behavior, path, {"scaleUp", "scaleDown"});
  bool ok = true;
  HpaRulesGiven up, down;
  if (const Node* node = block.find("scaleUp")) up = read_rules(problems, *node, block.path_of("scaleUp"), ok);
  if (const Node* node = block.find("scaleDown")) down = read_rules(problems, *node, block.path_of("scaleDown"), ok);
  if (!ok || !block.ok()) return std::nullopt;
  return fill_behavior(up, down);
}

std::optional<HpaSpec> read_hpa_spec(ProblemList& problems, const Node& spec, const std::string& path, HpaZero zero) {
  KubeBlock block(problems, spec, path, {"scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "behavior"});
  if (!spec.is(Node::Kind::map)) return std::nullopt;
  bool ok = true;
  if (const Node* target = block.find("scaleTargetRef")) {  // who is scaled is said by the entry it stands in
    KubeBlock reference(problems, *target, block.path_of("scaleTargetRef"), {"apiVersion", "kind", "name"});
    for (const auto* field : {"apiVersion", "kind", "name"}) reference.text(field);
    ok = reference.ok();
  }
  HpaSpec out;
  read_hpa_metrics(problems, block, out, ok);
  read_hpa_bounds(block, zero, out);
  if (const Node* behavior = block.find("behavior")) {
    out.behavior = read_hpa_behavior(problems, *behavior, block.path_of("behavior"));
    ok = ok && out.behavior.has_value();
  }
  if (!ok || !block.ok()) return std::nullopt;
  return out;
}

std::optional<ReplicaLimits> read_hpa_blocks(ProblemList& problems, const Node& node, const std::string& path,
                                             Block& block) {
  const Node* spec = node.find("spec");
  if (spec == nullptr) {
    problems.add(node, path, "spec is missing", "write the spec of an autoscaling/v2 manifest: {maxReplicas: 8, ...}");
    block.ok = false;
    return std::nullopt;
  }
  auto made = std::make_shared<HpaBlock>();
  const HpaZero zero = block.values.text("scale_to_zero") == "off" ? HpaZero::off : HpaZero::condition;
  auto read = read_hpa_spec(problems, *spec, join_path(path, "spec"), zero);
  if (!read) {
    block.ok = false;
    return std::nullopt;
  }
  made->spec = std::move(*read);
  const ReplicaLimits limits{.min = made->spec.min_replicas, .max = made->spec.max_replicas};
  block.values.set("spec", std::shared_ptr<const MadeBlock>(std::move(made)), true);
  block.resolved.set("spec", *spec);
  return limits;
}

}  // namespace windtunnel
