// How far one reconcile may go: rate limits and bounds, with and without `behavior`.
#pragma once

#include <cstdint>
#include <string_view>

#include "policies/kubernetes/hpa_spec.hpp"
#include "policies/kubernetes/scale_events.hpp"

namespace windtunnel {

/// Reasons of the condition ScalingLimited.
inline constexpr std::string_view kDesiredWithinRange = "DesiredWithinRange";
inline constexpr std::string_view kTooFewReplicas = "TooFewReplicas";
inline constexpr std::string_view kTooManyReplicas = "TooManyReplicas";
inline constexpr std::string_view kScaleUpLimit = "ScaleUpLimit";
inline constexpr std::string_view kScaleDownLimit = "ScaleDownLimit";

struct LimitedReplicas {
  std::int32_t replicas = 0;
  std::string_view reason = kDesiredWithinRange;
};

/// Without `behavior`: at most max(2 * current, 4) up, no limit down (trap 6).
[[nodiscard]] LimitedReplicas limit_legacy(std::int32_t current, std::int32_t desired, std::int32_t min,
                                           std::int32_t max);

/// With `behavior`: the policies of the direction over the changes of both directions (trap 8).
[[nodiscard]] LimitedReplicas limit_behavior(std::int32_t current, std::int32_t desired, std::int32_t min,
                                             std::int32_t max, const HpaBehavior& behavior, const ScaleEvents& ups,
                                             const ScaleEvents& downs, SimTime now);

}  // namespace windtunnel
