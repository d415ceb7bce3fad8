// Which seeds the replications of one scenario take.
#pragma once

#include <cstdint>

#include "sim/core/rng.hpp"

namespace windtunnel {

/// The seed of replication 0 is the scenario's own; the others are mixed from it, so that neighbouring base seeds share
/// none. Below 2^53, which every JSON reader keeps exact.
constexpr std::uint64_t replication_seed(std::uint64_t seed, std::uint64_t replication) {
  if (replication == 0) return seed;
  return mix64(mix64(seed + 0x9e3779b97f4a7c15ULL) + replication) >> 11;
}

}  // namespace windtunnel
