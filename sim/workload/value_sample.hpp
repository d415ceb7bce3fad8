// Quantiles of values that stream by, exact while they are few enough to keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace windtunnel {

/// Keeps up to 2^20 values; of more, every 2nd, 4th, ... in their order of coming, which bounds memory to 8 MiB.
class ValueSample {
 public:
  static constexpr std::size_t kMostKept = std::size_t{1} << 20;

  void add(double value);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double min() const { return min_; }
  [[nodiscard]] double max() const { return max_; }
  [[nodiscard]] double mean() const { return mean_; }
  /// True while every value is kept, so that quantiles are exact.
  [[nodiscard]] bool is_whole() const { return step_ == 1; }
  /// Linear between the order statistics, as NumPy's default. @param share  in [0, 1]
  [[nodiscard]] std::optional<double> quantile(double share);

 private:
  std::vector<double> kept_;
  std::uint64_t count_ = 0, step_ = 1;
  double min_ = 0, max_ = 0, mean_ = 0;
  bool sorted_ = false;
};

}  // namespace windtunnel
