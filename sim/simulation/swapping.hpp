// Variants of a model: which one a query asks for, and swapping them in and out of a replica's device memory.
#pragma once

#include "sim/simulation/memory.hpp"
#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The query's variant at the stage it enters: what its workload or its trace names, else drawn by weight from a
/// generator keyed by the query (law 3).
void choose_variant(World& world, const ModelState& model, QueryId query);

/// What bringing a batch's variant in came to.
struct SwapIn {
  MemoryVerdict verdict = MemoryVerdict::granted;
  Bytes asked{};    ///< of the refused request
  Duration wait{};  ///< until the variant can be used; 0 for a hit
};
/// Sees to it that the batch's variant is on the replica's device, if need be by evicting those used longest ago.
SwapIn swap_in(World& world, ReplicaId replica, std::uint32_t variant);

}  // namespace windtunnel
