// When the kubelet restarts a container that ended: at once the first time, then 10 s, doubling, at most 300 s.
#pragma once

#include <algorithm>

#include "sim/core/time.hpp"

namespace windtunnel {

/// Kubernetes, pkg/kubelet and client-go's flowcontrol/backoff.go: waits before restarts 0, 10, 20, 40, 80, 160, 300,
/// 300, ... counted from the finish; forgotten when the container then ran longer than 10 min after its restart.
class RestartBackoff {
 public:
  RestartBackoff() = default;
  /// @param first   the second restart's wait  @param most  the longest  @param forget_after  of running
  RestartBackoff(Duration first, Duration most, Duration forget_after)
      : first_(first), most_(most), forget_after_(forget_after) {}

  /// The container ended. @return how long its restart is held
  Duration finished(SimTime at) {
    if (known_ && at - restarted_ > forget_after_) known_ = false;
    return known_ ? delay_ : Duration{};
  }
  void restarted(SimTime at) {
    delay_ = known_ ? std::min(delay_ * 2, most_) : std::min(first_, most_);
    known_ = true;
    restarted_ = at;
  }

 private:
  Duration first_ = std::chrono::seconds(10);
  Duration most_ = std::chrono::seconds(300);
  Duration forget_after_ = std::chrono::seconds(600);
  bool known_ = false;
  SimTime restarted_{};
  Duration delay_{};
};

}  // namespace windtunnel
