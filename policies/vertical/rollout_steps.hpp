// How a Deployment's rolling update goes on from what pods there are (deployment controller, rolling.go [S]).
#pragma once

#include <algorithm>
#include <cmath>

namespace windtunnel {

/// maxUnavailable and maxSurge as shares of the wanted number: the first rounds down, the second up.
struct RolloutLimits {
  double max_unavailable = 0.25, max_surge = 0.25;  ///< [S] Kubernetes' defaults
};

/// Pods that are not on their way out. Available ones are ready.
struct RolloutPods {
  int wanted = 0;
  int fresh = 0, fresh_available = 0;  ///< of the new template
  int old = 0, old_available = 0;
};

/// What may be done now; old pods that are not available go before those that are.
struct RolloutStep {
  int create = 0;
  int remove_unavailable = 0, remove_available = 0;  ///< old ones
};

/// The next step; all 0 where it has to wait, or is over: nothing old left, as many fresh as wanted.
inline RolloutStep next_rollout_step(const RolloutLimits& limits, const RolloutPods& pods) {
  const double wanted = pods.wanted;
  const int surge = static_cast<int>(std::ceil(wanted * limits.max_surge - 1e-9));
  int unavailable = static_cast<int>(std::floor(wanted * limits.max_unavailable + 1e-9));
  if (surge == 0 && unavailable == 0) unavailable = 1;  // both rounded to nothing: it would never begin
  const int all = pods.fresh + pods.old;
  RolloutStep step;
  step.create = std::max(0, std::min(pods.wanted - pods.fresh, pods.wanted + surge - all));
  const int least = pods.wanted - unavailable;
  const int removable = all - least - (pods.fresh - pods.fresh_available);
  if (removable <= 0) return step;
  step.remove_unavailable = std::min(removable, pods.old - pods.old_available);
  const int available = pods.fresh_available + pods.old_available;
  step.remove_available =
      std::clamp(std::min(available - least, removable - step.remove_unavailable), 0, pods.old_available);
  return step;
}

}  // namespace windtunnel
