// Which GPU a replica gets.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Pods are scheduled once at the end of this instant.
void request_scheduling(World& world);
/// Places pending replicas in order of creation, and tells the node scaler of those that fit nowhere.
void schedule_pods(World& world);
/// Gives the replica the slot its pool's placement prefers. @return false if no ready node has one
bool place(World& world, ReplicaId replica);

/// Whether that GPU of a card of the pool (0 where cards are not cut) may take the model.
bool may_take(const NodePool& pool, std::uint32_t of_card, ModelId id, const ModelSpec& model);
/// Replicas that GPU has room for.
std::uint32_t slots_left(const World& world, const GpuState& gpu);

}  // namespace windtunnel
