// How a number becomes the quantity KEDA's metrics server hands to the HPA.
#pragma once

#include <cstdint>

namespace windtunnel {

/// A trigger's value: written with three decimals and read again; negative, infinite and no numbers are 0.
[[nodiscard]] std::int64_t keda_metric_milli(double value);

/// The result of scalingModifiers: cut to thousandths, not rounded (trap 22). No number is 0.
[[nodiscard]] std::int64_t keda_composite_milli(double value);

/// Strictly above: a value equal to its activation threshold does not wake anybody (trap 16).
[[nodiscard]] constexpr bool keda_is_active(double value, double activation_threshold) {
  return value > activation_threshold;
}

}  // namespace windtunnel
