// The recommendation list: proposals of the past that hold a size.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/time.hpp"

namespace windtunnel {

/// A proposal as it was made, before any window or limit (trap 5).
struct HpaRecord {
  std::int32_t replicas = 0;
  SimTime at{};
};

/// In list order; a slot that has grown too old is written over, so the order is not that of time.
using HpaRecords = std::vector<HpaRecord>;

/// Without `behavior`: the highest proposal of the window, one exactly as old as the window included. A scale-up is
/// never delayed. Records the proposal.
[[nodiscard]] std::int32_t stabilise_legacy(HpaRecords& records, std::int32_t proposal, Duration window, SimTime now);

/// With `behavior`: the current size, moved into [highest of the down window, lowest of the up window]; a proposal
/// exactly as old as its window no longer counts. Records the proposal.
[[nodiscard]] std::int32_t stabilise_behavior(HpaRecords& records, std::int32_t current, std::int32_t proposal,
                                              Duration up_window, Duration down_window, SimTime now);

}  // namespace windtunnel
