// What an HPA or a ScaledObject scales by must be there: found while reading, not as a failing sync in the run.
#include <fmt/format.h>

#include "policies/kubernetes/hpa_policy.hpp"
#include "policies/kubernetes/keda_spec.hpp"
#include "policies/promql/adapter_selector.hpp"
#include "sim/metrics/metric_table.hpp"
#include "sim/scenario/query_check.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/series_check.hpp"

namespace windtunnel {
namespace {

/// One scaling entry, with where it stands in the file.
struct ScaledModel {
  Reading& reading;
  const ModelSpec& model;
  const Node& spec;  ///< of the manifest
  std::string path;  ///< of it

  [[nodiscard]] const Node& at(std::string_view list, std::size_t index) const {
    const Node* items = spec.find(list);
    return items != nullptr && index < items->items.size() ? items->items[index] : spec;
  }
};

/// cpu or memory of the pods. @param at, path  of the metric or trigger
void check_resource(const ScaledModel& scaled, const Node& at, const std::string& path, bool cpu, bool utilization) {
  const ModelSpec& model = scaled.model;
  ProblemList& problems = scaled.reading.problems;
  const bool asked =
      cpu ? model.requests.milli_cpu > 0 : model.requests.memory.value > 0 || model.host_memory.steady.value > 0;
  if (utilization && !asked)
    problems.add(
        at, path,
        fmt::format("utilization is a share of the {} request, and {} has none", cpu ? "CPU" : "memory", model.group),
        fmt::format("give models.{0}.requests.{1} (resources.requests.{1} in a manifest), or take averageValue",
                    model.group, cpu ? "cpu" : "memory"));
  if (cpu && !model.cpu)
    problems.add(at, path, fmt::format("nothing says how much CPU {} uses", model.group),
                 fmt::format("give models.{}.cpu: {{busy: 1, idle: 0.05}}, in cores", model.group));
}

bool offered_by_pods(std::string_view name) {
  if (find_metric(name) != nullptr) return true;
  constexpr std::string_view kRate = "_per_second";  // the adapter's usual rule for counters
  if (!name.ends_with(kRate)) return false;
  const std::string counter(name.substr(0, name.size() - kRate.size()));
  return find_metric(counter) != nullptr || find_metric(counter + "_total") != nullptr;
}

std::vector<std::string_view> all_models(const Reading& reading) {
  std::vector<std::string_view> out;
  for (const auto& model : reading.scenario.models) out.emplace_back(model.name);
  return out;
}

/// The adapter's selector, as the query it becomes.
void check_selected(const ScaledModel& scaled, const HpaMetricSpec& metric, const Node& at, const std::string& path) {
  const auto query =
      promql::parse_query(fmt::format("{}{{{}}}", metric.name, promql::adapter_matchers(metric.selector)));
  if (!query) return;  // a label no PromQL has
  for (const auto& error : check_series(*query, all_models(scaled.reading)))
    scaled.reading.problems.add(at, path, error.what, error.hint);
}

void check_hpa_metric(const ScaledModel& scaled, const HpaMetricSpec& metric, std::size_t index) {
  const Node& at = scaled.at("metrics", index);
  const std::string path = scaled.spec.find("metrics") == nullptr
                               ? scaled.path
                               : join_path(join_path(scaled.path, "metrics"), std::to_string(index));
  switch (metric.kind) {
    case HpaMetricKind::resource:
    case HpaMetricKind::container_resource:
      check_resource(scaled, at, path, metric.name == "cpu", metric.target == HpaTargetKind::utilization);
      return;
    case HpaMetricKind::pods:
      if (!offered_by_pods(metric.name))
        scaled.reading.problems.add(at, path, fmt::format("no exporter offers the metric \"{}\"", metric.name),
                                    unknown_metric_hint(metric.name));
      return;
    case HpaMetricKind::object:
    case HpaMetricKind::external:
      if (find_metric(metric.name) == nullptr)
        scaled.reading.problems.add(at, path, fmt::format("no exporter offers the metric \"{}\"", metric.name),
                                    unknown_metric_hint(metric.name));
      else
        check_selected(scaled, metric, at, path);
  }
}

void check_trigger(const ScaledModel& scaled, const KedaTrigger& trigger, std::size_t index) {
  if (const auto* prometheus = std::get_if<PrometheusScaler>(&trigger.source)) {
    const Node& item = scaled.at("triggers", index);
    const Node* metadata = item.find("metadata");
    const Node* at = metadata == nullptr ? nullptr : metadata->find("query");
    const std::string path = fmt::format("{}.{}.metadata.query", join_path(scaled.path, "triggers"), index);
    const auto query = promql::parse_query(prometheus->query);
    if (query)
      for (const auto& error : check_series(*query, all_models(scaled.reading)))
        scaled.reading.problems.add(at == nullptr ? item : *at, path, error.where + ": " + error.what, error.hint);
  }
  const auto* resource = std::get_if<ResourceScaler>(&trigger.source);
  if (resource == nullptr) return;
  check_resource(scaled, scaled.at("triggers", index),
                 join_path(join_path(scaled.path, "triggers"), std::to_string(index)), trigger.type == "cpu",
                 resource->target == HpaTargetKind::utilization);
}

void check_scaled(const ScaledModel& scaled, const ScalingSpec& scaling) {
  if (scaling.policy == "hpa") {
    std::size_t index = 0;
    for (const auto& metric : scaling.params.made<HpaBlock>("spec").spec.metrics)
      check_hpa_metric(scaled, metric, index++);
  } else {
    std::size_t index = 0;
    for (const auto& trigger : scaling.params.made<KedaSpec>("spec").triggers) check_trigger(scaled, trigger, index++);
  }
}

}  // namespace

void check_scaling_metrics(Reading& reading) {
  const Node* all = reading.root.find("scaling");
  if (all == nullptr || !all->is(Node::Kind::map)) return;
  for (const auto& entry : all->entries) {
    const Node* spec = entry.value.find("spec");
    if (spec == nullptr) continue;
    for (const auto& group : reading.groups) {
      if (!group.ok || group.members.empty()) continue;
      for (const auto member : group.members) {
        const ModelSpec& model = reading.scenario.models[member];
        if (group.name != entry.key && model.name != entry.key) continue;
        const ScalingSpec& scaling = reading.scenario.scaling[member];
        if ((scaling.policy != "hpa" && scaling.policy != "keda") || !scaling.params.has("spec")) continue;
        check_scaled({reading, model, *spec, join_path(join_path("scaling", entry.key), "spec")}, scaling);
        break;  // all copies are alike
      }
    }
  }
}

}  // namespace windtunnel
