#include "policies/kubernetes/hpa_pods.hpp"

#include <algorithm>

namespace windtunnel {
namespace {

/// Whether the CPU of a pod that has a sample says nothing yet, because the pod is still starting.
bool cpu_unready(const HpaPod& pod, SimTime now, const HpaFlags& flags) {
  if (!pod.ready || !pod.started) return true;
  const bool initialising = *pod.started + flags.cpu_initialization_period > now;
  // The sample must cover a whole window of readiness.
  if (initialising) return !*pod.ready || pod.sample->at < pod.ready_changed + pod.sample->window;
  const bool never_ready = *pod.started + flags.initial_readiness_delay > pod.ready_changed;
  return !*pod.ready && never_ready;
}

}  // namespace

HpaPodClass classify_pod(const HpaPod& pod, bool cpu, SimTime now, const HpaFlags& flags) {
  if (pod.deleting || pod.phase == PodPhase::failed) return HpaPodClass::ignored;
  if (pod.phase == PodPhase::pending) return HpaPodClass::unready;
  if (!pod.sample) return HpaPodClass::missing;
  return cpu && cpu_unready(pod, now, flags) ? HpaPodClass::unready : HpaPodClass::ready;
}

std::int64_t running_and_ready(std::span<const HpaPod> pods) {
  return std::count_if(pods.begin(), pods.end(),
                       [](const HpaPod& pod) { return pod.phase == PodPhase::running && pod.ready.value_or(false); });
}

}  // namespace windtunnel
