#include "policies/kubernetes/hpa_policy.hpp"

#include <utility>

#include "policies/kubernetes/hpa_readings.hpp"

namespace windtunnel {
namespace {

/// Size, pods, and each metric as read.
std::string hpa_inputs(const HpaScale& scale, MetricsView* view, const std::vector<HpaReading>& readings) {
  std::string out = "spec " + std::to_string(scale.spec_replicas) + ", status " + std::to_string(scale.status_replicas);
  if (view != nullptr) {
    std::vector<HpaPod> pods;
    for (const auto& seen : view->pods()) pods.push_back(hpa_pod_of(seen));
    out += ", ready " + std::to_string(running_and_ready(pods));
  }
  for (const auto& reading : readings) out += "; " + reading.text;
  return out;
}

}  // namespace

std::vector<Param> hpa_flag_params() {
  return {{.name = "sync_period",
           .type = ParamType::duration,
           .doc = "from one reconcile to the next; another name of interval",
           .optional = true,
           .min = 0,
           .min_exclusive = true},
          {.name = "downscale_stabilization",
           .type = ParamType::duration,
           .doc = "the scale-down window where behavior gives none",
           .fallback = "5m",
           .source = "[S] --horizontal-pod-autoscaler-downscale-stabilization"},
          {.name = "tolerance",
           .type = ParamType::number,
           .doc = "a ratio of metric to target this near to 1 changes nothing, where behavior gives no tolerance",
           .fallback = "0.1",
           .min = 0,
           .source = "[S] --horizontal-pod-autoscaler-tolerance"},
          {.name = "cpu_initialization_period",
           .type = ParamType::duration,
           .doc = "how long after a pod's start its CPU counts only once a window of readiness is covered",
           .fallback = "5m",
           .source = "[S] --horizontal-pod-autoscaler-cpu-initialization-period"},
          {.name = "initial_readiness_delay",
           .type = ParamType::duration,
           .doc = "a pod whose readiness last changed this soon after its start was never ready",
           .fallback = "30s",
           .source = "[S] --horizontal-pod-autoscaler-initial-readiness-delay"},
          {.name = "scale_to_zero",
           .type = ParamType::choice,
           .doc = "minReplicas 0: off; gate: metrics are read at size 0 (before 1.37); condition: only where the "
                  "controller itself went to 0 (1.37)",
           .fallback = "off",
           .choices = {"off", "gate", "condition"},
           .source = "[S] feature gate HPAScaleToZero"}};
}

HpaFlags hpa_flags(const ParamSet& params) {
  HpaFlags flags;
  if (params.has("sync_period")) flags.sync_period = params.duration("sync_period");
  flags.downscale_stabilization = params.duration("downscale_stabilization");
  flags.tolerance = params.number("tolerance");
  flags.cpu_initialization_period = params.duration("cpu_initialization_period");
  flags.initial_readiness_delay = params.duration("initial_readiness_delay");
  const auto& zero = params.text("scale_to_zero");
  flags.scale_to_zero = zero == "off" ? HpaZero::off : zero == "gate" ? HpaZero::gate : HpaZero::condition;
  return flags;
}

std::vector<Param> HpaPolicy::params() {
  std::vector<Param> out = {
      {.name = "spec",
       .type = ParamType::block,
       .doc = "the spec of an autoscaling/v2 manifest, word for word: minReplicas, maxReplicas, metrics, behavior"}};
  for (auto& param : hpa_flag_params()) out.push_back(std::move(param));
  return out;
}

std::string HpaPolicy::check(const ParamSet& params) {
  if (params.given("interval") && params.has("sync_period") &&
      params.duration("interval") != params.duration("sync_period")) {
    return "interval and sync_period are the same thing, and differ; write one of them";
  }
  return {};
}

HpaPolicy::HpaPolicy(const ParamSet& params) : HpaPolicy(params.made<HpaBlock>("spec").spec, hpa_flags(params)) {}

SignalNeeds HpaPolicy::needs() const {
  SignalNeeds needs;
  needs.metrics = true;
  for (const auto& metric : spec_.metrics) {  // kept from the start, so that the first sync has them
    if (metric.kind == HpaMetricKind::pods) needs.pod_metrics.push_back(metric.name);
    if (metric.kind == HpaMetricKind::object || metric.kind == HpaMetricKind::external)
      needs.external_metrics.push_back(metric.name);
  }
  return needs;
}

std::string hpa_limits_text(const HpaOutcome& outcome) {
  std::string out;
  if (outcome.stabilised && *outcome.stabilised != *outcome.proposal) {
    out = *outcome.stabilised > *outcome.proposal ? "scale-down window: " : "scale-up window: ";
    out += std::to_string(*outcome.stabilised);
  }
  const auto before = outcome.stabilised ? outcome.stabilised : outcome.proposal;
  if (before && *before != outcome.replicas) {
    if (!out.empty()) out += "; ";
    out += std::string(outcome.reason) + ": " + std::to_string(outcome.replicas);
  }
  return out;
}

ScalingDecision HpaPolicy::decide(const Observation& seen) {
  HpaScale scale{.now = SimTime{to_duration(seen.now_s)},
                 .spec_replicas = seen.current_replicas,
                 .status_replicas = seen.current_replicas,
                 .explained = seen.explained};
  if (seen.metrics != nullptr) scale.status_replicas = status_replicas_of(seen.metrics->pods());
  HpaReadings readings(spec_, flags_, seen.metrics);
  auto outcome = reconcile_hpa(spec_, flags_, memory_, scale, readings);
  ScalingDecision decision;
  decision.desired_replicas = outcome.replicas;
  decision.reason = outcome.reason;
  decision.value = kNoSample;
  if (outcome.choice.metric) decision.value = readings.read().at(*outcome.choice.metric).value;
  decision.proposed = outcome.proposal.value_or(outcome.replicas);
  if (!seen.explained) return decision;
  decision.inputs = hpa_inputs(scale, seen.metrics, readings.read());
  decision.limits = hpa_limits_text(outcome);
  decision.conditions = std::move(outcome.conditions);
  return decision;
}

}  // namespace windtunnel
