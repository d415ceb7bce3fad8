// The second ledger: main memory of containers and of their nodes. Whoever is above it is killed by the kernel: 137.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Sets the host memory of the replica's process. Above the container's own limit the process is killed; above the
/// node's memory the kernel kills the process furthest above its request (its steady use), the one who asks first among
/// equals, until it fits.
/// @param part  what it is for
/// @return whether the process lives
bool hold_host(World& world, ReplicaId replica, Bytes amount, MemoryPart part);
/// The process has ended.
void release_host(World& world, ReplicaId replica);

}  // namespace windtunnel
