// Who is ready, as controllers and the dispatcher's list see it.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Readiness is reached: controllers count the replica now, the dispatcher's list has it after network.endpoints.
void mark_ready(World& world, ReplicaId replica);
/// The same, and queries that waited for one go to it.
void become_ready(World& world, ReplicaId replica);
/// It is ready no more: not counted from now on, and off the list after network.endpoints.
void leave_ready(World& world, ReplicaId replica);
/// The list hears of what was last said.
void endpoints_updated(World& world, ReplicaId replica);
/// The query goes to a replica of the list; who is not there any more, or has been told to end, refuses it, and it is
/// tried again until it was delivered too often.
void send_by_late_list(World& world, ModelState& model, QueryId query);

}  // namespace windtunnel
