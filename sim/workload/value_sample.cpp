#include "sim/workload/value_sample.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {

void ValueSample::add(double value) {
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = count_ == 0 ? value : std::max(max_, value);
  if (count_ % step_ == 0) {
    if (kept_.size() == kMostKept) {
      for (std::size_t i = 0; i < kept_.size() / 2; ++i) kept_[i] = kept_[2 * i];
      kept_.resize(kept_.size() / 2);
      step_ *= 2;
    }
    if (count_ % step_ == 0) kept_.push_back(value);
    sorted_ = false;
  }
  ++count_;
  mean_ += (value - mean_) / static_cast<double>(count_);
}

std::optional<double> ValueSample::quantile(double share) {
  if (kept_.empty()) return {};
  if (!sorted_) std::sort(kept_.begin(), kept_.end());
  sorted_ = true;
  const double at = share * static_cast<double>(kept_.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(at));
  const std::size_t above = std::min(below + 1, kept_.size() - 1);
  return kept_[below] + (at - static_cast<double>(below)) * (kept_[above] - kept_[below]);
}

}  // namespace windtunnel
