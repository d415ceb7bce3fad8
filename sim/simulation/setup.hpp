// From a checked scenario to a world at time 0.
#pragma once

#include <memory>

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Makes every room's state, opens the traces, and brings up the initial nodes and replicas.
/// @throws InputError for what only opening a trace can show
std::unique_ptr<World> make_world(const Scenario& scenario, const RunOptions& options);

}  // namespace windtunnel
