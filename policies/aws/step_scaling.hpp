// AWS step scaling: how far the metric is past the alarm's threshold says how much to change.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace windtunnel {

enum class StepAdjustment : std::uint8_t { change_in_capacity, exact_capacity, percent_change_in_capacity };

/// One interval of metric - threshold. Above the threshold the lower bound is inside, below it the upper one is.
struct ScalingStep {
  std::optional<double> lower, upper;  ///< none: infinite
  double adjustment = 0;               ///< instances, or percent
};

/// The step the difference falls into, or nullptr: nothing changes.
[[nodiscard]] const ScalingStep* find_step(std::span<const ScalingStep> steps, double difference);

/// Above 1 down to the whole number; between 0 and 1 up to 1; the same towards zero below.
[[nodiscard]] std::int32_t round_percent_change(double raw_change);

/// The capacity after one step, not below 0 and before any minimum or maximum.
/// @param min_magnitude  MinAdjustmentMagnitude of a percent change; 0: none
[[nodiscard]] std::int32_t stepped_capacity(std::int32_t capacity, StepAdjustment kind, const ScalingStep& step,
                                            std::int32_t min_magnitude);

/// No gaps, no overlaps, one infinite end at most on either side. @return what is wrong and the way out; empty: nothing
[[nodiscard]] std::string check_steps(std::span<const ScalingStep> steps);

}  // namespace windtunnel
