// What breaks of itself: pauses, crashes, fatal GPU faults and whom they take along.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The process is ready: its clocks begin to run.
void start_fault_clocks(World& world, ReplicaId replica);
/// The process has ended: nothing of it is on its way any more.
void stop_fault_clocks(World& world, ReplicaId replica);
/// A batch is in service where none was, or none where one was. Only for models with a clock that runs while serving.
void serving_begins(World& world, ReplicaId replica);
void serving_ends(World& world, ReplicaId replica);

/// A fault's time may have come.
void fault_due(World& world, ReplicaId replica, FaultKind kind);
/// A paused replica goes on.
void pause_over(World& world, ReplicaId replica);
/// A batch of a paused replica waits for the end of the pause.
void hold_batch(World& world, ReplicaId replica, QueryId head, HeldUntil next);

/// Until when the replica's GPU takes no new client; not after now if it does.
SimTime takes_clients_at(const World& world, ReplicaId replica);

}  // namespace windtunnel
