#include "policies/kubernetes/keda_policy.hpp"

#include <utility>

#include <fmt/format.h>

#include "policies/kubernetes/hpa_policy.hpp"
#include "policies/kubernetes/keda_hpa_metrics.hpp"

namespace windtunnel {
namespace {

SimTime instant(const Observation& seen) {
  return SimTime{to_duration(seen.now_s)};
}

KedaMetrics::Moment moment_of(const Observation& seen) {
  return {.view = seen.metrics,
          .now_s = seen.now_s,
          .current = seen.current_replicas,
          .ready = seen.ready_replicas,
          .explained = seen.explained};
}

ScalingDecision paused(const KedaAnnotations& annotations, int current) {
  ScalingDecision decision;
  decision.desired_replicas = annotations.paused_replicas.value_or(current);
  decision.reason = "ScaledObjectPaused";
  decision.value = kNoSample;
  decision.conditions = {"Paused=True ScaledObjectPaused"};
  return decision;
}

HpaFlags keda_hpa_flags(ParamSet params) {
  params.set("scale_to_zero", std::string("off"), false);
  return hpa_flags(params);
}

bool is_paused(const KedaAnnotations& annotations) {
  return annotations.paused || annotations.paused_replicas;
}

}  // namespace

std::vector<Param> keda_trigger_params() {
  return {{.name = "clock_start",
           .type = ParamType::text,
           .doc = "what the clocks of cron triggers show at time 0, each in its own timezone",
           .fallback = "2026-01-05T00:00",
           .source = "[A] midnight, and a Monday"}};
}

SignalNeeds keda_needs(const std::vector<KedaTrigger>& triggers) {
  SignalNeeds needs;
  needs.metrics = true;
  for (const auto& trigger : triggers)
    if (const auto* scaler = std::get_if<PrometheusScaler>(&trigger.source)) needs.queries.push_back(scaler->query);
  return needs;
}

std::vector<Param> KedaPolicy::params() {
  std::vector<Param> out = {
      {.name = "spec",
       .type = ParamType::block,
       .doc = "the spec of a keda.sh/v1alpha1 ScaledObject, word for word: triggers, pollingInterval, ..."},
      {.name = "annotations",
       .type = ParamType::block,
       .doc = "its annotations: autoscaling.keda.sh/paused, paused-replicas, paused-scale-in, paused-scale-out, "
              "force-activation"}};
  for (auto& param : keda_trigger_params()) out.push_back(std::move(param));
  for (auto& param : hpa_flag_params())
    if (param.name != "scale_to_zero") out.push_back(std::move(param));  // its minReplicas is at least 1
  return out;
}

KedaPolicy::KedaPolicy(const ParamSet& params)
    : spec_(params.made<KedaSpec>("spec")), hpa_(hpa_of(spec_)), flags_(keda_hpa_flags(params)), metrics_(spec_) {}

SignalNeeds KedaPolicy::needs() const {
  return keda_needs(spec_.triggers);
}

std::optional<ScalingDecision> KedaPolicy::poll(const Observation& seen) {
  if (is_paused(spec_.annotations)) return paused(spec_.annotations, seen.current_replicas);
  const KedaMetrics::State metrics = metrics_.poll(moment_of(seen));
  KedaPollState state;
  state.now = instant(seen);
  state.active = metrics.active;
  state.error = metrics.error;
  state.forced = spec_.annotations.force_activation;
  state.current = seen.current_replicas;
  state.min = spec_.min;
  state.idle = spec_.idle;
  if (spec_.fallback) state.fallback = spec_.fallback->replicas;
  state.cooldown = spec_.cooldown;
  state.initial_cooldown = spec_.initial_cooldown;
  state.last_active = last_active_;
  state.pause_scale_in = spec_.annotations.paused_scale_in;
  state.pause_scale_out = spec_.annotations.paused_scale_out;
  const KedaPollOutcome outcome = keda_poll(state);
  last_active_ = outcome.last_active;

  ScalingDecision decision;
  decision.desired_replicas = outcome.replicas;
  decision.reason = outcome.reason;
  decision.value = kNoSample;
  if (!seen.explained) return decision;
  decision.inputs = fmt::format("spec {}; {}", seen.current_replicas, metrics_.take_seen());
  decision.conditions = {
      fmt::format("Active={} {}", outcome.condition == "ScalerActive" ? "True" : "False", outcome.condition)};
  if (metrics.fallback) decision.conditions.emplace_back("Fallback=True FallbackExists");
  return decision;
}

ScalingDecision KedaPolicy::decide(const Observation& seen) {
  if (is_paused(spec_.annotations)) {  // there is no HPA then
    auto decision = paused(spec_.annotations, seen.current_replicas);
    decision.desired_replicas = seen.current_replicas;
    return decision;
  }
  KedaHpaMetrics metrics(spec_, hpa_, flags_, metrics_, moment_of(seen));
  HpaScale scale{.now = instant(seen),
                 .spec_replicas = seen.current_replicas,
                 .status_replicas = seen.current_replicas,
                 .explained = seen.explained};
  if (seen.metrics != nullptr) scale.status_replicas = status_replicas_of(seen.metrics->pods());
  HpaOutcome outcome = reconcile_hpa(hpa_, flags_, memory_, scale, metrics);
  ScalingDecision decision;
  decision.desired_replicas = outcome.replicas;
  decision.reason = outcome.reason;
  decision.value = outcome.choice.metric ? metrics.values().at(*outcome.choice.metric) : kNoSample;
  decision.proposed = outcome.proposal.value_or(outcome.replicas);
  if (!seen.explained) return decision;
  decision.limits = hpa_limits_text(outcome);
  decision.inputs = fmt::format("spec {}, status {}, ready {}; {}{}", scale.spec_replicas, scale.status_replicas,
                                seen.ready_replicas, metrics_.take_seen(), metrics.resources());
  decision.conditions = std::move(outcome.conditions);
  return decision;
}

}  // namespace windtunnel
