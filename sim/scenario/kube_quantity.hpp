// Quantities as Kubernetes writes them: "500m", "1.5", "2k", "1Gi", "1e3".
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/core/error.hpp"

namespace windtunnel {

/// The quantity in thousandths, a finer part rounded up as Quantity.MilliValue does. Suffixes n u m k M G T P E and Ki
/// Mi Gi Ti Pi Ei, or a decimal exponent. An Error with empty `where` for other text and for what does not fit 64 bits.
[[nodiscard]] Result<std::int64_t> parse_quantity_milli(std::string_view text);

}  // namespace windtunnel
