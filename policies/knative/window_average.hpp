// Knative's bucketed window: one bucket a second, and an average that silence shortens (trap 25).
// Rules of pkg/autoscaler/aggregation/bucketing.go.
#pragma once

#include <optional>
#include <vector>

#include "sim/core/time.hpp"

namespace windtunnel {

class WindowAverage {
 public:
  /// @param window       at least one granularity
  /// @param granularity  above 0
  explicit WindowAverage(Duration window, Duration granularity = std::chrono::seconds(1));

  /// Adds to the bucket of the instant's own second. What is a full window or more older than the last write is
  /// dropped; what is less late goes where it belongs, and the first write moves back to it.
  void record(SimTime at, double value);

  /// Total over the seconds from the first to the last write, gaps counting as zeros; seconds without a write since
  /// then shorten the window. 0 after a silent window. Six decimals.
  [[nodiscard]] double average(SimTime now) const;
  /// Nothing was written for a full window, or ever.
  [[nodiscard]] bool is_empty(SimTime now) const;

 private:
  [[nodiscard]] std::int64_t bucket_of(SimTime at) const;
  double& slot(std::int64_t bucket);
  [[nodiscard]] double slot(std::int64_t bucket) const;
  void clear_through(std::int64_t bucket);

  std::int64_t granularity_;
  std::vector<double> slots_;
  std::optional<std::int64_t> first_, last_;  ///< buckets of the first and the last write
  double total_ = 0;
};

}  // namespace windtunnel
