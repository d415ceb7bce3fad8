// Whom a scale-in deletes.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The model's first `count` replicas in its scaling's order, ranked once for the whole scale-in as the ReplicaSet
/// controller does. Those deleted already are none of them.
std::vector<ReplicaId> victims(const World& world, const ModelState& model, std::size_t count);

}  // namespace windtunnel
