#include "sim/workload/counts_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <cmath>
#include <limits>

#include "sim/core/error.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

const TraceSpec& trace_spec(const WorkloadSpec& spec) {
  return std::get<TraceSpec>(spec.source);
}

}  // namespace

std::uint32_t rest_target(const TraceSpec& trace) {
  for (std::size_t row = 0; row < trace.map.size(); ++row)
    if (trace.map[row].first == "*") return static_cast<std::uint32_t>(row);
  if (trace.map.empty()) return 0;
  throw InputError(
      {trace.file, "counts carry no labels, and the map has no row \"*\"", "add \"*\": <model> to the map"});
}

CountPlacement placement_of(std::string_view name, const std::string& where) {
  if (name == "even") return CountPlacement::even;
  if (name == "uniform") return CountPlacement::uniform;
  if (name == "poisson") return CountPlacement::poisson;
  throw InputError({where, "placement: unknown rule " + in_quotes(name), "known: even, uniform, poisson"});
}

CountsSource::CountsSource(CountsReader reader, const WorkloadSpec& spec, const RngStreams& streams, int target_count)
    : reader_(std::move(reader)),
      placement_(placement_of(trace_spec(spec).placement, trace_spec(spec).file)),
      placement_rng_(streams.stream("placement/" + spec.name)),
      scale_rng_(streams.stream("scale/" + spec.name)),
      draws_(streams, spec.name, spec.size, trace_spec(spec).map.empty() ? target_count : 1),
      factor_(trace_spec(spec).rate_scale.factor),
      from_ns_(trace_spec(spec).from.value_or(Duration{}).count()),
      to_ns_(trace_spec(spec).to.value_or(Duration{kForever}).count()),
      shift_ns_(trace_spec(spec).rebase ? from_ns_ : 0),
      target_(rest_target(trace_spec(spec))),
      limit_(spec.queries.value_or(std::numeric_limits<std::uint64_t>::max())) {}

std::size_t CountsSource::next(std::span<Arrival> out) {
  out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), limit_ - made_)));
  std::size_t filled = 0;
  while (filled < out.size() && !ended_) {
    if (offset_ == offsets_ns_.size()) {
      ended_ = !next_second();
      continue;
    }
    const std::int64_t at_ns = second_ns_ + offsets_ns_[offset_++];
    if (at_ns < from_ns_) continue;
    if (at_ns >= to_ns_) {
      ended_ = true;
      break;
    }
    out[filled++] = {.at = SimTime{Duration{at_ns - shift_ns_}}, .target = target_};
  }
  made_ += filled;
  draws_(out.first(filled));
  return filled;
}

bool CountsSource::next_second() {
  std::uint64_t count = 0;
  do {
    if (!reader_.next(count)) return false;
    second_ns_ = static_cast<std::int64_t>(reader_.seconds() - 1) * kSecondNs;
    if (second_ns_ >= to_ns_) return false;
  } while (second_ns_ + kSecondNs <= from_ns_);
  recorded_ += count;
  offsets_ns_.clear();
  offset_ = 0;
  switch (placement_) {
    case CountPlacement::even: place_even(scaled(count)); break;
    case CountPlacement::uniform: place_uniform(scaled(count)); break;
    case CountPlacement::poisson: place_poisson(static_cast<double>(count) * factor_); break;
  }
  return true;
}

std::uint64_t CountsSource::scaled(std::uint64_t count) {
  if (factor_ == 1) return count;
  const double whole = std::floor(factor_);
  std::uint64_t out = count * static_cast<std::uint64_t>(whole);
  if (const double fraction = factor_ - whole; fraction > 0)
    for (std::uint64_t query = 0; query < count; ++query) out += scale_rng_.uniform() < fraction ? 1 : 0;
  if (out > CountsReader::kMaxCount)
    throw InputError({reader_.where(),
                      fmt::format("{} scaled by {} is over 10 000 000 queries in one second", count, factor_),
                      "choose a smaller rate_scale"});
  return out;
}

void CountsSource::place_even(std::uint64_t count) {
  const auto n = static_cast<std::int64_t>(count);
  for (std::int64_t i = 0; i < n; ++i) offsets_ns_.push_back((2 * i + 1) * kSecondNs / (2 * n));
}

/// Sums of n + 1 exponential gaps over their total are n sorted even draws, without sorting (Devroye 1986, ch. V.3).
void CountsSource::place_uniform(std::uint64_t count) {
  boost::random::exponential_distribution<double> gap(1.0);
  sums_.resize(count);
  double sum = 0;
  for (double& s : sums_) s = sum += gap(placement_rng_);
  if (count == 0) return;
  const double ns_per_sum = static_cast<double>(kSecondNs) / (sum + gap(placement_rng_));
  offsets_ns_.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    offsets_ns_[i] = std::min(static_cast<std::int64_t>(sums_[i] * ns_per_sum), kSecondNs - 1);
}

void CountsSource::place_poisson(double rate_per_s) {
  if (rate_per_s > static_cast<double>(CountsReader::kMaxCount))
    throw InputError({reader_.where(), fmt::format("{} queries a second are over 10 000 000", rate_per_s),
                      "choose a smaller rate_scale"});
  if (rate_per_s <= 0) return;
  boost::random::exponential_distribution<double> gap(1.0);
  const double ns_per_gap = static_cast<double>(kSecondNs) / rate_per_s;
  double at_ns = gap(placement_rng_) * ns_per_gap;
  while (at_ns < static_cast<double>(kSecondNs)) {
    offsets_ns_.push_back(static_cast<std::int64_t>(at_ns));
    at_ns += gap(placement_rng_) * ns_per_gap;
  }
}

}  // namespace windtunnel
