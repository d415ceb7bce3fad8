// Where the time of a cold start goes.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The replica has just been placed: parts its time as pending between its node's stages and the wait for a slot.
void part_pending_time(World& world, ReplicaId replica);
/// A start that began cold is over: adds its parts to its model's.
void count_start(ModelState& model, const Replica& replica);

}  // namespace windtunnel
