// A node pool at the beginning of a run: its nodes and cards, none of them there yet.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The pool's sharing mode, nodes and GPUs; a MIG pool's instances of all its layouts. In the order of the scenario.
void add_pool(World& world, const NodePoolSpec& spec);

}  // namespace windtunnel
