// The loop: takes the earliest of what is due from its few sources, and lets it happen.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Runs until the horizon, or until nothing is inside (run: to_empty), or until the observer says stop.
void run_loop(World& world);

}  // namespace windtunnel
