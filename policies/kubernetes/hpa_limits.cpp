#include "policies/kubernetes/hpa_limits.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "policies/kubernetes/hpa_number.hpp"

namespace windtunnel {
namespace {

enum class ScaleDirection : std::uint8_t { up, down };

/// What one policy allows from the size at the start of its period. `1 + v / 100` is a double first: 100 replicas and
/// 10 % up give 111 (trap 7).
std::int32_t allowed_by(const HpaRatePolicy& policy, std::int64_t start, ScaleDirection direction) {
  const auto from = static_cast<double>(start);
  const double share = static_cast<double>(policy.value) / 100;
  if (direction == ScaleDirection::up) {
    return policy.type == HpaPolicyType::pods ? to_replicas(start + policy.value)
                                              : to_replicas(std::ceil(from * (1 + share)));
  }
  return policy.type == HpaPolicyType::pods ? to_replicas(start - policy.value)
                                            : to_replicas(std::trunc(from * (1 - share)));
}

/// "max" is the largest change in both directions: the largest size up, the smallest down (trap 13).
std::int32_t allowed_by_rules(const HpaScalingRules& rules, std::int32_t current, const ScaleEvents& ups,
                              const ScaleEvents& downs, SimTime now, ScaleDirection direction) {
  if (rules.select == HpaSelect::disabled) return current;
  const bool largest = (rules.select == HpaSelect::max) == (direction == ScaleDirection::up);
  std::optional<std::int32_t> limit;
  for (const auto& policy : rules.policies) {
    const std::int64_t start =
        current - changed_within(ups, policy.period, now) + changed_within(downs, policy.period, now);
    const std::int32_t allowed = allowed_by(policy, start, direction);
    limit = !limit ? allowed : largest ? std::max(*limit, allowed) : std::min(*limit, allowed);
  }
  return limit.value_or(current);
}

}  // namespace

LimitedReplicas limit_legacy(std::int32_t current, std::int32_t desired, std::int32_t min, std::int32_t max) {
  const std::int32_t limit = to_replicas(std::max<std::int64_t>(2 * static_cast<std::int64_t>(current), 4));
  const std::int32_t top = std::min(max, limit);
  if (desired < min) return {.replicas = min, .reason = kTooFewReplicas};
  if (desired > top) return {.replicas = top, .reason = max > limit ? kScaleUpLimit : kTooManyReplicas};
  return {.replicas = desired, .reason = kDesiredWithinRange};
}

LimitedReplicas limit_behavior(std::int32_t current, std::int32_t desired, std::int32_t min, std::int32_t max,
                               const HpaBehavior& behavior, const ScaleEvents& ups, const ScaleEvents& downs,
                               SimTime now) {
  if (desired > current) {
    const auto limit = std::max(current, allowed_by_rules(behavior.up, current, ups, downs, now, ScaleDirection::up));
    const auto top = std::min(max, limit);
    if (desired > top) return {.replicas = top, .reason = max > limit ? kScaleUpLimit : kTooManyReplicas};
  } else if (desired < current) {
    const auto limit =
        std::min(current, allowed_by_rules(behavior.down, current, ups, downs, now, ScaleDirection::down));
    const auto bottom = std::max(min, limit);
    if (desired < bottom) return {.replicas = bottom, .reason = min < limit ? kScaleDownLimit : kTooFewReplicas};
  }
  return {.replicas = desired, .reason = kDesiredWithinRange};
}

}  // namespace windtunnel
