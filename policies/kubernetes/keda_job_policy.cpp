#include "policies/kubernetes/keda_job_policy.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "policies/kubernetes/keda_policy.hpp"
#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {

std::vector<Param> KedaJobPolicy::params() {
  std::vector<Param> out = {
      {.name = "spec",
       .type = ParamType::block,
       .doc = "the spec of a keda.sh/v1alpha1 ScaledJob, word for word: triggers, scalingStrategy, ..."},
      {.name = "annotations", .type = ParamType::block, .doc = "its annotations: autoscaling.keda.sh/paused"},
      {.name = "messages_per_job",
       .type = ParamType::integer,
       .doc = "messages a job takes before it ends, exit code 0",
       .fallback = "1",
       .min = 1,
       .max = 1000000,
       .source = "[S] one message a job is what KEDA's guide shows",
       .unit = "messages"}};
  for (auto& param : keda_trigger_params()) out.push_back(std::move(param));
  return out;
}

KedaJobPolicy::KedaJobPolicy(const ParamSet& params)
    : spec_(params.made<KedaJobSpec>("spec")),
      sources_(spec_.triggers.size()),
      messages_(params.integer("messages_per_job")) {}

SignalNeeds KedaJobPolicy::needs() const {
  return keda_needs(spec_.triggers);
}

ScalingDecision KedaJobPolicy::decide(const Observation& seen) {
  ScalingDecision decision;
  decision.desired_replicas = seen.current_replicas;
  decision.reason = "ScaledJob: only polls create jobs";
  return decision;
}

// A job none of whose pods runs, or has what pendingPodConditions ask for.
std::int64_t KedaJobPolicy::pending_jobs(const Observation& seen) const {
  if (seen.metrics == nullptr) return std::max(0, seen.current_replicas - seen.ready_replicas);
  const auto& pods = seen.metrics->pods();
  return std::count_if(pods.begin(), pods.end(), [&](const PodView& pod) {
    if (pod.deleted || pod.phase == PodPhase::succeeded || pod.phase == PodPhase::failed) return false;
    if (spec_.pending_until_ready) return !pod.ready.value_or(false);
    if (spec_.pending_until_scheduled) return !pod.started_s;
    return pod.phase == PodPhase::pending;
  });
}

std::optional<ScalingDecision> KedaJobPolicy::poll(const Observation& seen) {
  ScalingDecision decision;
  decision.desired_replicas = seen.current_replicas;
  decision.value = kNoSample;
  if (spec_.paused) {
    decision.reason = "ScaledJobPaused";
    return decision;
  }
  std::vector<KedaJobTrigger> triggers;
  bool error = false;
  for (std::size_t i = 0; i < spec_.triggers.size(); ++i) {
    const KedaTrigger& trigger = spec_.triggers[i];
    const KedaReading reading = sources_.read(trigger, i, seen.metrics, seen.now_s);
    const double length = static_cast<double>(keda_metric_milli(reading.value)) / 1000;
    error = error || reading.failed();
    triggers.push_back({.queue_length = reading.failed() ? 0 : length,
                        .target_average = static_cast<double>(keda_metric_milli(trigger.target)) / 1000,
                        .active = !reading.failed() && reading.active});
    decision.inputs += fmt::format(
        "{}{}{}", decision.inputs.empty() ? "" : ", ", trigger.type,
        reading.failed() ? ": " + reading.error : fmt::format("={}{}", length, reading.active ? " active" : ""));
  }
  const KedaJobState state{
      .running = seen.current_replicas, .pending = pending_jobs(seen), .min = spec_.min, .max = spec_.max};
  const auto demand = keda_job_demand(triggers, spec_.calculation, spec_.min, spec_.max - spec_.min);
  const auto create = keda_jobs_to_create(spec_.strategy, demand, state);
  decision.desired_replicas = seen.current_replicas + static_cast<int>(std::min<std::int64_t>(create, spec_.max));
  decision.reason = create > 0      ? "KEDAJobsCreated"
                    : error         ? (demand.active ? "PartialTriggerError" : "TriggerError")
                    : demand.active ? "no need to create jobs"
                                    : "ScalerNotActive";
  decision.value = static_cast<double>(demand.queue_length);
  decision.inputs +=
      fmt::format("; running {}, pending {}, maxScale {}", state.running, state.pending, demand.max_scale);
  decision.limits = create < demand.queue_length && demand.active ? fmt::format("effectiveMaxScale: {}", create) : "";
  return decision;
}

}  // namespace windtunnel
