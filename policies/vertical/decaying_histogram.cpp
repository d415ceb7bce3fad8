#include "policies/vertical/decaying_histogram.hpp"

#include <algorithm>
#include <cmath>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr double kFirstBucket = 1e7, kGrowth = 1.05, kMostBytes = 1e12;
constexpr double kNoWeight = 1e-4;
constexpr double kMostExponent = 100;  // beyond it the reference moves on, so that no weight overflows

double bucket_start(std::size_t bucket) {
  return kFirstBucket * (std::pow(kGrowth, static_cast<double>(bucket)) - 1) / (kGrowth - 1);
}

std::size_t bucket_at(double bytes) {
  if (bytes < kFirstBucket) return 0;
  return static_cast<std::size_t>(std::log(bytes * (kGrowth - 1) / kFirstBucket + 1) / std::log(kGrowth));
}

std::size_t bucket_count() {
  return static_cast<std::size_t>(
             std::ceil(std::log(kMostBytes * (kGrowth - 1) / kFirstBucket + 1) / std::log(kGrowth))) +
         1;
}

}  // namespace

DecayingHistogram::DecayingHistogram(Duration half_life)
    : half_life_(half_life), weights_(bucket_count()), first_(weights_.size() - 1) {
  SIM_CHECK(half_life > Duration{}, "a histogram that forgets at once");
}

void DecayingHistogram::change(Bytes value, double weight, SimTime at) {
  const auto half_lives = [&](SimTime t) { return to_seconds(t - reference_) / to_seconds(half_life_); };
  if (half_lives(at) > kMostExponent) {
    const double moved = std::round(half_lives(at));
    const double factor = std::exp2(-moved);
    for (double& w : weights_) w *= factor;
    total_ *= factor;
    reference_ += to_duration(moved * to_seconds(half_life_));
  }
  const std::size_t bucket = std::min(bucket_at(static_cast<double>(value.value)), weights_.size() - 1);
  const double scaled = weight * std::exp2(half_lives(at));
  weights_[bucket] = std::max(0.0, weights_[bucket] + scaled);
  total_ = std::max(0.0, total_ + scaled);
  find_ends();
}

void DecayingHistogram::find_ends() {
  last_ = weights_.size() - 1;
  while (last_ > 0 && weights_[last_] < kNoWeight) --last_;
  first_ = 0;
  while (first_ < weights_.size() - 1 && weights_[first_] < kNoWeight) ++first_;
}

bool DecayingHistogram::is_empty() const {
  return weights_[first_] < kNoWeight;
}

Bytes DecayingHistogram::percentile(double share) const {
  if (is_empty()) return {};
  double sum = 0;
  std::size_t bucket = first_;
  for (; bucket < last_; ++bucket) {
    sum += weights_[bucket];
    if (sum >= share * total_) break;
  }
  const std::size_t edge = std::min(bucket + 1, weights_.size() - 1);
  return {std::llround(bucket_start(edge))};
}

}  // namespace windtunnel
