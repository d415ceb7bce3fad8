// A replica's life: pending, starting, ready, draining, gone.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Creates a replica of the model, pending until schedule_pods() or place() finds it a GPU.
ReplicaId create_replica(World& world, ModelState& model);
/// The same in place of one that was deleted meanwhile: the model has no more replicas than before.
ReplicaId replace_replica(World& world, ModelState& model);
/// Begins a cold start from the pull, or after a crash from the container.
void start_process(World& world, ReplicaId replica);
/// Ready at once, as if started before time 0: takes its memory and nothing else.
void start_ready(World& world, ReplicaId replica);
/// A stage of the cold start is over.
void stage_done(World& world, ReplicaId replica);

/// Takes the replica off the lists of those that take work, and returns its memory.
void end_process(World& world, ReplicaId replica);
/// Holds a dead replica's restart by its back-off, or removes it when it was scaled in meanwhile.
/// @param down  instead: a supervisor inside the container has it ready again after this
void restart_or_remove(World& world, ReplicaId replica, std::optional<Duration> down);
void restart(World& world, ReplicaId replica);
/// What the supervisor restarted is ready, its memory taken again.
void restart_in_place(World& world, ReplicaId replica);

/// Takes work from now on, and is ready.
void join_ready(World& world, ReplicaId replica);
/// Its readiness probe succeeded for the first time.
void readiness_reached(World& world, ReplicaId replica);
/// The pod is gone, its process before it: its GPU and slot are free.
void remove_pod(World& world, ReplicaId replica);
/// A job begins `queries` more. After its last it takes no new work, and ends, exit code 0, when they are done.
void take_for_job(World& world, ReplicaId replica, std::uint32_t queries);

}  // namespace windtunnel
