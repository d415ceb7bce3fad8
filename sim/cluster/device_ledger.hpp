// Memory of one device in bytes: every allocation has an owner, nothing is ever above the device's size (law 5).
#pragma once

#include <string>

#include "sim/core/error.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// The sum over owners; owners keep their own part. Also integrates use over time.
class DeviceLedger {
 public:
  DeviceLedger() = default;
  explicit DeviceLedger(Bytes size) : size_(size) {}

  [[nodiscard]] Bytes size() const { return size_; }
  [[nodiscard]] Bytes used() const { return used_; }
  [[nodiscard]] Bytes max_used() const { return max_used_; }
  [[nodiscard]] Bytes free() const { return size_ - used_; }

  void take(Bytes amount, SimTime now) {
    settle(now);
    used_ += amount;
    SIM_CHECK(used_ <= size_, "a grant overfilled a device: " + std::to_string(used_.value) + " of " +
                                  std::to_string(size_.value) + " bytes");
    if (used_ > max_used_) max_used_ = used_;
  }
  void give_back(Bytes amount, SimTime now) {
    settle(now);
    used_ -= amount;
    SIM_CHECK(used_.value >= 0, "a device got back more than it gave");
  }

  /// Byte-seconds used since reset, up to now.
  [[nodiscard]] double byte_seconds(SimTime now) {
    settle(now);
    return byte_seconds_;
  }
  void reset(SimTime now) {
    byte_seconds_ = 0;
    since_ = now;
    max_used_ = used_;
  }

 private:
  void settle(SimTime now) {
    byte_seconds_ += static_cast<double>(used_.value) * to_seconds(now - since_);
    since_ = now;
  }
  Bytes size_{}, used_{}, max_used_{};
  SimTime since_{};
  double byte_seconds_ = 0;
};

}  // namespace windtunnel
