// Scale-down that takes the work away at once (preempt_resume): for theory, no cluster does it.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Puts the replica's queries back at the head of the queue with the work they have left; the replica then has none.
void put_back_work(World& world, ReplicaId replica);
/// @throws InputError where the model's batches cannot be split into work done and work left
void check_preemption(const World& world, const ModelState& model);

}  // namespace windtunnel
