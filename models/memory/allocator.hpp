// What an allocator takes from the driver for the work memory of a batch.
#pragma once

#include "sim/core/units.hpp"
#include "sim/serving/spec.hpp"

namespace windtunnel {

/// Device memory behind the work memory of one batch.
struct WorkMemory {
  Bytes reserved{};  ///< as it usually is: fragmentation included
  Bytes least{};     ///< with all whole cached blocks given back: what the process cannot do without
};

/// PyTorch's caching allocator rounds every request up to a multiple of 512 B [S].
Bytes round_to_blocks(double bytes);

/// The driver allocation it opens for a request that no cached block serves [S]: 2 MiB for requests of up to 1 MiB,
/// 20 MiB below 10 MiB, else one of its own, rounded up to 2 MiB.
Bytes segments_for(Bytes request);

/// The driver's own granularity: 2 MiB.
Bytes round_to_pages(double bytes);

/// @param bytes  work memory of the batch, before fragmentation
WorkMemory work_memory(const MemorySpec& memory, double bytes);

}  // namespace windtunnel
