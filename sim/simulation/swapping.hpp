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
  Bytes asked{};         ///< of the refused request
  bool loading = false;  ///< the variant is on its way, and how long it takes depends on who shares that way
  Duration wait{};       ///< else: until it can be used
};
/// Sees to it that the batch's variant is on the replica's device, if need be by evicting those used longest ago.
SwapIn swap_in(World& world, ReplicaId replica, std::uint32_t variant);
/// A batch has begun on the replica: where its model fetches ahead, the next variant may come in meanwhile.
void fetch_ahead(World& world, ReplicaId replica);
/// The variant's last byte has come: batches that waited for it begin their work.
void variant_arrived(World& world, const VariantLoad& load);

}  // namespace windtunnel
