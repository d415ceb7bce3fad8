// Durations as people write them.
#pragma once

#include <string>

namespace windtunnel {

/// "6h", "1h30m", "90.5s" stays "1m30.5s", "250ms", "0s". Seconds in, exact to a microsecond.
std::string duration_text(double seconds);

}  // namespace windtunnel
