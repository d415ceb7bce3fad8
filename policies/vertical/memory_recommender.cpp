#include "policies/vertical/memory_recommender.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {
namespace {

constexpr double kLowerPercentile = 0.5, kUpperPercentile = 0.95;  // [S] flags of the recommender
constexpr std::size_t kMostPeaks = std::size_t{1} << 20;           // memory stays bounded; later ones are left out

}  // namespace

MemoryRecommender::MemoryRecommender(const RecommenderSpec& spec) : spec_(spec), histogram_(spec.half_life) {}

void MemoryRecommender::saw(std::uint64_t container, Bytes used, SimTime at) {
  first_ = samples_ == 0 ? at : std::min(first_, at);
  last_ = samples_ == 0 ? at : std::max(last_, at);
  ++samples_;
  largest_seen_ = std::max(largest_seen_, used);
  add(container, used, at, false);
}

Bytes MemoryRecommender::saw_oom(std::uint64_t container, std::optional<Bytes> limit, SimTime at) {
  ++ooms_;
  const auto found = windows_.find(container);
  // Its recent peak, without earlier stand-ins: a container that dies again and again does not raise its own guess.
  const Bytes recent = found == windows_.end() ? Bytes{} : found->second.peak;
  const Bytes used = std::max(limit.value_or(Bytes{}), recent);
  const Bytes raised{std::llround(static_cast<double>(used.value) * spec_.oom_ratio)};
  const Bytes stand_in = std::max(used + spec_.oom_bump, raised);
  add(container, stand_in, at, true);
  return stand_in;
}

void MemoryRecommender::add(std::uint64_t container, Bytes amount, SimTime at, bool oom) {
  auto [it, fresh] = windows_.try_emplace(container);
  Window& window = it->second;
  if (fresh) window.end = at;
  Bytes before{};
  if (at < window.end) {
    before = window.larger();
  } else {
    if (!fresh) close(window);
    window.end += ((at - window.end) / spec_.interval + 1) * spec_.interval;
    window.peak = window.oom_peak = Bytes{};
  }
  if (amount > before) {
    if (before.value > 0) histogram_.subtract(before, window.end);
    histogram_.add(amount, window.end);
  }
  Bytes& kind = oom ? window.oom_peak : window.peak;
  kind = std::max(kind, amount);
  const std::int64_t interval = at.time_since_epoch() / spec_.interval;
  Bytes& largest = largest_by_interval_[interval];
  largest = std::max(largest, amount);
  while (largest_by_interval_.begin()->first <= interval - spec_.intervals)
    largest_by_interval_.erase(largest_by_interval_.begin());
}

void MemoryRecommender::close(const Window& window) {
  if (closed_.size() < kMostPeaks) closed_.push_back(window.larger());
}

void MemoryRecommender::forget(std::uint64_t container) {
  const auto found = windows_.find(container);
  if (found == windows_.end()) return;
  close(found->second);
  windows_.erase(found);
}

std::vector<Bytes> MemoryRecommender::peaks() const {
  std::vector<Bytes> out = closed_;
  for (const auto& [container, window] : windows_) out.push_back(window.larger());
  return out;
}

Bytes MemoryRecommender::base(MemoryRule rule, double percentile, SimTime now) const {
  if (rule == MemoryRule::vpa) return histogram_.percentile(percentile);
  const std::int64_t interval = now.time_since_epoch() / spec_.interval;
  Bytes largest{};
  for (const auto& [number, bytes] : largest_by_interval_)
    if (number > interval - spec_.intervals) largest = std::max(largest, bytes);
  // Nobody was seen for so long: the last that is known.
  return largest.value == 0 ? largest_by_interval_.rbegin()->second : largest;
}

Bytes MemoryRecommender::bounded(double bytes) const {
  const double capped = std::min(bytes, 9e18);  // an upper bound that is not sure of anything yet
  const Bytes out = std::max(spec_.least, Bytes{std::llround(capped)});
  return spec_.most ? std::min(out, *spec_.most) : out;
}

Bytes MemoryRecommender::target_by(MemoryRule rule, double percentile, SimTime now) const {
  if (windows_.empty() && closed_.empty()) return {};
  return bounded(static_cast<double>(base(rule, percentile, now).value) * (1 + spec_.margin));
}

std::optional<MemoryRecommendation> MemoryRecommender::recommend(SimTime now) const {
  if (windows_.empty() && closed_.empty()) return std::nullopt;
  const double days = to_seconds(last_ - first_) / to_seconds(spec_.confidence);
  const double expected = to_seconds(spec_.confidence) / to_seconds(kRecommenderPeriod);
  const double sure = std::min(days, static_cast<double>(samples_) / expected);
  const double more = 1 + spec_.margin;
  const auto bytes = [&](double percentile) {
    return static_cast<double>(base(spec_.rule, percentile, now).value) * more;
  };
  MemoryRecommendation out{.target = bounded(bytes(spec_.percentile)), .lower = {}, .upper = {}};
  out.lower = bounded(sure > 0 ? bytes(kLowerPercentile) * std::pow(1 + 0.001 / sure, -2) : 0);
  out.upper = bounded(sure > 0 ? bytes(kUpperPercentile) * (1 + 1 / sure) : 9e18);
  // The bounds are of other percentiles, or of a rule that has none: the target is never outside.
  out.lower = std::min(out.lower, out.target);
  out.upper = std::max(out.upper, out.target);
  return out;
}

}  // namespace windtunnel
