// Running sums from which a trace's burstiness is told: counts in bins, and gaps.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace windtunnel {

/// Counts in successive bins of one width, of which only the current one is held.
class BinCounts {
 public:
  explicit BinCounts(std::int64_t width_ns) : width_ns_(width_ns) {}

  /// @param at_ns  from the start of the first bin on, non-decreasing
  void add(std::int64_t at_ns, std::uint64_t queries = 1) {
    close_until(at_ns / width_ns_);
    count_ += queries;
    max_ = std::max(max_, count_);
  }
  /// Says that time has gone on to at_ns: bins that end by then are whole.
  void close_until_time(std::int64_t at_ns) { close_until(at_ns / width_ns_); }

  [[nodiscard]] std::uint64_t max() const { return max_; }
  [[nodiscard]] double width_s() const { return static_cast<double>(width_ns_) * 1e-9; }
  /// Variance over mean of the whole bins; empty when there is no query in them.
  [[nodiscard]] std::optional<double> dispersion() const {
    if (sum_ == 0) return {};
    const double mean = sum_ / static_cast<double>(bin_);
    return (sum_squares_ / static_cast<double>(bin_) - mean * mean) / mean;
  }

 private:
  void close_until(std::int64_t bin) {
    if (bin == bin_) return;
    const auto count = static_cast<double>(count_);
    sum_ += count;  // whole numbers far below 2^53: exact
    sum_squares_ += count * count;
    count_ = 0;
    bin_ = bin;
  }

  std::int64_t width_ns_;
  std::int64_t bin_ = 0;  // index of the current bin = number of whole ones
  std::uint64_t count_ = 0, max_ = 0;
  double sum_ = 0, sum_squares_ = 0;
};

/// Mean, spread and largest of the gaps between successive instants (Welford's sums).
class GapSums {
 public:
  void add(std::int64_t gap_ns) {
    ++count_;
    const double gap = static_cast<double>(gap_ns) * 1e-9;
    const double step = gap - mean_;
    mean_ += step / static_cast<double>(count_);
    sum_squares_ += step * (gap - mean_);
    max_ns_ = std::max(max_ns_, gap_ns);
  }
  [[nodiscard]] std::optional<double> cv() const {
    if (count_ < 2 || mean_ == 0) return {};
    return std::sqrt(sum_squares_ / static_cast<double>(count_)) / mean_;
  }
  [[nodiscard]] double max_s() const { return static_cast<double>(max_ns_) * 1e-9; }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0, sum_squares_ = 0;
  std::int64_t max_ns_ = 0;
};

}  // namespace windtunnel
