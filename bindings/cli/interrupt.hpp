// Ctrl-C: the first asks for a clean stop, the second ends the process at once.
#pragma once

#include <atomic>

namespace windtunnel::cli {

/// While it lives, SIGINT and SIGTERM set a flag instead of ending the process. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  ~InterruptGuard();

  [[nodiscard]] const std::atomic<bool>& flag() const;
};

}  // namespace windtunnel::cli
