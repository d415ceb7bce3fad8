// Pieces of HPA rows: pods, behavior, tolerance.
#pragma once

#include <vector>

#include "policies/kubernetes/hpa_controller.hpp"
#include "tests/conformance/fields.hpp"

namespace windtunnel::conformance {

/// "Now" of rows that state ages: far enough from 0 that no age reaches before it.
inline constexpr SimTime kRowNow{std::chrono::hours(24 * 365 * 100)};

[[nodiscard]] HpaTolerance read_tolerance(const Fields& row);
[[nodiscard]] HpaFlags read_start_up_flags(const Fields& row);
[[nodiscard]] std::vector<HpaPod> read_pods(const Fields& row);
/// One direction, as given.
[[nodiscard]] HpaRulesGiven read_rules(const Fields& rules);
/// `scaleUp` and `scaleDown`, filled.
[[nodiscard]] HpaBehavior read_behavior(const Fields& behavior);

}  // namespace windtunnel::conformance
