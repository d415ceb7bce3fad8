// How long the scheduler leaves a pod alone that found no node.
#pragma once

#include <algorithm>

#include "sim/core/time.hpp"

namespace windtunnel {

/// Kubernetes, pkg/scheduler/backend/queue: initial, twice that, ..., at most `most`: 1, 2, 4, 8, 10, 10 s by default.
/// @param failed_attempts  so far, from 1
inline Duration scheduler_backoff(std::uint32_t failed_attempts, Duration initial = std::chrono::seconds(1),
                                  Duration most = std::chrono::seconds(10)) {
  Duration wait = std::min(initial, most);
  for (std::uint32_t n = 1; n < failed_attempts && wait < most; ++n) wait = wait <= most / 2 ? wait * 2 : most;
  return wait;
}

}  // namespace windtunnel
