#include "policies/kubernetes/keda_spec.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {
namespace {

HpaMetricSpec resource_metric(const KedaTrigger& trigger) {
  const auto& source = std::get<ResourceScaler>(trigger.source);
  HpaMetricSpec metric;
  metric.kind = HpaMetricKind::resource;
  metric.name = trigger.type;
  metric.target = source.target;
  metric.target_percent = source.percent;
  metric.target_milli = source.target_milli;
  return metric;
}

HpaMetricSpec external_metric(std::string name, HpaTargetKind kind, double target) {
  HpaMetricSpec metric;
  metric.kind = HpaMetricKind::external;
  metric.name = std::move(name);
  metric.target = kind;
  metric.target_milli = keda_metric_milli(target);
  return metric;
}

// The annotations paused-scale-in and paused-scale-out reach the HPA as a select policy, which also takes it off the
// legacy path.
std::optional<HpaBehavior> behavior_of(const KedaSpec& spec) {
  std::optional<HpaBehavior> behavior = spec.behavior;
  const bool in = spec.annotations.paused_scale_in, out = spec.annotations.paused_scale_out;
  if (!behavior && (in || out)) behavior = fill_behavior({}, {});
  if (in) behavior->down.select = HpaSelect::disabled;
  if (out) behavior->up.select = HpaSelect::disabled;
  return behavior;
}

}  // namespace

std::vector<std::optional<std::size_t>> hpa_metric_triggers(const KedaSpec& spec) {
  std::vector<std::optional<std::size_t>> out;
  if (spec.modifiers) out.push_back(std::nullopt);
  for (std::size_t i = 0; i < spec.triggers.size(); ++i)
    if (spec.triggers[i].is_resource() || !spec.modifiers) out.push_back(i);
  return out;
}

HpaSpec hpa_of(const KedaSpec& spec) {
  HpaSpec hpa;
  hpa.min_replicas = std::max(1, spec.min);
  hpa.max_replicas = spec.max;
  hpa.behavior = behavior_of(spec);
  for (const auto index : hpa_metric_triggers(spec)) {
    if (!index) {
      hpa.metrics.push_back(external_metric("composite-metric", spec.modifiers->metric_type, spec.modifiers->target));
      continue;
    }
    const KedaTrigger& trigger = spec.triggers[*index];
    hpa.metrics.push_back(trigger.is_resource() ? resource_metric(trigger)
                                                : external_metric(fmt::format("s{}-{}", *index, trigger.type),
                                                                  trigger.metric_type, trigger.target));
  }
  return hpa;
}

}  // namespace windtunnel
