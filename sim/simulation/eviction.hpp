// Soft limits: when the device is full, replicas above theirs are killed to make room.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Kills replicas of the requester's GPU that hold more than `soft`, the largest excess first, until the request fits.
/// The requester is a candidate like any other, by what it holds already. Kills nobody where all of them together would
/// not make enough room.
/// @return granted (not yet taken from the ledger), device_full, or requester_evicted
MemoryVerdict evict_for(World& world, ReplicaId requester, const MemoryRequest& request, Bytes soft);

}  // namespace windtunnel
