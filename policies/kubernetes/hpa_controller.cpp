#include "policies/kubernetes/hpa_controller.hpp"

#include <algorithm>

namespace windtunnel {
namespace {

std::string condition_text(std::string_view type, bool holds, std::string_view reason) {
  std::string text(type);
  text += holds ? "=True " : "=False ";
  text += reason;
  return text;
}

/// Whether the size is a pause of someone else's making: metrics are not read, nothing changes.
bool paused_at_zero(const HpaSpec& spec, const HpaFlags& flags, const HpaMemory& memory, std::int32_t current) {
  if (current != 0) return false;
  if (flags.scale_to_zero == HpaZero::condition) return !memory.scaled_to_zero;
  return spec.min_replicas != 0;
}

/// Windows, limits and bounds on the metrics' proposal.
void normalise(const HpaSpec& spec, const HpaFlags& flags, HpaMemory& memory, const HpaScale& scale, HpaOutcome& out) {
  const std::int32_t current = scale.spec_replicas, proposal = *out.proposal;
  LimitedReplicas limited;
  if (!spec.behavior) {
    out.stabilised = stabilise_legacy(*memory.records, proposal, flags.downscale_stabilization, scale.now);
    limited = limit_legacy(current, *out.stabilised, spec.min_replicas, spec.max_replicas);
  } else {
    const auto& behavior = *spec.behavior;
    const Duration up = behavior.up.window.value_or(Duration::zero());
    const Duration down = behavior.down.window.value_or(flags.downscale_stabilization);
    out.stabilised = stabilise_behavior(*memory.records, current, proposal, up, down, scale.now);
    limited = limit_behavior(current, *out.stabilised, spec.min_replicas, spec.max_replicas, behavior, memory.ups,
                             memory.downs, scale.now);
  }
  out.replicas = limited.replicas;
  out.reason = limited.reason;
}

std::string_view stabilisation_reason(const HpaOutcome& out) {
  if (!out.stabilised || *out.stabilised == *out.proposal) return "ReadyForNewScale";
  return *out.stabilised > *out.proposal ? "ScaleDownStabilized" : "ScaleUpStabilized";
}

/// The branch of the metrics. Sets the conditions ScalingActive and ScalingLimited.
void follow_metrics(const HpaSpec& spec, const HpaFlags& flags, HpaMemory& memory, const HpaScale& scale,
                    HpaMetrics& metrics, HpaOutcome& out) {
  const auto tolerance = hpa_tolerance(flags, spec.behavior);
  out.proposals.reserve(spec.metrics.size());
  for (std::size_t i = 0; i < spec.metrics.size(); ++i) out.proposals.push_back(metrics.propose(i, scale, tolerance));
  out.choice = choose_proposal(out.proposals, scale.spec_replicas);
  if (!out.choice.replicas) {
    out.reason = out.choice.failed ? failed_metric_reason(spec.metrics[*out.choice.failed].kind) : "NoMetrics";
    if (scale.explained)
      out.conditions = {condition_text("AbleToScale", true, "SucceededGetScale"),
                        condition_text("ScalingActive", false, out.reason)};
    return;
  }
  out.proposal = std::max(0, *out.choice.replicas);  // a negative metric proposes none
  normalise(spec, flags, memory, scale, out);
  if (!scale.explained) return;
  const bool rescale = out.replicas != scale.spec_replicas;
  out.conditions = {condition_text("AbleToScale", true, rescale ? "SucceededRescale" : stabilisation_reason(out)),
                    condition_text("ScalingActive", true, "ValidMetricFound"),
                    condition_text("ScalingLimited", out.reason != kDesiredWithinRange, out.reason)};
}

void correct_bound(std::int32_t bound, std::string_view reason, HpaOutcome& out) {
  out.replicas = bound;
  out.reason = reason;
  out.conditions = {condition_text("AbleToScale", true, "SucceededRescale")};
}

}  // namespace

std::string_view failed_metric_reason(HpaMetricKind kind) {
  switch (kind) {
    case HpaMetricKind::resource: return "FailedGetResourceMetric";
    case HpaMetricKind::container_resource: return "FailedGetContainerResourceMetric";
    case HpaMetricKind::pods: return "FailedGetPodsMetric";
    case HpaMetricKind::object: return "FailedGetObjectMetric";
    case HpaMetricKind::external: return "FailedGetExternalMetric";
  }
  return "InvalidMetricSourceType";
}

HpaChoice choose_proposal(const std::vector<HpaProposal>& proposals, std::int32_t current) {
  HpaChoice choice;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    const auto& proposal = proposals[i];
    if (!proposal.valid()) {
      if (!choice.failed) {
        choice.failed = i;
        choice.error = proposal.error;
      }
    } else if (!choice.replicas || proposal.replicas > *choice.replicas) {
      choice.replicas = proposal.replicas;
      choice.metric = i;
    }
  }
  if (choice.failed && choice.replicas && *choice.replicas < current) {
    choice.replicas.reset();
    choice.metric.reset();
  }
  return choice;
}

HpaOutcome reconcile_hpa(const HpaSpec& spec, const HpaFlags& flags, HpaMemory& memory, const HpaScale& scale,
                         HpaMetrics& metrics) {
  const std::int32_t current = scale.spec_replicas;
  // The first reconcile holds the size for the window (trap 4).
  if (!memory.records) memory.records = HpaRecords{{.replicas = current, .at = scale.now}};
  HpaOutcome out;
  out.replicas = current;
  if (paused_at_zero(spec, flags, memory, current)) {
    out.reason = kScalingDisabled;
    out.conditions = {condition_text("AbleToScale", true, "SucceededGetScale"),
                      condition_text("ScalingActive", false, kScalingDisabled)};
  } else if (current > spec.max_replicas) {
    correct_bound(spec.max_replicas, kAboveMax, out);
  } else if (current < spec.min_replicas) {
    correct_bound(spec.min_replicas, kBelowMin, out);
  } else {
    follow_metrics(spec, flags, memory, scale, metrics, out);
  }
  if (out.replicas != current) {
    remember_scale(spec, memory, current, out.replicas, scale.now);
    memory.scaled_to_zero = out.replicas == 0 && spec.min_replicas == 0;
  }
  return out;
}

void remember_scale(const HpaSpec& spec, HpaMemory& memory, std::int32_t from, std::int32_t to, SimTime now) {
  if (!spec.behavior) return;
  if (to > from) store_scale_event(memory.ups, to - from, longest_period(spec.behavior->up.policies), now);
  if (to < from) store_scale_event(memory.downs, from - to, longest_period(spec.behavior->down.policies), now);
}

}  // namespace windtunnel
