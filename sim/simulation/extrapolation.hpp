// Law 9: what ran outside a profile's measured range is said.
#pragma once

#include <string>
#include <vector>

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// One note for each model some of whose queries ran outside; after the last event.
std::vector<std::string> extrapolation_notes(const World& w);

}  // namespace windtunnel
