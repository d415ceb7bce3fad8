// The anatomy of a scale-up: where the time from demand to served capacity goes.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// A scrape was taken: is there more work than ready replicas can hold, and since when?
void watch_demand(const World& world, ModelState& model);
/// A loop said how many replicas it wants, before windows and limits.
void note_proposal(const World& world, ModelState& model, const Observation& seen, int proposed);
/// Replicas from `first` on were created for a decision taken now.
/// @param first  ordinal among the model's
void begin_scale_up(World& world, ModelState& model, const Observation& seen, int desired, std::uint32_t first);
/// A replica's first start is over: it serves.
void scale_up_served(World& world, ReplicaId replica);
/// A replica is gone that never served.
void scale_up_given_up(World& world, ReplicaId replica);

}  // namespace windtunnel
