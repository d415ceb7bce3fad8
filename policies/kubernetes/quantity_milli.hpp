// Figures as the metrics APIs hand them to the controller: whole thousandths.
#pragma once

#include <cstdint>

namespace windtunnel {

/// metrics-server: cores in whole nanocores or whole bytes, thousandths of them rounded up (Quantity.MilliValue).
/// @param value  cores, or bytes; not a number counts as 0
[[nodiscard]] std::int64_t resource_milli(double value);

/// prometheus-adapter, custom and external metrics alike: NewMilliQuantity(int64(value * 1000)), toward zero; a value
/// that is no number is 0.
[[nodiscard]] std::int64_t adapter_milli(double value);

}  // namespace windtunnel
