// Pods, specs and metrics of an HPA, as its tests need them.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "policies/kubernetes/hpa_controller.hpp"

namespace windtunnel::testing_support {

/// Seconds after a day, so that windows reach into the past.
inline SimTime hpa_at(int seconds) {
  return SimTime{std::chrono::hours(24) + std::chrono::seconds(seconds)};
}

/// Pods past their start, Ready, each with a request of 1000 and a sample.
inline std::vector<HpaPod> hpa_pods(const std::vector<std::int64_t>& usages) {
  std::vector<HpaPod> pods;
  for (const auto usage : usages) {
    HpaPod pod;
    pod.ready = true;
    pod.started = pod.ready_changed = SimTime{};
    pod.sample = HpaSample{.milli = usage, .at = hpa_at(3600), .window = std::chrono::seconds(60)};
    pod.request_milli = 1000;
    pods.push_back(pod);
  }
  return pods;
}

/// Metrics with set proposals; none: the metric fails.
struct FixedMetrics final : HpaMetrics {
  explicit FixedMetrics(std::vector<std::optional<std::int32_t>> wanted) : proposals(std::move(wanted)) {}
  HpaProposal propose(std::size_t index, const HpaScale&, HpaTolerance) override {
    ++asked;
    HpaProposal out;
    if (proposals.at(index)) {
      out.replicas = *proposals[index];
    } else {
      out.error = "unable to get external metric";
    }
    return out;
  }
  std::vector<std::optional<std::int32_t>> proposals;
  int asked = 0;
};

/// External metrics, no behavior.
inline HpaSpec external_spec(std::int32_t min, std::int32_t max, std::size_t metrics = 1) {
  HpaSpec spec;
  spec.min_replicas = min;
  spec.max_replicas = max;
  HpaMetricSpec metric;
  metric.kind = HpaMetricKind::external;
  spec.metrics.assign(metrics, metric);
  return spec;
}

inline HpaOutcome reconcile_at(const HpaSpec& spec, HpaMemory& memory, int seconds, std::int32_t current,
                               HpaMetrics& metrics, const HpaFlags& flags = {}) {
  return reconcile_hpa(spec, flags, memory,
                       {.now = hpa_at(seconds), .spec_replicas = current, .status_replicas = current}, metrics);
}

inline HpaScalingRules one_policy(HpaPolicyType type, std::int32_t value, int period_s) {
  HpaScalingRules rules;
  rules.policies = {{.type = type, .value = value, .period = std::chrono::seconds(period_s)}};
  return rules;
}
inline HpaScalingRules percent_rules(std::int32_t value, int period_s) {
  return one_policy(HpaPolicyType::percent, value, period_s);
}
inline HpaScalingRules pods_rules(std::int32_t value, int period_s) {
  return one_policy(HpaPolicyType::pods, value, period_s);
}

}  // namespace windtunnel::testing_support
