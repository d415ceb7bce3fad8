#include "sim/workload/recorded_counts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr double kMostBins = 1 << 17;
constexpr double kLeastPerBin = 0.25;
constexpr std::uint64_t kLeastQueries = 20;
constexpr std::array kGrids_s = {3600.0, 900.0, 600.0, 300.0, 60.0, 30.0, 20.0, 15.0, 12.0, 10.0,
                                 6.0,    5.0,   4.0,   3.0,   2.0,  1.0,  0.5,  0.25, 0.1};

template <class Each>
void for_each_arrival(const RecordingOpener& open, Each&& each) {
  const auto source = open();
  std::array<Arrival, 512> block;
  while (const std::size_t count = source->next(block))
    for (std::size_t i = 0; i < count; ++i) each(block[i]);
}

/// Counts the stamps that lie off each of the usual grids by over a thousandth of it (2 ms at most).
class GridFinder {
 public:
  void add(double at_s) {
    ++stamps_;
    for (std::size_t i = 0; i < kGrids_s.size(); ++i) {
      const double lines = at_s / kGrids_s[i];
      off_[i] += std::abs(lines - std::round(lines)) * kGrids_s[i] > std::min(0.002, kGrids_s[i] * 1e-3) ? 1 : 0;
    }
  }
  [[nodiscard]] std::optional<double> grid_s() const {
    for (std::size_t i = 0; i < kGrids_s.size(); ++i)
      if (static_cast<double>(off_[i]) <= 0.005 * static_cast<double>(stamps_)) return kGrids_s[i];
    return std::nullopt;
  }

 private:
  std::uint64_t stamps_ = 0;
  std::array<std::uint64_t, kGrids_s.size()> off_{};
};

/// Sizes with their frequencies, as long as they are few, and their first two moments (Welford's sums).
class SizeCounts {
 public:
  void add(float size) {
    ++queries_;
    const double step = size - mean_;
    mean_ += step / static_cast<double>(queries_);
    squares_ += step * (size - mean_);
    if (few_) ++sizes_[size];
    if (sizes_.size() > kMostSizes) few_ = false, sizes_.clear();
  }
  void fill(RecordedCounts& out) const {
    if (queries_ == 0) return;
    out.sizes = sizes_;
    out.size_mean = mean_;
    out.size_scv = mean_ > 0 ? squares_ / static_cast<double>(queries_) / (mean_ * mean_) : 0;
  }

 private:
  static constexpr std::size_t kMostSizes = 48;
  std::map<float, std::uint64_t> sizes_;
  bool few_ = true;
  std::uint64_t queries_ = 0;
  double mean_ = 0, squares_ = 0;
};

/// Queries per instant, and the pairs that share one or lie one grid line apart.
class GroupCounts {
 public:
  void add(SimTime at) {
    if (count_ > 0 && at == at_) {
      ++count_;
      return;
    }
    close();
    before_ = count_;
    before_at_ = at_;
    at_ = at;
    count_ = 1;
  }
  void close() {
    if (count_ == 0) return;
    ++groups_[static_cast<std::uint32_t>(std::min<std::uint64_t>(count_, 1'000'000))];
    const auto n = static_cast<double>(count_);
    same_ += n * (n - 1);
    gaps_.push_back({to_seconds(at_ - before_at_), n * static_cast<double>(before_)});
    if (gaps_.size() == 4096) drain();
  }
  void set_grid(std::optional<double> grid_s) { grid_s_ = grid_s; }
  /// Ordered pairs at one instant beyond those that chance brings, over the queries.
  [[nodiscard]] double excess(double queries) {
    drain();
    return (same_ - next_) / queries;
  }
  [[nodiscard]] const std::map<std::uint32_t, std::uint64_t>& groups() const { return groups_; }

 private:
  struct Pair {
    double gap_s, product;
  };
  void drain() {
    for (const Pair& pair : gaps_)
      if (grid_s_ && pair.product > 0 && std::abs(pair.gap_s - *grid_s_) < 0.5 * *grid_s_) next_ += pair.product;
    gaps_.clear();
  }

  std::map<std::uint32_t, std::uint64_t> groups_;
  std::vector<Pair> gaps_;
  std::optional<double> grid_s_;
  SimTime at_{}, before_at_{};
  std::uint64_t count_ = 0, before_ = 0;
  double same_ = 0, next_ = 0;
};

/// The next of 1, 2, 5, 10, ... seconds, or the next multiple of the grid.
double bin_width(double least_s, std::optional<double> grid_s) {
  if (grid_s && *grid_s * 1000 > least_s) return *grid_s * std::ceil(least_s / *grid_s - 1e-9);
  double power = 0.001;
  while (power * 10 <= least_s * (1 + 1e-9)) power *= 10;
  for (const double step : {1.0, 2.0, 5.0})
    if (step * power >= least_s * (1 - 1e-9)) return step * power;
  return 10 * power;
}

}  // namespace

double RecordedCounts::mean_batch() const {
  double instants = 0, sum = 0;
  for (const auto& [size, count] : batches) {
    instants += static_cast<double>(count);
    sum += static_cast<double>(size) * static_cast<double>(count);
  }
  return instants > 0 ? sum / instants : 1;
}

double RecordedCounts::length_of(std::size_t bin) const {
  return std::min(bin_s, std::max(span_s - static_cast<double>(bin) * bin_s, 1e-3 * bin_s));
}

RecordedCounts count_recording(const RecordingOpener& open) {
  RecordedCounts out;
  GridFinder grid;
  SimTime last{};
  SizeCounts sizes;
  for_each_arrival(open, [&](const Arrival& query) {
    ++out.queries;
    grid.add(to_seconds(query.at));
    sizes.add(static_cast<float>(query.size));
    last = query.at;
  });
  sizes.fill(out);
  out.span_s = to_seconds(last);
  if (out.queries < kLeastQueries || !(out.span_s > 0))
    throw InputError({"trace fit", fmt::format("the recording holds {} queries in {:.6g} s", out.queries, out.span_s),
                      fmt::format("a fit needs at least {} queries over some time", kLeastQueries)});
  out.grid_s = grid.grid_s();

  GroupCounts groups;
  groups.set_grid(out.grid_s);
  const auto queries = static_cast<double>(out.queries);
  for_each_arrival(open, [&](const Arrival& query) { groups.add(query.at); });
  groups.close();
  const bool crowded = out.grid_s && queries * *out.grid_s > 0.2 * out.span_s;  // cells are counts then, not batches
  if (!crowded && groups.excess(queries) > 0.1) out.batches = groups.groups();

  const double points = queries / out.mean_batch();
  const double least_s =
      std::max({out.span_s / kMostBins, kLeastPerBin * out.span_s / points, std::min(1.0, out.span_s / 600)});
  out.bin_s = bin_width(least_s, out.grid_s);
  out.bins.resize(static_cast<std::size_t>(out.span_s / out.bin_s) + 1);
  if (!out.batches.empty()) out.query_bins.resize(out.bins.size());
  const double to_middle_s = out.grid_s.value_or(0) / 2;  // stamps a millisecond off their line stay in its bin
  SimTime before = kNever;
  for_each_arrival(open, [&](const Arrival& query) {
    const auto line = static_cast<std::size_t>((to_seconds(query.at) + to_middle_s) / out.bin_s);
    const std::size_t bin = std::min(line, out.bins.size() - 1);
    if (!out.batches.empty()) out.query_bins[bin] += 1;
    if (!out.batches.empty() && query.at == before) return;
    before = query.at;
    out.bins[bin] += 1;
  });
  return out;
}

}  // namespace windtunnel
