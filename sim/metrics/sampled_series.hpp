// Many quantities sampled on one clock with a fixed number of points: when they are full, neighbours merge and the
// step doubles, so memory does not grow with the horizon.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/metrics/series.hpp"

namespace windtunnel {

class SampledSeries {
 public:
  static constexpr std::size_t kPoints = 1024;

  explicit SampledSeries(Duration step) : step_(step) {}

  void announce(std::string name, std::string unit) {
    series_.push_back({std::move(name), std::move(unit), 0, {}, {}, {}});
  }
  [[nodiscard]] const std::vector<Series>& names() const { return series_; }
  [[nodiscard]] Duration step() const { return step_; }

  /// One value for each series, in the order announced. Merges when full; the next sample is due step() later.
  void add(const std::vector<double>& values) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
      series_[i].min.push_back(values[i]);
      series_[i].mean.push_back(values[i]);
      series_[i].max.push_back(values[i]);
    }
    if (!series_.empty() && series_.front().mean.size() == kPoints) merge();
  }

  [[nodiscard]] std::vector<Series> take() {
    for (auto& s : series_) s.step_s = to_seconds(step_);
    return std::move(series_);
  }

 private:
  void merge() {
    for (auto& s : series_) {
      for (std::size_t i = 0; i < kPoints / 2; ++i) {
        s.min[i] = std::min(s.min[2 * i], s.min[2 * i + 1]);
        s.mean[i] = (s.mean[2 * i] + s.mean[2 * i + 1]) / 2;
        s.max[i] = std::max(s.max[2 * i], s.max[2 * i + 1]);
      }
      s.min.resize(kPoints / 2);
      s.mean.resize(kPoints / 2);
      s.max.resize(kPoints / 2);
    }
    step_ *= 2;
  }
  Duration step_;
  std::vector<Series> series_;
};

}  // namespace windtunnel
