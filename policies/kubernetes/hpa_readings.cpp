#include "policies/kubernetes/hpa_readings.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>

#include "policies/kubernetes/quantity_milli.hpp"

namespace windtunnel {
namespace {

HpaProposal unreadable(std::string why) {
  HpaProposal out;
  out.error = std::move(why);
  return out;
}

/// Six figures, as people read them.
std::string hpa_figure(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

HpaPodTarget pod_target(const HpaMetricSpec& metric, bool cpu) {
  return {.kind = metric.target, .percent = metric.target_percent, .milli = metric.target_milli, .cpu = cpu};
}

std::string target_text(const HpaMetricSpec& metric) {
  if (metric.target == HpaTargetKind::utilization) return std::to_string(metric.target_percent) + "%";
  const auto value = hpa_figure(static_cast<double>(metric.target_milli) / 1000);
  return metric.target == HpaTargetKind::average_value ? value + " a pod" : value;
}

/// What the target is of.
double compared_value(const HpaMetricSpec& metric, const HpaProposal& proposal, double total) {
  const bool of_pods = metric.kind != HpaMetricKind::external && metric.kind != HpaMetricKind::object;
  if (!proposal.valid()) return total;
  if (metric.target == HpaTargetKind::utilization) return proposal.utilization_percent.value_or(0);
  return of_pods ? static_cast<double>(proposal.average_milli.value_or(0)) / 1000 : total;
}

HpaReading reading_of(const HpaMetricSpec& metric, const HpaProposal& proposal, double total, bool explained) {
  HpaReading out{.value = compared_value(metric, proposal, total), .text = {}};
  if (!explained) return out;
  out.text = hpa_metric_name(metric) + ": ";
  if (!proposal.valid()) {
    out.text += proposal.error;
    return out;
  }
  const bool of_pods = metric.kind != HpaMetricKind::external && metric.kind != HpaMetricKind::object;
  if (metric.target == HpaTargetKind::utilization) {
    out.text += hpa_figure(out.value) + "%";
  } else {
    out.text += hpa_figure(out.value) + (of_pods ? " a pod" : "");
  }
  out.text += ", target " + target_text(metric) + " -> " + std::to_string(proposal.replicas);
  return out;
}

}  // namespace

HpaPod hpa_pod_of(const PodView& pod) {
  HpaPod out;
  out.phase = pod.phase;
  out.deleting = pod.deleted;
  out.ready = pod.ready;
  out.ready_changed = SimTime{to_duration(pod.ready_changed_s)};
  if (pod.started_s) out.started = SimTime{to_duration(*pod.started_s)};
  return out;
}

std::int32_t status_replicas_of(const std::vector<PodView>& pods) {
  return static_cast<std::int32_t>(std::count_if(pods.begin(), pods.end(), [](const PodView& pod) {
    return !pod.deleted && (pod.phase == PodPhase::pending || pod.phase == PodPhase::running);
  }));
}

std::string hpa_metric_name(const HpaMetricSpec& metric) {
  static constexpr std::string_view kinds[] = {"Resource ", "ContainerResource ", "Pods ", "Object ", "External "};
  return std::string(kinds[static_cast<std::size_t>(metric.kind)]) + metric.name;
}

HpaProposal HpaReadings::propose(std::size_t index, const HpaScale& scale, HpaTolerance tolerance) {
  const auto& metric = spec_.metrics.at(index);
  HpaProposal out;
  double total = 0;
  if (view_ == nullptr) {
    out = unreadable("no metrics client");
  } else {
    switch (metric.kind) {
      case HpaMetricKind::resource:
      case HpaMetricKind::container_resource: out = from_resource(metric, scale, tolerance); break;
      case HpaMetricKind::pods: out = from_pod_metric(metric, scale, tolerance); break;
      case HpaMetricKind::object:
      case HpaMetricKind::external: out = from_total(metric, scale, tolerance, total); break;
    }
  }
  read_.push_back(reading_of(metric, out, total, scale.explained));
  return out;
}

// A model's pod has one container, so a ContainerResource metric is that of the pod.
HpaProposal HpaReadings::from_resource(const HpaMetricSpec& metric, const HpaScale& scale, HpaTolerance tolerance) {
  const bool cpu = metric.name == "cpu";
  std::vector<HpaPod> pods;
  pods.reserve(view_->pods().size());
  for (const auto& seen : view_->pods()) {
    auto& pod = pods.emplace_back(hpa_pod_of(seen));
    const auto& sample = cpu ? seen.cpu : seen.memory;
    const auto& request = cpu ? seen.cpu_request : seen.memory_request;
    if (sample) {
      pod.sample = HpaSample{.milli = resource_milli(sample->value),
                             .at = SimTime{to_duration(sample->at_s)},
                             .window = to_duration(sample->window_s)};
    }
    if (request) pod.request_milli = resource_milli(*request);
  }
  return propose_from_pods(pods, {}, pod_target(metric, cpu), scale.spec_replicas, tolerance, scale.now, flags_);
}

HpaProposal HpaReadings::from_pod_metric(const HpaMetricSpec& metric, const HpaScale& scale, HpaTolerance tolerance) {
  const auto answer = view_->pod_metric(metric.name);
  if (answer.failed()) return unreadable("unable to get metric " + metric.name + ": " + answer.error);
  std::map<std::string_view, std::int64_t> by_pod;
  for (const auto& series : answer.series) {
    const auto label = series.labels.find("pod");
    if (label != series.labels.end()) by_pod[label->second] = adapter_milli(series.value);
  }
  std::vector<HpaPod> pods;
  pods.reserve(view_->pods().size());
  for (const auto& seen : view_->pods()) {
    auto& pod = pods.emplace_back(hpa_pod_of(seen));
    const auto sample = by_pod.find(seen.name);
    if (sample == by_pod.end()) continue;
    pod.sample = HpaSample{.milli = sample->second, .at = scale.now, .window = {}};
    by_pod.erase(sample);
  }
  std::vector<HpaSample> strangers;  // samples of pods that are gone
  for (const auto& [name, milli] : by_pod) strangers.push_back({.milli = milli, .at = scale.now, .window = {}});
  return propose_from_pods(pods, strangers, pod_target(metric, false), scale.spec_replicas, tolerance, scale.now,
                           flags_);
}

HpaProposal HpaReadings::from_total(const HpaMetricSpec& metric, const HpaScale& scale, HpaTolerance tolerance,
                                    double& total) {
  const auto answer = view_->external(metric.name, metric.selector);
  if (answer.failed()) return unreadable("unable to get metric " + metric.name + ": " + answer.error);
  if (answer.series.empty()) return unreadable("no metrics returned for " + metric.name);
  if (metric.kind == HpaMetricKind::object && answer.series.size() > 1) {
    return unreadable("more than one value of " + metric.name + " for one object");
  }
  std::int64_t usage = 0;
  for (const auto& series : answer.series) usage = add_milli(usage, adapter_milli(series.value));
  total = static_cast<double>(usage) / 1000;
  if (metric.target == HpaTargetKind::average_value) {
    return propose_from_average(usage, metric.target_milli, scale.status_replicas, tolerance);
  }
  std::vector<HpaPod> pods;
  for (const auto& seen : view_->pods()) pods.push_back(hpa_pod_of(seen));
  return propose_from_value(usage, metric.target_milli, scale.spec_replicas, static_cast<std::int64_t>(pods.size()),
                            running_and_ready(pods), tolerance);
}

}  // namespace windtunnel
