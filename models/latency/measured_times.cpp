#include "models/latency/measured_times.hpp"

#include <algorithm>
#include <tuple>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

double line(const TimePoint& a, const TimePoint& b, double items) {
  return a.time_s + (b.time_s - a.time_s) * (items - a.items) / (b.items - a.items);
}

bool near(double x, double y) {
  return x > y * (1 - 1e-9) && x < y * (1 + 1e-9);
}

}  // namespace

MeasuredTimes::MeasuredTimes(std::vector<TimePoint> points) : points_(std::move(points)) {
  SIM_CHECK(!points_.empty(), "a table of measured times without a row");
  std::sort(points_.begin(), points_.end(),
            [](const auto& x, const auto& y) { return std::tie(x.share, x.items) < std::tie(y.share, y.items); });
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (i == 0 || points_[i].share != points_[i - 1].share) series_.push_back({points_[i].share, i, i});
    series_.back().last = i + 1;
  }
}

double MeasuredTimes::along(const Series& series, double items) const {
  const TimePoint& first = points_[series.first];
  const TimePoint& last = points_[series.last - 1];
  if (series.last - series.first == 1) return items > first.items ? first.time_s * items / first.items : first.time_s;
  if (items < first.items) return std::max(0.5 * first.time_s, line(first, points_[series.first + 1], items));
  if (items > last.items) return std::max(last.time_s, line(points_[series.last - 2], last, items));
  std::size_t i = series.first + 1;
  while (points_[i].items < items) ++i;
  return line(points_[i - 1], points_[i], items);
}

double MeasuredTimes::time_s(double items, double share) const {
  const Series& smallest = series_.front();
  const Series& largest = series_.back();
  if (near(share, smallest.share)) return along(smallest, items);
  if (share < smallest.share) return along(smallest, items) * smallest.share / share;
  if (share >= largest.share || near(share, largest.share)) return along(largest, items);
  std::size_t i = 1;
  while (series_[i].share < share && !near(series_[i].share, share)) ++i;
  const double above = along(series_[i], items);
  if (near(series_[i].share, share)) return above;
  const double below = along(series_[i - 1], items);
  const double x = 1 / share, x0 = 1 / series_[i - 1].share, x1 = 1 / series_[i].share;
  return below + (above - below) * (x - x0) / (x1 - x0);
}

bool MeasuredTimes::outside(double items, double share) const {
  if (share < series_.front().share * (1 - 1e-9) || share > series_.back().share * (1 + 1e-9)) return true;
  // The shares on both sides must have been measured at such a batch.
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const bool last_below = i + 1 == series_.size() || series_[i + 1].share > share * (1 + 1e-9);
    const bool first_above = i == 0 || series_[i - 1].share < share * (1 - 1e-9);
    const bool beside = near(series_[i].share, share) || (series_[i].share < share ? last_below : first_above);
    if (!beside) continue;
    if (items < points_[series_[i].first].items || items > points_[series_[i].last - 1].items) return true;
    if (near(series_[i].share, share)) return false;
  }
  return false;
}

double MeasuredTimes::work_s(double items) const {
  return series_.front().share * along(series_.front(), items);
}

}  // namespace windtunnel
