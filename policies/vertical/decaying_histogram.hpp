// Samples of bytes whose weight halves with age, as the Kubernetes vertical autoscaler keeps them.
#pragma once

#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// Buckets grow by 5 %, the first is 10 MB wide, the last begins near 1 TB [S: vertical-pod-autoscaler, August 2026].
/// Where a bucket's sum falls below a ten thousandth, at either end, it counts as empty.
class DecayingHistogram {
 public:
  /// @param half_life  above 0: a sample weighs twice as much as one that is older by it
  explicit DecayingHistogram(Duration half_life);

  void add(Bytes value, SimTime at) { change(value, 1, at); }
  /// Takes back what add() was given, with the same time.
  void subtract(Bytes value, SimTime at) { change(value, -1, at); }
  [[nodiscard]] bool is_empty() const;
  /// Upper edge of the first bucket at which `share` of the weight is reached; 0 bytes where there is none. So a result
  /// is up to 5 % above the sample.
  [[nodiscard]] Bytes percentile(double share) const;

 private:
  void change(Bytes value, double weight, SimTime at);
  void find_ends();

  Duration half_life_;
  SimTime reference_{};  ///< a sample of that time weighs 1
  std::vector<double> weights_;
  double total_ = 0;
  std::size_t first_ = 0, last_ = 0;  ///< buckets that count
};

}  // namespace windtunnel
