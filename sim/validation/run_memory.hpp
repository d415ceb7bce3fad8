// One batch against a card's memory, run by the simulator: does its allocation go through?
#pragma once

#include "sim/cluster/spec.hpp"

namespace windtunnel {

/// @param weights  bytes held before the batch  @param per_item  allocated for each of its items
/// @return true if the ledger refuses it, with the scenario's defaults for context, driver reserve and allocator
/// overhead
bool runs_out_of_memory(const GpuType& gpu, double weights, double per_item, double items);

}  // namespace windtunnel
