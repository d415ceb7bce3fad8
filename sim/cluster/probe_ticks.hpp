// When a probe is sent.
#pragma once

#include <algorithm>

#include "sim/core/time.hpp"

namespace windtunnel {

/// The ticker's first tick at or after `t`. Ticks are first, first + period, ...
/// @param period  above 0
inline SimTime tick_at_or_after(SimTime first, Duration period, SimTime t) {
  if (t <= first) return first;
  const auto past = (t - first).count();
  return first + period * ((past + period.count() - 1) / period.count());
}

}  // namespace windtunnel
