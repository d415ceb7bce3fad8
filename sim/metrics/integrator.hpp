// A quantity that changes at events, integrated lazily: nothing happens between changes.
#pragma once

#include <algorithm>

#include "sim/core/time.hpp"

namespace windtunnel {

/// Time-weighted mean, smallest and largest value since reset. The integral is kept in integer value-nanoseconds, so
/// it is exact and does not depend on how often it was read.
class Integrator {
 public:
  void set(std::int64_t value, SimTime now) {
    settle(now);
    value_ = value;
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
  }
  void add(std::int64_t change, SimTime now) { set(value_ + change, now); }
  [[nodiscard]] std::int64_t value() const { return value_; }
  [[nodiscard]] std::int64_t min() const { return min_; }
  [[nodiscard]] std::int64_t max() const { return max_; }

  /// Value-seconds since reset.
  [[nodiscard]] double integral_s(SimTime now) const {
    return static_cast<double>(area_ + static_cast<__int128>(value_) * (now - since_).count()) * 1e-9;
  }
  void reset(SimTime now) {
    area_ = 0;
    since_ = now;
    min_ = max_ = value_;
  }

 private:
  void settle(SimTime now) {
    area_ += static_cast<__int128>(value_) * (now - since_).count();
    since_ = now;
  }
  std::int64_t value_ = 0, min_ = 0, max_ = 0;
  SimTime since_{};
  __int128 area_ = 0;
};

}  // namespace windtunnel
