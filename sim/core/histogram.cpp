#include "sim/core/histogram.hpp"

#include <algorithm>
#include <limits>

namespace windtunnel {

std::int64_t Histogram::lower_edge(std::size_t bucket) {
  if (bucket <= 1) return static_cast<std::int64_t>(bucket);  // zero has the first for itself
  if (bucket >= kBuckets) return std::numeric_limits<std::int64_t>::max();
  const std::size_t index = bucket - 1;
  const auto octave = static_cast<int>(index >> kSubBits);
  const auto sub = static_cast<std::int64_t>(index & ((1U << kSubBits) - 1));
  if (octave == 0) return sub << (kFirstOctave - kSubBits);
  const int shift = octave - 1 + kFirstOctave - kSubBits;
  return ((std::int64_t{1} << kSubBits) + sub) << shift;
}

std::uint64_t Histogram::count_in(std::size_t bucket) const {
  std::uint64_t count = counts_[bucket];
  if (!wraps_.empty())
    if (const auto it = wraps_.find(bucket); it != wraps_.end()) count += it->second << 32;
  return count;
}

void Histogram::set_count(std::size_t bucket, std::uint64_t count) {
  counts_[bucket] = static_cast<std::uint32_t>(count);
  if (count >> 32 != 0) {
    wraps_[bucket] = count >> 32;
  } else if (!wraps_.empty()) {
    wraps_.erase(bucket);
  }
}

double Histogram::quantile_s(double level) const {
  if (count_ == 0) return 0;
  // A few roundings are taken off first: 0.07 * 100 is above 7, yet 7 of 100 are wanted.
  const double rank = level * static_cast<double>(count_) * (1 - 4 * std::numeric_limits<double>::epsilon());
  const auto wanted = static_cast<std::uint64_t>(std::max(1.0, std::ceil(rank)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += count_in(i);
    if (seen < wanted) continue;
    if (i == 0) return 0;
    const double middle = (static_cast<double>(lower_edge(i)) + static_cast<double>(lower_edge(i + 1))) / 2;
    return std::min(middle * 1e-9, max_s());
  }
  return max_s();
}

std::vector<std::uint64_t> Histogram::at_most(const std::vector<Duration>& bounds) const {
  std::vector<std::uint64_t> out;
  std::uint64_t sum = 0;
  std::size_t next = 0;
  for (const Duration bound : bounds) {
    for (const std::size_t end = bucket_of(bound.count()) + 1; next < end; ++next) sum += counts_[next];
    out.push_back(sum);
  }
  if (wraps_.empty()) return out;
  for (const auto& [bucket, times] : wraps_)
    for (std::size_t i = 0; i < bounds.size(); ++i)
      if (bucket <= bucket_of(bounds[i].count())) out[i] += times << 32U;
  return out;
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) set_count(i, count_in(i) + other.count_in(i));
  count_ += other.count_;
  sum_ += other.sum_;
  sum_squares_ += other.sum_squares_;
  max_ = std::max(max_, other.max_);
}

Histogram Histogram::since(const Histogram& earlier) const {
  Histogram out = *this;
  for (std::size_t i = 0; i < counts_.size(); ++i) out.set_count(i, count_in(i) - earlier.count_in(i));
  out.count_ -= earlier.count_;
  out.sum_ -= earlier.sum_;
  out.sum_squares_ -= earlier.sum_squares_;
  return out;
}

std::vector<std::pair<double, std::uint64_t>> Histogram::filled() const {
  std::vector<std::pair<double, std::uint64_t>> out;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (count_in(i) != 0) out.emplace_back(static_cast<double>(lower_edge(i)) * 1e-9, count_in(i));
  return out;
}

}  // namespace windtunnel
