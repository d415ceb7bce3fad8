#include "policies/knative/scale_to_zero.hpp"

#include <algorithm>

namespace windtunnel {

ScaleToZero::Step ScaleToZero::step(std::int32_t wanted, std::int32_t current, std::int32_t ready,
                                    bool behind_activator, SimTime now) {
  if (!behind_activator) behind_since_.reset();
  if (behind_activator && !behind_since_) behind_since_ = now;
  if (ready == 0) active_since_.reset();
  if (ready > 0 && !active_since_) active_since_ = now;
  if (wanted != 0) {
    inactive_since_.reset();
    return {.replicas = wanted, .held_by = ""};
  }
  if (current == 0) return {.replicas = 0, .held_by = ""};
  if (!spec_.enabled) return {.replicas = 1, .held_by = "enable-scale-to-zero is false"};
  if (!active_since_) return {.replicas = current, .held_by = "activating"};
  if (!inactive_since_) {
    if (now - *active_since_ < spec_.stable_window)
      return {.replicas = 1, .held_by = "active for less than the window"};
    inactive_since_ = now;  // from here on requests go to the activator
    if (!behind_since_) behind_since_ = now;
  }
  const Duration inactive = now - *inactive_since_;
  const bool known_behind = behind_since_ && now - *behind_since_ >= spec_.grace_period;
  if (inactive >= std::max(spec_.grace_period, spec_.pod_retention) ||
      (known_behind && inactive >= spec_.pod_retention)) {
    inactive_since_.reset();
    return {.replicas = 0, .held_by = ""};
  }
  return {.replicas = 1, .held_by = known_behind ? "pod retention" : "scale-to-zero grace period"};
}

}  // namespace windtunnel
