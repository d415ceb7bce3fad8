// A day curve: by how much the arrival rate is multiplied at a time of the run.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "sim/workload/spec.hpp"

namespace windtunnel {

/// What is wrong with a curve, or empty: period_s > 0 and finite; points finite, >= 0, not all 0; |amplitude| <= 1.
std::string check_curve(const RateCurve& curve);

/// A checked curve, ready to be read.
class CurveReader {
 public:
  explicit CurveReader(const RateCurve& curve);
  /// Multiplier at that time. @param seconds  since the start of the run, >= 0
  [[nodiscard]] double at(double seconds) const;
  /// at(seconds) > level, mostly without a sine: a table bounds the wave on each 256th of its period, and only levels
  /// between the bounds need the wave itself. The answer is always that of at().
  [[nodiscard]] bool exceeds(double level, double seconds) const {
    const double turns = seconds * turns_per_s_;
    if (turns >= kMostTurns) return at(seconds) > level;
    const double part = (turns - std::floor(turns)) * kParts;
    const double middle = middles_[static_cast<std::size_t>(part)];
    if (level < middle - reach_) return true;
    if (level > middle + reach_) return false;
    return at(seconds) > level;
  }
  /// No multiplier is above this.
  [[nodiscard]] double max() const { return max_; }
  /// Mean multiplier over a period.
  [[nodiscard]] double mean() const;

 private:
  RateCurve curve_;
  double radians_per_s_;
  double points_per_period_;
  double max_;
  static constexpr std::size_t kParts = 256;
  static constexpr double kMostTurns = 1e6;   // beyond, rounding of the phase could outgrow the bounds' margin
  std::array<double, kParts + 1> middles_{};  // the multiplier amid each part; one more for a fraction rounded up to 1
  double turns_per_s_;
  double reach_;  // how far the multiplier gets from that within the part
};

}  // namespace windtunnel
