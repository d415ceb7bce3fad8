#include "models/fit/peak_memory.hpp"

#include <algorithm>

namespace windtunnel {

PeakMemory::PeakMemory(std::span<const Measurement> rows) {
  for (const auto& row : rows)
    if (row.memory_bytes && *row.memory_bytes > 0 && !row.out_of_memory)
      points_.push_back({row.items, *row.memory_bytes});
  std::sort(points_.begin(), points_.end(), [](const auto& x, const auto& y) { return x.items < y.items; });
  if (points_.size() < 2 || points_[1].items == points_[0].items) return;
  const double slope = (points_[1].bytes - points_[0].bytes) / (points_[1].items - points_[0].items);
  fixed_ = std::clamp(points_[0].bytes - slope * points_[0].items, 0.0, points_[0].bytes);
}

double PeakMemory::at(double items) const {
  const Point& last = points_.back();
  if (items >= last.items) return fixed_ + (last.bytes - fixed_) * items / last.items;
  const Point& first = points_.front();
  if (items <= first.items) return fixed_ + (first.bytes - fixed_) * items / first.items;
  std::size_t i = 1;
  while (points_[i].items < items) ++i;
  const Point& a = points_[i - 1];
  const Point& b = points_[i];
  return a.bytes + (b.bytes - a.bytes) * (items - a.items) / (b.items - a.items);
}

}  // namespace windtunnel
