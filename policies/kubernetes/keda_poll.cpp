#include "policies/kubernetes/keda_poll.hpp"

#include <algorithm>

namespace windtunnel {
namespace {

// Both comparisons are strict, and the last activity counts from the moment it was last seen, at a poll (trap 15).
bool has_cooled_down(const KedaPollState& state) {
  if (!state.last_active) return state.created + state.initial_cooldown < state.now;
  return *state.last_active + state.cooldown < state.now;
}

KedaPollOutcome when_active(const KedaPollState& state, KedaPollOutcome out) {
  out.condition = "ScalerActive";
  if (state.current == 0 || (state.idle && state.current < state.min)) {
    if (state.pause_scale_out) {
      out.reason = "PausedScaleOut";
      return out;
    }
    out.replicas = std::max(1, state.min);
    out.last_active = whole_second(state.now);
    out.reason = "KEDAScaleTargetActivated";
  } else if (state.error) {  // not refreshed: the cooldown runs on under a partial failure
    out.reason = "PartialTriggerError";
  } else {
    out.last_active = whole_second(state.now);
    out.reason = "ScalerActive";
  }
  return out;
}

KedaPollOutcome deactivate(const KedaPollState& state, KedaPollOutcome out) {
  if (state.pause_scale_in) {
    out.reason = "PausedScaleIn";
  } else if (!has_cooled_down(state)) {
    out.condition = "ScalerCooldown";
    out.reason = "ScalerCooldown";
  } else {  // one write, whatever windows and policies the HPA has
    out.replicas = state.idle.value_or(state.min);
    out.reason = "KEDAScaleTargetDeactivated";
  }
  return out;
}

KedaPollOutcome when_inactive(const KedaPollState& state, KedaPollOutcome out) {
  out.condition = "ScalerNotActive";
  if (state.error && (!state.fallback || *state.fallback != 0)) {
    out.reason = "TriggerError";
    return out;
  }
  if ((state.idle && state.current > *state.idle) || (state.current > 0 && state.min == 0))
    return deactivate(state, out);
  if (!state.idle && state.current < state.min) {
    out.replicas = state.min;
    out.reason = "ScaledToMinReplicaCount";
    return out;
  }
  out.reason = "ScalerNotActive";
  return out;
}

}  // namespace

KedaPollOutcome keda_poll(const KedaPollState& state) {
  KedaPollOutcome out;
  out.replicas = state.current;
  out.last_active = state.last_active;
  return state.active || state.forced ? when_active(state, out) : when_inactive(state, out);
}

}  // namespace windtunnel
