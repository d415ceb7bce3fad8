#include "policies/forecast/holt_winters.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace windtunnel {

HoltWinters::HoltWinters(int season, Weights weights)
    : weights_(weights), season_(static_cast<std::size_t>(std::max(season, 1))) {}

void HoltWinters::begin() {
  level_ = std::accumulate(first_.begin(), first_.end(), 0.0) / static_cast<double>(first_.size());
  for (const double value : first_) seasonal_.push_back(value - level_);
  started_ = true;
}

void HoltWinters::add(double value) {
  if (!started_) {
    first_.push_back(value);
    if (first_.size() == season_) begin();
    return;
  }
  double& season = seasonal_[at_];
  const double before = level_;
  level_ = weights_.level * (value - season) + (1 - weights_.level) * (level_ + weights_.damping * trend_);
  trend_ = weights_.trend * (level_ - before) + (1 - weights_.trend) * weights_.damping * trend_;
  if (season_ > 1) season = weights_.season * (value - level_) + (1 - weights_.season) * season;
  at_ = (at_ + 1) % season_;
}

std::optional<double> HoltWinters::ahead(int steps) const {
  if (!started_) return std::nullopt;
  double damped = 0;
  for (int i = 1; i <= steps; ++i) damped += std::pow(weights_.damping, i);
  const std::size_t place = (at_ + static_cast<std::size_t>(steps) - 1) % season_;
  return std::max(0.0, level_ + damped * trend_ + seasonal_[place]);
}

}  // namespace windtunnel
