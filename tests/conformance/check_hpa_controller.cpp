// Rows of whole reconciles.
#include <algorithm>

#include "tests/conformance/hpa_rows.hpp"
#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

/// The metrics of a row: what its adapters would answer.
class RowMetrics final : public HpaMetrics {
 public:
  explicit RowMetrics(std::vector<Fields> metrics) : metrics_(std::move(metrics)) {}

  HpaProposal propose(std::size_t index, const HpaScale& scale, HpaTolerance tolerance) override {
    const auto& metric = metrics_.at(index);
    if (metric.boolean("error", false)) return failed("the metric could not be read");
    const auto type = metric.text("type");
    const auto slash = type.find('/');
    const auto source = type.substr(0, slash), target = slash == std::string::npos ? "" : type.substr(slash + 1);
    if (source == "Resource" || source == "ContainerResource" || source == "Pods") {
      return from_pods(metric, source != "Pods", target, scale, tolerance);
    }
    if (source != "Object" && source != "External") throw NotUnderstood("no metric type \"" + type + "\"");
    if (!metric.has("usage_milli")) return failed("no value");
    const auto usage = metric.integer("usage_milli"), aim = metric.integer("target_milli");
    if (target == "Value") return propose_from_value(usage, aim, scale.spec_replicas, ready_, ready_, tolerance);
    if (target == "AverageValue") return propose_from_average(usage, aim, scale.status_replicas, tolerance);
    throw NotUnderstood("no metric type \"" + type + "\"");
  }

  void set_ready(std::int64_t ready) { ready_ = ready; }

 private:
  static HpaProposal failed(std::string why) {
    HpaProposal out;
    out.error = std::move(why);
    return out;
  }

  /// As many pods as spec replicas, Ready and past start-up; the first of them have the samples.
  static HpaProposal from_pods(const Fields& metric, bool resource, const std::string& target, const HpaScale& scale,
                               HpaTolerance tolerance) {
    HpaPod pod;
    pod.ready = true;
    pod.started = pod.ready_changed = scale.now - std::chrono::hours(1);
    pod.request_milli = metric.optional_integer("request_milli");
    const auto& usages = metric.list("usages_milli");
    const auto replicas = static_cast<std::size_t>(std::max(0, scale.spec_replicas));
    std::vector<HpaPod> pods(std::max(replicas, usages.size()), pod);
    for (std::size_t i = 0; i < usages.size(); ++i) {
      if (usages[i].is_null()) continue;
      pods[i].sample = HpaSample{.milli = whole_number(usages[i], metric.path() + ".usages_milli"),
                                 .at = scale.now,
                                 .window = std::chrono::seconds(60)};
    }
    HpaPodTarget aim{.kind = HpaTargetKind::average_value, .percent = 0, .milli = 0, .cpu = false};
    aim.cpu = resource && metric.text("resource", "cpu") == "cpu";
    if (target == "Utilization") {
      aim.kind = HpaTargetKind::utilization;
      aim.percent = metric.count("target_utilization_percent");
    } else {
      aim.milli = metric.integer("target_milli");
    }
    return propose_from_pods(pods, {}, aim, scale.spec_replicas, tolerance, scale.now, {});
  }

  std::vector<Fields> metrics_;
  std::int64_t ready_ = 0;
};

/// The spec's metrics only say how many there are and which reason a failure has.
HpaMetricSpec metric_of(const std::string& type) {
  HpaMetricSpec metric = default_hpa_metric();
  if (type.starts_with("Pods")) metric.kind = HpaMetricKind::pods;
  if (type.starts_with("Object")) metric.kind = HpaMetricKind::object;
  if (type.starts_with("External")) metric.kind = HpaMetricKind::external;
  return metric;
}

json reconciled(const HpaOutcome& out) {
  return {{"replicas", out.replicas},
          {"reason", out.reason},
          {"proposal", out.proposal ? json(*out.proposal) : json()},
          {"conditions", out.conditions}};
}

json check_reconcile_once(const Fields& row) {
  const auto input = row.object("input");
  HpaSpec spec;
  spec.min_replicas = input.count("min", 1);
  spec.max_replicas = input.count("max");
  if (input.has("behavior")) spec.behavior = read_behavior(input.object("behavior"));
  const auto metrics = input.objects("metrics");
  for (const auto& metric : metrics) spec.metrics.push_back(metric_of(metric.text("type")));
  HpaMemory memory;
  if (input.has("recommendations")) {
    memory.records.emplace();
    if (!input.list("recommendations").empty()) {
      for (const auto& [value, age] : input.aged("recommendations")) {
        memory.records->push_back({.replicas = value, .at = kRowNow - age});
      }
    }
  }
  HpaFlags flags;
  flags.scale_to_zero = HpaZero::gate;
  const auto replicas = input.count("spec_replicas");
  RowMetrics source(metrics);
  source.set_ready(replicas);
  return reconciled(reconcile_hpa(spec, flags, memory,
                                  {.now = kRowNow, .spec_replicas = replicas, .status_replicas = replicas}, source));
}

/// One metric, read step by step.
json check_reconcile_sequence(const Fields& row) {
  HpaSpec spec;
  spec.min_replicas = row.count("min", 1);
  spec.max_replicas = row.count("max");
  if (row.has("behavior")) spec.behavior = read_behavior(row.object("behavior"));
  const auto type = row.text("metric");
  spec.metrics = {metric_of(type)};
  HpaFlags flags;
  flags.scale_to_zero = HpaZero::gate;
  flags.downscale_stabilization = row.seconds("downscale_stabilization_flag_s", flags.downscale_stabilization);
  const auto tolerance = read_tolerance(row);
  if (spec.behavior) {
    spec.behavior->up.tolerance = tolerance.up;
    spec.behavior->down.tolerance = tolerance.down;
  } else if (tolerance.up == tolerance.down) {
    flags.tolerance = tolerance.up;
  } else {
    throw NotUnderstood("a tolerance per direction without behavior");
  }
  HpaMemory memory;
  std::int32_t size = row.count("initial_replicas");
  json out = json::array();
  for (const auto& step : row.objects("steps")) {
    json metric = step.has("usage_milli") ? json{{"usage_milli", step.integer("usage_milli")}} : json{{"error", true}};
    if (step.has("error")) metric["error"] = step.boolean("error");
    metric["type"] = type;
    metric["target_milli"] = row.integer("target_milli");
    RowMetrics source({Fields(metric, step.path())});
    source.set_ready(size);
    const auto result =
        reconcile_hpa(spec, flags, memory,
                      {.now = kRowNow + step.seconds("t_s"), .spec_replicas = size, .status_replicas = size}, source);
    size = result.replicas;
    out.push_back(reconciled(result));
  }
  return out;
}

}  // namespace

void add_hpa_controller(Registry& registry) {
  registry["reconcile_once"] = check_reconcile_once;
  registry["reconcile_sequence"] = check_reconcile_sequence;
}

}  // namespace windtunnel::conformance
