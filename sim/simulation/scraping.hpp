// The signals of our own policies, as exporters would publish them, and windows over them.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// When the query arrived that waits longest; kNever where none waits.
[[nodiscard]] SimTime oldest_waiting(const World& world, const ModelState& model);

/// Takes what exporters would publish for the model now.
void scrape(World& world, ModelState& model);

}  // namespace windtunnel
