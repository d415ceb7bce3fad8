// To zero once nothing was inside for long enough, and back at once when a query comes: what an activator in front of
// the replicas does, beside whatever the policy decides at its own intervals.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Something is inside again: the idle time is over, and with no replica there one is created.
void wake(World& world, ModelState& model);
/// Nothing is inside any more, from now on.
void begin_idle(World& world, ModelState& model);
/// `keep_alive` is over; nothing happens if a query came in between.
void keep_alive_over(World& world, const Scheduled& event);

}  // namespace windtunnel
