// A log-bucketed histogram of durations: 64 sub-buckets an octave, so a quantile is at most 0.8 % off (8 ns below 1
// us).
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/core/time.hpp"

namespace windtunnel {

/// Counts durations from 0 to the largest there is (292 years). Zero has a bucket of its own; below 1.024 us buckets
/// are 16 ns wide. Count, sum and maximum are exact; the sum of squares is a running double.
class Histogram {
 public:
  static constexpr int kSubBits = 6;
  static constexpr int kFirstOctave = 10;  // 2^10 ns
  static constexpr std::size_t kBuckets = 1 + (1 << kSubBits) + (62 - kFirstOctave + 1) * (1 << kSubBits);

  /// @param value  not negative
  [[gnu::always_inline]] void record(Duration value) {
    const std::int64_t ns = value.count();
    const std::size_t bucket = bucket_of(ns);
    if (++counts_[bucket] == 0) [[unlikely]]
      ++wraps_[bucket];
    ++count_;
    sum_ += static_cast<unsigned __int128>(static_cast<std::uint64_t>(ns));
    const double s = static_cast<double>(ns) * 1e-9;
    sum_squares_ += s * s;
    if (ns > max_) max_ = ns;
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean_s() const { return count_ ? sum_s() / static_cast<double>(count_) : 0; }
  [[nodiscard]] double sum_s() const { return static_cast<double>(sum_) * 1e-9; }
  [[nodiscard]] double sum_squares_s2() const { return sum_squares_; }
  [[nodiscard]] double max_s() const { return static_cast<double>(max_) * 1e-9; }

  /// Smallest value with at least `level` of the counts at or below it, read at the middle of its bucket and never
  /// above the maximum. Seconds; 0 when nothing was counted. @param level in [0, 1]
  [[nodiscard]] double quantile_s(double level) const;

  /// How many lie at or below each of the ascending bounds, to the width of a bucket.
  [[nodiscard]] std::vector<std::uint64_t> at_most(const std::vector<Duration>& bounds) const;

  void merge(const Histogram& other);
  /// What was counted here since `earlier` was copied from this histogram. The maximum stays this one's.
  [[nodiscard]] Histogram since(const Histogram& earlier) const;
  void reset() { *this = Histogram{}; }

  /// (smallest value in seconds, count) of every bucket that holds something, ascending.
  [[nodiscard]] std::vector<std::pair<double, std::uint64_t>> filled() const;

  static constexpr std::size_t bucket_of(std::int64_t ns) {
    if (ns <= 0) return 0;
    const auto u = static_cast<std::uint64_t>(ns);
    if (u < (1ULL << kFirstOctave)) return 1 + (u >> (kFirstOctave - kSubBits));
    const int octave = 63 - std::countl_zero(u);
    const auto sub = (u >> (octave - kSubBits)) & ((1U << kSubBits) - 1);
    return 1 + (static_cast<std::size_t>(octave - kFirstOctave + 1) << kSubBits) + sub;
  }
  /// Smallest number of nanoseconds a bucket holds; of the one past the last, the largest there is.
  static std::int64_t lower_edge(std::size_t bucket);

 private:
  [[nodiscard]] std::uint64_t count_in(std::size_t bucket) const;
  void set_count(std::size_t bucket, std::uint64_t count);

  // 32 bits a bucket keep many histograms in the cache together; `wraps_` counts how often one ran over.
  std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(kBuckets);
  std::map<std::size_t, std::uint64_t> wraps_;
  std::uint64_t count_ = 0;
  unsigned __int128 sum_ = 0;
  double sum_squares_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace windtunnel
