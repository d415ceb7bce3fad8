// How long a pool is left alone after orders that became no node.
#pragma once

#include <algorithm>

#include "sim/core/time.hpp"

namespace windtunnel {

/// Kubernetes autoscaler, utils/backoff: 5 min, 10, 20, at most 30; from the start after 3 h without a failure.
class ProvisionBackoff {
 public:
  ProvisionBackoff() = default;
  ProvisionBackoff(Duration first, Duration most, Duration reset) : first_(first), most_(most), reset_(reset) {}

  /// An order failed. Failures while the pool is left alone already do not prolong it.
  void failed(SimTime at) {
    if (at < until_) return;
    const bool forgotten = !known_ || at - failed_ > reset_;
    wait_ = forgotten ? std::min(first_, most_) : std::min(wait_ * 2, most_);
    known_ = true;
    failed_ = at;
    until_ = at + wait_;
  }
  [[nodiscard]] bool holds(SimTime at) const { return at < until_; }
  [[nodiscard]] SimTime until() const { return until_; }

 private:
  Duration first_ = std::chrono::minutes(5), most_ = std::chrono::minutes(30), reset_ = std::chrono::hours(3);
  bool known_ = false;
  SimTime failed_{}, until_{};
  Duration wait_{};
};

}  // namespace windtunnel
