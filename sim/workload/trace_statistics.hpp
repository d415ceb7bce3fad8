// Running sums from which a trace's burstiness is told: counts in bins, and gaps.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace windtunnel {

/// Counts in successive bins of one width, of which only the current one is held.
class BinCounts {
 public:
  explicit BinCounts(std::int64_t width_ns) : width_ns_(width_ns) {}

  /// @param at_ns  from the start of the first bin on, non-decreasing
  void add(std::int64_t at_ns, std::uint64_t queries = 1) {
    if (at_ns >= end_ns_) close_until(at_ns / width_ns_);  // a division a bin, not a query
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
    end_ns_ = bin > kLastNs / width_ns_ - 1 ? kLastNs : (bin + 1) * width_ns_;
  }

  static constexpr std::int64_t kLastNs = std::numeric_limits<std::int64_t>::max();
  std::int64_t width_ns_;
  std::int64_t end_ns_ = width_ns_;  // of the current bin
  std::int64_t bin_ = 0;             // index of the current bin = number of whole ones
  std::uint64_t count_ = 0, max_ = 0;
  double sum_ = 0, sum_squares_ = 0;
};

/// Mean, spread and largest of the gaps between successive instants. Sums are whole numbers of 128 bits: exact, and the
/// squares of gaps that add up to a span are at most the span's square.
class GapSums {
 public:
  /// @param gap_ns  0 or more; all gaps together at most 2^63
  void add(std::int64_t gap_ns) {
    ++count_;
    sum_ns_ += static_cast<std::uint64_t>(gap_ns);
    sum_squares_ += static_cast<unsigned __int128>(gap_ns) * static_cast<std::uint64_t>(gap_ns);
    max_ns_ = std::max(max_ns_, gap_ns);
  }
  [[nodiscard]] std::optional<double> cv() const {
    if (count_ < 2 || sum_ns_ == 0) return {};
    const auto sum = static_cast<double>(sum_ns_);
    const unsigned __int128 square = static_cast<unsigned __int128>(sum_ns_) * sum_ns_;
    unsigned __int128 scaled = 0;  // variance / mean^2 = (n sum of squares - sum^2) / sum^2, exact up to the division
    if (!__builtin_mul_overflow(sum_squares_, static_cast<unsigned __int128>(count_), &scaled))
      return std::sqrt(static_cast<double>(scaled - square)) / sum;
    return std::sqrt(std::max(static_cast<double>(sum_squares_) * static_cast<double>(count_) / sum / sum - 1, 0.0));
  }
  [[nodiscard]] double max_s() const { return static_cast<double>(max_ns_) * 1e-9; }

 private:
  std::uint64_t count_ = 0, sum_ns_ = 0;
  unsigned __int128 sum_squares_ = 0;
  std::int64_t max_ns_ = 0;
};

}  // namespace windtunnel
