#include "policies/knative/window_average.hpp"

#include <algorithm>
#include <cmath>

#include "sim/core/error.hpp"

namespace windtunnel {

WindowAverage::WindowAverage(Duration window, Duration granularity) : granularity_(granularity.count()) {
  SIM_CHECK(granularity > Duration::zero() && window >= granularity, "a window shorter than its bucket");
  slots_.resize(static_cast<std::size_t>((window.count() + granularity_ - 1) / granularity_));
}

std::int64_t WindowAverage::bucket_of(SimTime at) const {
  const std::int64_t ns = at.time_since_epoch().count();
  return ns >= 0 ? ns / granularity_ : -((-ns + granularity_ - 1) / granularity_);
}

double& WindowAverage::slot(std::int64_t bucket) {
  const auto n = static_cast<std::int64_t>(slots_.size());
  return slots_[static_cast<std::size_t>((bucket % n + n) % n)];
}

double WindowAverage::slot(std::int64_t bucket) const {
  const auto n = static_cast<std::int64_t>(slots_.size());
  return slots_[static_cast<std::size_t>((bucket % n + n) % n)];
}

// Seconds without a write hold what is a window old: that goes.
void WindowAverage::clear_through(std::int64_t bucket) {
  for (std::int64_t b = *last_ + 1; b <= bucket; ++b) {
    total_ -= slot(b);
    slot(b) = 0;
  }
}

void WindowAverage::record(SimTime at, double value) {
  const std::int64_t bucket = bucket_of(at);
  const auto window = static_cast<std::int64_t>(slots_.size());
  if (last_ && bucket + window <= *last_) return;
  if (!first_ || bucket < *first_) first_ = bucket;
  if (!last_ || bucket > *last_) {
    if (last_ && bucket - *last_ < window) {
      clear_through(bucket);
    } else {
      std::fill(slots_.begin(), slots_.end(), 0.0);
      total_ = 0;
      first_ = bucket;
    }
    last_ = bucket;
  }
  slot(bucket) += value;
  total_ += value;
}

double WindowAverage::average(SimTime now) const {
  if (is_empty(now)) return 0;
  const std::int64_t silent = std::max<std::int64_t>(0, bucket_of(now) - *last_);
  double total = total_;
  for (std::int64_t b = *last_ + 1; b <= *last_ + silent; ++b) total -= slot(b);
  const auto window = static_cast<std::int64_t>(slots_.size());
  const auto seconds = std::min(*last_ - *first_ + 1, window - silent);
  return std::round(total / static_cast<double>(seconds) * 1e6) / 1e6;
}

bool WindowAverage::is_empty(SimTime now) const {
  return !last_ || bucket_of(now) - *last_ >= static_cast<std::int64_t>(slots_.size());
}

}  // namespace windtunnel
