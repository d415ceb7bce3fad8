// Changes of size the controller remembers for the periods of `behavior`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "policies/kubernetes/hpa_spec.hpp"

namespace windtunnel {

struct ScaleEvent {
  std::int32_t change = 0;  ///< above 0 in either list
  SimTime at{};
  bool outdated = false;  ///< older than the longest period once seen; the mark stays
};

using ScaleEvents = std::vector<ScaleEvent>;

/// The longest period among a direction's policies.
[[nodiscard]] Duration longest_period(std::span<const HpaRatePolicy> policies);

/// Sum of the changes strictly younger than `period`.
[[nodiscard]] std::int64_t changed_within(const ScaleEvents& events, Duration period, SimTime now);

/// Stores a change: over the last event older than `longest`, else at the end.
void store_scale_event(ScaleEvents& events, std::int32_t change, Duration longest, SimTime now);

}  // namespace windtunnel
