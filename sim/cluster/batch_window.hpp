// Karpenter gathers pending pods before it buys nodes for them.
#pragma once

#include <algorithm>

#include "sim/core/time.hpp"

namespace windtunnel {

/// Opened by the first pod, closed `idle` after the last one or `most` after the first, whichever comes first
/// (BATCH_IDLE_DURATION, BATCH_MAX_DURATION).
class BatchWindow {
 public:
  BatchWindow() = default;
  BatchWindow(Duration idle, Duration most) : idle_(idle), most_(most) {}

  /// A pod came. @return when the window closes now, unless another comes before
  SimTime pod_came(SimTime at) {
    if (!open_) {
      open_ = true;
      opened_ = at;
    }
    closes_ = std::min(at + idle_, opened_ + most_);
    return closes_;
  }
  void close() { open_ = false; }
  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] SimTime closes() const { return closes_; }

 private:
  Duration idle_ = std::chrono::seconds(1), most_ = std::chrono::seconds(10);
  bool open_ = false;
  SimTime opened_{}, closes_{};
};

}  // namespace windtunnel
