// A pool of memory preallocated when the process starts, counted in blocks of tokens (a KV cache).
#pragma once

#include <cmath>
#include <cstdint>

#include "sim/core/units.hpp"
#include "sim/serving/spec.hpp"

namespace windtunnel {

struct TokenPool {
  Bytes bytes{};  ///< taken at the start and kept: the blocks, and the activations' share of the budget
  std::int64_t blocks = 0;
};

/// vLLM's rule [S]: budget = share * device; blocks = floor((budget - weights - activation - context) / block).
/// Where the pool's own size is given, that is what the blocks have.
/// @param visible  the device's memory as the process sees it
/// @return no blocks where the budget leaves room for none
TokenPool size_token_pool(const TokenPoolSpec& pool, Bytes visible, Bytes context, Bytes weights);

/// Blocks that a query of so many tokens holds while in service.
inline std::int64_t blocks_for(const TokenPoolSpec& pool, double tokens) {
  return static_cast<std::int64_t>(std::ceil(tokens / pool.block_tokens));
}

}  // namespace windtunnel
