#include "policies/kubernetes/hpa_proposal.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "policies/kubernetes/hpa_pod_samples.hpp"

namespace windtunnel {
namespace {

/// Pods by class. Requests are those of the pods, 0 where the target does not look at them.
struct GroupedPods {
  std::vector<std::int64_t> missing_requests, unready_requests;
  std::int64_t ready = 0;
};

std::int64_t request_of(const HpaPod& pod) {
  return pod.request_milli.value_or(0);
}

/// Sorts the pods and adds the samples of those that count.
GroupedPods group_pods(std::span<const HpaPod> pods, bool cpu, SimTime now, const HpaFlags& flags,
                       HpaPodSamples& samples) {
  GroupedPods groups;
  for (const auto& pod : pods) {
    switch (classify_pod(pod, cpu, now, flags)) {
      case HpaPodClass::ignored: break;
      case HpaPodClass::unready: groups.unready_requests.push_back(request_of(pod)); break;
      case HpaPodClass::missing: groups.missing_requests.push_back(request_of(pod)); break;
      case HpaPodClass::ready:
        samples.add(pod.sample->milli, request_of(pod));
        ++groups.ready;
        break;
    }
  }
  return groups;
}

/// What a pod without a sample is taken to use: the worst case against the direction of the change (trap 11).
std::int64_t missing_milli(const HpaPodTarget& target, std::int64_t request, double ratio) {
  if (ratio > 1.0) return 0;
  if (target.kind == HpaTargetKind::average_value) return target.milli;
  return divide_milli(times_milli(request, std::max(100, target.percent)), 100);
}

std::int32_t rounded_up(double ratio, std::int64_t pods) {
  return to_replicas(std::ceil(ratio * static_cast<double>(pods)));
}

/// The second pass, with missing and unready pods filled in.
std::int32_t settle_filled(double first, double second, std::int64_t pods, std::int32_t current,
                           HpaTolerance tolerance) {
  const bool turned = (first < 1.0 && second > 1.0) || (first > 1.0 && second < 1.0);
  if (tolerance.holds(second) || turned) return current;
  const std::int32_t wanted = rounded_up(second, pods);
  // A rolling update with surge pods must not invert the direction.
  const bool inverted = (second < 1.0 && wanted > current) || (second > 1.0 && wanted < current);
  return inverted ? current : wanted;
}

HpaProposal invalid_proposal(std::string why) {
  HpaProposal out;
  out.error = std::move(why);
  return out;
}

}  // namespace

HpaProposal propose_from_pods(std::span<const HpaPod> pods, std::span<const HpaSample> strangers,
                              const HpaPodTarget& target, std::int32_t current, HpaTolerance tolerance, SimTime now,
                              const HpaFlags& flags) {
  if (pods.empty()) return invalid_proposal("no pods returned by selector while calculating replica count");
  HpaPodSamples samples(target);
  const auto groups = group_pods(pods, target.cpu, now, flags, samples);
  for (const auto& sample : strangers) samples.add_stranger(sample.milli);
  const bool by_request = target.kind == HpaTargetKind::utilization;
  if (by_request && std::any_of(pods.begin(), pods.end(), [](const HpaPod& pod) { return !pod.request_milli; })) {
    return invalid_proposal("missing request for the resource in a container of the pods");
  }
  HpaProposal out = samples.measured();
  if (!out.valid()) return out;

  const bool up_with_unready = !groups.unready_requests.empty() && out.ratio > 1.0;
  if (!up_with_unready && groups.missing_requests.empty()) {
    out.replicas = tolerance.holds(out.ratio) ? current : rounded_up(out.ratio, groups.ready);
    return out;
  }
  if (out.ratio < 1.0 || out.ratio > 1.0) {  // at 1 exactly they are left out
    for (const auto request : groups.missing_requests) {
      samples.add(missing_milli(target, request, out.ratio), request);
    }
  }
  if (up_with_unready) {
    for (const auto request : groups.unready_requests) samples.add(0, request);
  }
  const auto filled = samples.measured();
  if (!filled.valid()) return filled;
  out.replicas = settle_filled(out.ratio, filled.ratio, samples.count(), current, tolerance);
  return out;
}

HpaProposal propose_from_value(std::int64_t usage_milli, std::int64_t target_milli, std::int32_t current,
                               std::int64_t pods, std::int64_t ready_pods, HpaTolerance tolerance) {
  HpaProposal out;
  out.ratio = static_cast<double>(usage_milli) / static_cast<double>(target_milli);
  if (current == 0) {
    out.replicas = to_replicas(std::ceil(out.ratio));
  } else if (tolerance.holds(out.ratio)) {
    out.replicas = current;
  } else if (pods == 0) {
    return invalid_proposal("no pods returned by selector while calculating replica count");
  } else {
    out.replicas = rounded_up(out.ratio, ready_pods);
  }
  return out;
}

HpaProposal propose_from_average(std::int64_t usage_milli, std::int64_t target_milli, std::int32_t status,
                                 HpaTolerance tolerance) {
  const auto usage = static_cast<double>(usage_milli);
  const auto target = static_cast<double>(target_milli);
  HpaProposal out;
  out.ratio = usage / (target * static_cast<double>(status));  // status 0: infinite or no number, never within
  out.replicas = tolerance.holds(out.ratio) ? status : to_replicas(std::ceil(usage / target));
  out.average_milli = to_milli(std::ceil(usage / static_cast<double>(status)));
  return out;
}

}  // namespace windtunnel
