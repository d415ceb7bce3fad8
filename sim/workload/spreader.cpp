#include "sim/workload/spreader.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace windtunnel {

Spreader::Spreader(double factor, Rng rng)
    : whole_(static_cast<std::uint64_t>(factor)), fraction_(factor - std::floor(factor)), rng_(rng) {}

void Spreader::spread_front() {
  const Arrival row = ahead_[ahead_begin_];
  const auto reach = static_cast<double>(reach_ns());
  const std::uint64_t copies = whole_ + (rng_.uniform() < fraction_ ? 1 : 0);
  for (std::uint64_t copy = 0; copy < copies; ++copy) {
    Arrival query = row;
    if (copy > 0) query.at += Duration{static_cast<std::int64_t>(rng_.uniform() * reach)};
    due_.push_back({query, order_++});
    std::push_heap(due_.begin(), due_.end(), std::greater<>{});
  }
  behind_[spread_++ % kNeighbours] = row.at;
  ahead_begin_ = (ahead_begin_ + 1) % kRing;
  --ahead_count_;
}

std::int64_t Spreader::reach_ns() const {
  const SimTime now = ahead_[ahead_begin_].at;
  const SimTime oldest = spread_ == 0 ? now : spread_ < kNeighbours ? behind_[0] : behind_[spread_ % kNeighbours];
  const std::int64_t before = (now - oldest).count();
  const std::int64_t after = (ahead_[(ahead_begin_ + ahead_count_ - 1) % kRing].at - now).count();
  const bool full_before = spread_ >= kNeighbours;
  const bool full_after = ahead_count_ == kRing;
  // Near an end of the recording only one side has its 64 rows; in a very short one neither has.
  const std::int64_t reach = full_before && full_after ? std::min(before, after)
                             : full_before             ? before
                             : full_after              ? after
                                                       : std::max(before, after);
  return std::min(reach, kLongestNs);
}

Arrival Spreader::take_due() {
  std::pop_heap(due_.begin(), due_.end(), std::greater<>{});
  const Arrival query = due_.back().query;
  due_.pop_back();
  return query;
}

}  // namespace windtunnel
