#include "sim/workload/counts_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <cmath>
#include <limits>

#include "sim/core/error.hpp"
#include "sim/workload/duration_table.hpp"
#include "sim/workload/line_reader.hpp"
#include "sim/workload/trace_window.hpp"

namespace windtunnel {
namespace {

constexpr float kLeastSize = 1e-30F;  // a duration of next to nothing is some work

}  // namespace

CountPlacement placement_of(std::string_view name, const std::string& where) {
  if (name == "even") return CountPlacement::even;
  if (name == "uniform") return CountPlacement::uniform;
  if (name == "poisson") return CountPlacement::poisson;
  throw InputError({where, "placement: unknown rule " + in_quotes(name), "known: even, uniform, poisson"});
}

CountsSource::CountsSource(std::unique_ptr<CountBins> bins, const WorkloadSpec& spec, const RngStreams& streams,
                           int target_count)
    : bins_(std::move(bins)),
      placement_(placement_of(trace_of(spec).placement, trace_of(spec).file)),
      placement_rng_(streams.stream("placement/" + spec.name)),
      scale_rng_(streams.stream("scale/" + spec.name)),
      duration_rng_(streams.stream("duration/" + spec.name)),
      draws_(streams, spec.name, trace_of(spec).durations.empty() ? spec.size : std::nullopt,
             trace_of(spec).map.empty() ? target_count : 1),
      factor_(trace_of(spec).rate_scale.factor),
      size_per_unit_(trace_of(spec).size_per_unit),
      from_ns_(trace_of(spec).from.value_or(Duration{}).count()),
      to_ns_(trace_of(spec).to.value_or(Duration{kNoEndNs}).count()),
      shift_ns_(trace_of(spec).rebase ? from_ns_ : 0),
      limit_(spec.queries.value_or(std::numeric_limits<std::uint64_t>::max())) {}

std::size_t CountsSource::next(std::span<Arrival> out) {
  out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), limit_ - made_)));
  std::size_t filled = 0;
  while (filled < out.size() && !ended_) {
    if (next_placed_ == placed_.size()) {
      ended_ = !next_bins();
      continue;
    }
    const auto [at_ns, target, size] = placed_[next_placed_++];
    if (at_ns < from_ns_) continue;
    if (at_ns >= to_ns_) {
      ended_ = true;
      break;
    }
    out[filled++] = {.at = SimTime{Duration{at_ns - shift_ns_}}, .size = size, .target = target};
  }
  made_ += filled;
  draws_(out.first(filled));
  return filled;
}

bool CountsSource::read_ahead() {
  has_ahead_ = bins_->next(ahead_);
  if (!has_ahead_) return false;
  if (!started_) base_ns_ = ahead_.begin_ns;
  started_ = true;
  ahead_.begin_ns -= base_ns_;
  return true;
}

/// Places the bins of the next time at which some begin and which the window reaches.
bool CountsSource::next_bins() {
  if (!started_ && !read_ahead()) return false;
  while (has_ahead_ && ahead_.begin_ns + ahead_.width_ns <= from_ns_) read_ahead();
  if (!has_ahead_ || ahead_.begin_ns >= to_ns_) return false;
  placed_.clear();
  next_placed_ = 0;
  const std::int64_t begin_ns = ahead_.begin_ns;
  bool merged = false;
  do {
    merged = merged || !placed_.empty();
    place(ahead_);
  } while (read_ahead() && ahead_.begin_ns == begin_ns);
  if (merged) std::stable_sort(placed_.begin(), placed_.end(), [](auto& a, auto& b) { return a.at_ns < b.at_ns; });
  return true;
}

void CountsSource::place(const CountBin& bin) {
  recorded_ += bin.count;
  if (bin.count == 0) return;
  const std::size_t begin = placed_.size();
  switch (placement_) {
    case CountPlacement::even: place_even(bin, scaled(bin.count)); break;
    case CountPlacement::uniform: place_uniform(bin, scaled(bin.count)); break;
    case CountPlacement::poisson: place_poisson(bin, static_cast<double>(bin.count) * factor_); break;
  }
  if (bin.duration == nullptr) return;
  for (std::size_t i = begin; i < placed_.size(); ++i)
    placed_[i].size =
        std::max(kLeastSize, static_cast<float>(bin.duration->at(duration_rng_.uniform()) * size_per_unit_));
}

std::uint64_t CountsSource::scaled(std::uint64_t count) {
  if (factor_ == 1) return count;
  const double whole = std::floor(factor_);
  std::uint64_t out = count * static_cast<std::uint64_t>(whole);
  if (const double fraction = factor_ - whole; fraction > 0)
    for (std::uint64_t query = 0; query < count; ++query) out += scale_rng_.uniform() < fraction ? 1 : 0;
  if (out > kMaxBinCount)
    throw InputError({bins_->where(),
                      fmt::format("{} scaled by {} is over 10 000 000 queries in one stretch of time", count, factor_),
                      "choose a smaller rate_scale"});
  return out;
}

void CountsSource::place_even(const CountBin& bin, std::uint64_t count) {
  const auto n = static_cast<std::int64_t>(count);
  for (std::int64_t i = 0; i < n; ++i) {
    const auto offset = static_cast<__int128>(2 * i + 1) * bin.width_ns / (2 * n);
    placed_.push_back({bin.begin_ns + static_cast<std::int64_t>(offset), bin.target});
  }
}

/// Sums of n + 1 exponential gaps over their total are n sorted even draws, without sorting (Devroye 1986, ch. V.3).
void CountsSource::place_uniform(const CountBin& bin, std::uint64_t count) {
  boost::random::exponential_distribution<double> gap(1.0);
  sums_.resize(count);
  double sum = 0;
  for (double& s : sums_) s = sum += gap(placement_rng_);
  if (count == 0) return;
  const double ns_per_sum = static_cast<double>(bin.width_ns) / (sum + gap(placement_rng_));
  const std::size_t begin = placed_.size();
  placed_.resize(begin + count);
  for (std::size_t i = 0; i < count; ++i)
    placed_[begin + i] = {bin.begin_ns + std::min(static_cast<std::int64_t>(sums_[i] * ns_per_sum), bin.width_ns - 1),
                          bin.target};
}

void CountsSource::place_poisson(const CountBin& bin, double mean) {
  if (mean > static_cast<double>(kMaxBinCount))
    throw InputError({bins_->where(), fmt::format("{} queries in one stretch of time are over 10 000 000", mean),
                      "choose a smaller rate_scale"});
  if (mean <= 0) return;
  boost::random::exponential_distribution<double> gap(1.0);
  const auto width_ns = static_cast<double>(bin.width_ns);
  const double ns_per_gap = width_ns / mean;
  double at_ns = gap(placement_rng_) * ns_per_gap;
  while (at_ns < width_ns) {
    placed_.push_back({bin.begin_ns + static_cast<std::int64_t>(at_ns), bin.target});
    at_ns += gap(placement_rng_) * ns_per_gap;
  }
}

}  // namespace windtunnel
