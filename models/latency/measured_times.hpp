// Measured batch times by items and share of the SMs, read between the measurements.
#pragma once

#include <cstddef>
#include <vector>

namespace windtunnel {

struct TimePoint {
  double items = 1;
  double share = 1;  ///< (0, 1]
  double time_s = 0;
};

/// Between two batches of one share the time is linear in items; between two shares linear in 1 / share, since work
/// over share plus a floor is so. Beyond the measurements: larger batches go on along the last two points (or in
/// proportion, from one), but never fall; smaller ones along the first two, but never below half of the first; shares
/// below the smallest scale the time with 1 / share, shares above the largest change nothing. `outside` says so.
class MeasuredTimes {
 public:
  MeasuredTimes() = default;
  /// @param points  at least one, times > 0, no (items, share) twice; in any order
  explicit MeasuredTimes(std::vector<TimePoint> points);

  [[nodiscard]] double time_s(double items, double share = 1) const;
  [[nodiscard]] bool outside(double items, double share = 1) const;
  /// Full-GPU seconds: share times time where the share is smallest, which is where the SMs bound it most.
  [[nodiscard]] double work_s(double items) const;

  [[nodiscard]] const std::vector<TimePoint>& points() const { return points_; }  ///< by share, then items

 private:
  struct Series {  // of one share
    double share;
    std::size_t first, last;  // [first, last) of points_
  };
  [[nodiscard]] double along(const Series& series, double items) const;

  std::vector<TimePoint> points_;
  std::vector<Series> series_;  // ascending by share
};

}  // namespace windtunnel
