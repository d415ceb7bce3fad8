// Peak memory of a batch from measured peaks.
#pragma once

#include <span>
#include <vector>

#include "models/fit/measurements.hpp"

namespace windtunnel {

/// Between measured batches linear. Beyond the largest in proportion to what it has above the fixed part, whichever way
/// the last step went: frameworks change algorithm at some batch (chunked decoding) and peaks fall there, but each way
/// of working grows with the batch again. The fixed part is where the line through the two smallest batches meets 0
/// items.
class PeakMemory {
 public:
  /// Rows without a peak, or out of memory, are passed over.
  explicit PeakMemory(std::span<const Measurement> rows);

  [[nodiscard]] bool known() const { return !points_.empty(); }
  [[nodiscard]] double fixed_bytes() const { return fixed_; }
  /// Only where known().
  [[nodiscard]] double at(double items) const;

 private:
  struct Point {
    double items, bytes;
  };
  std::vector<Point> points_;
  double fixed_ = 0;
};

}  // namespace windtunnel
