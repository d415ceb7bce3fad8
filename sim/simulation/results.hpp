// What was measured: zeroed when the warm-up is over, read at the end.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The measured window begins now: counts, sums and areas start from zero, the state stays as it is. Queries that are
/// inside count as arrived, so that law 1 holds in the window too.
void begin_window(World& world);

/// Everything measured from the window's beginning to now.
RunResult collect(World& world);

}  // namespace windtunnel
