// How the batches of each GPU share it, as its pool's mode has it.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Tells the engine the form of sharing of every GPU. After pools and models are there.
void set_sharing(World& world);

}  // namespace windtunnel
