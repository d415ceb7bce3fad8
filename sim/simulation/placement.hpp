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
/// Memory of the GPU that no replica's limit counts on; below 0 where limits sum to more than it has.
Bytes unpromised(const World& world, const GpuState& gpu);
/// The limit the pod would have on a GPU of the pool.
Bytes limit_on(const World& world, const Replica& pod, std::uint32_t pool);
/// Replicas that GPU has slots for.
std::uint32_t slots_left(const World& world, const GpuState& gpu);

}  // namespace windtunnel
