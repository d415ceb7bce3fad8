#include "models/memory/token_pool.hpp"

#include <algorithm>

namespace windtunnel {

TokenPool size_token_pool(const TokenPoolSpec& pool, Bytes visible, Bytes context, Bytes weights) {
  const std::int64_t block = pool.per_token.value * pool.block_tokens;
  Bytes room = pool.bytes;
  if (room.value == 0) {
    const Bytes budget{static_cast<std::int64_t>(static_cast<double>(visible.value) * pool.share_of_device)};
    room = budget - weights - context - pool.activation;
  }
  const std::int64_t blocks = std::max<std::int64_t>(0, room.value / block);
  return {Bytes{blocks * block} + pool.activation, blocks};
}

}  // namespace windtunnel
