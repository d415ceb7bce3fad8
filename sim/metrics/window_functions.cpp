#include "sim/metrics/window_functions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace windtunnel {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

/// Kahan's sum as Neumaier improved it, which Prometheus takes for sums over time.
struct CompensatedSum {
  double sum = 0, rest = 0;
  void add(double by) {
    const double t = sum + by;
    rest += std::fabs(sum) >= std::fabs(by) ? (sum - t) + by : (by - t) + sum;
    sum = t;
  }
  [[nodiscard]] double value() const { return std::isinf(sum) ? sum : sum + rest; }
};

double mean_over(std::span<const SeriesSample> samples) {
  CompensatedSum mean;
  double count = 0;
  for (const auto& s : samples) {
    ++count;
    if (std::isinf(mean.sum)) {
      if (std::isinf(s.value) && (mean.sum > 0) == (s.value > 0)) continue;
      if (!std::isinf(s.value) && !std::isnan(s.value)) continue;
    }
    mean.add(s.value / count - mean.sum / count);
  }
  return mean.value();
}

double variance_over(std::span<const SeriesSample> samples) {
  double count = 0;
  CompensatedSum mean, squares;
  for (const auto& s : samples) {
    ++count;
    const double delta = s.value - (mean.sum + mean.rest);
    mean.add(delta / count);
    squares.add(delta * (s.value - (mean.sum + mean.rest)));
  }
  return (squares.sum + squares.rest) / count;
}

double extreme_over(std::span<const SeriesSample> samples, bool largest) {
  double best = samples.front().value;
  for (const auto& s : samples)
    if (std::isnan(best) || (largest ? s.value > best : s.value < best)) best = s.value;
  return best;
}

double changes_over(std::span<const SeriesSample> samples, bool resets) {
  double count = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const double before = samples[i - 1].value, after = samples[i].value;
    const bool differs = after != before && !(std::isnan(after) && std::isnan(before));
    if (resets ? after < before : differs) ++count;
  }
  return count;
}

}  // namespace

std::optional<double> extrapolated_change(std::span<const SeriesSample> samples, Window window, bool counter,
                                          bool per_second) {
  if (samples.size() < 2) return std::nullopt;
  const SeriesSample first = samples.front(), last = samples.back();
  double change = last.value - first.value;
  if (counter) {
    double before = 0;
    for (const auto& s : samples) {
      if (s.value < before) change += before;
      before = s.value;
    }
  }
  const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
  double to_start = seconds(first.at_ms - window.start_ms);
  const double to_end = seconds(window.end_ms - last.at_ms);
  const double sampled = seconds(last.at_ms - first.at_ms);
  const double step = sampled / static_cast<double>(samples.size() - 1);
  if (counter && change > 0 && first.value >= 0) to_start = std::min(to_start, sampled * (first.value / change));
  const double near = step * 1.1;
  double span = sampled;
  span += to_start < near ? to_start : step / 2;
  span += to_end < near ? to_end : step / 2;
  double factor = span / sampled;
  if (per_second) factor /= seconds(window.end_ms - window.start_ms);
  return change * factor;
}

std::optional<double> instant_change(std::span<const SeriesSample> samples, bool rate) {
  if (samples.size() < 2) return std::nullopt;
  const SeriesSample last = samples.back(), before = samples[samples.size() - 2];
  double change = rate && last.value < before.value ? last.value : last.value - before.value;
  if (rate) change /= static_cast<double>(last.at_ms - before.at_ms) / 1000;
  return change;
}

double over_time(promql::FunctionId function, double parameter, std::span<const SeriesSample> samples) {
  using enum promql::FunctionId;
  switch (function) {
    case avg_over_time: return mean_over(samples);
    case sum_over_time: {
      CompensatedSum sum;
      for (const auto& s : samples) sum.add(s.value);
      return sum.value();
    }
    case max_over_time: return extreme_over(samples, true);
    case min_over_time: return extreme_over(samples, false);
    case count_over_time: return static_cast<double>(samples.size());
    case last_over_time: return samples.back().value;
    case present_over_time: return 1;
    case stdvar_over_time: return variance_over(samples);
    case stddev_over_time: return std::sqrt(variance_over(samples));
    case changes: return changes_over(samples, false);
    case resets: return changes_over(samples, true);
    case quantile_over_time: {
      std::vector<double> values;
      for (const auto& s : samples) values.push_back(s.value);
      return quantile_of(parameter, values);
    }
    default: return kNan;
  }
}

double quantile_of(double level, std::vector<double>& values) {
  if (values.empty() || std::isnan(level)) return kNan;
  if (level < 0) return -kInf;
  if (level > 1) return kInf;
  std::sort(values.begin(), values.end(),
            [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; });  // NaN first
  const auto n = static_cast<double>(values.size());
  const double rank = level * (n - 1);
  const double lower = std::max(0.0, std::floor(rank)), upper = std::min(n - 1, lower + 1);
  const double weight = rank - std::floor(rank);
  return values[static_cast<std::size_t>(lower)] * (1 - weight) + values[static_cast<std::size_t>(upper)] * weight;
}

double bucket_quantile(double level, std::vector<std::pair<double, double>>& buckets) {
  if (std::isnan(level) || buckets.empty()) return kNan;
  if (level < 0) return -kInf;
  if (level > 1) return kInf;
  std::stable_sort(buckets.begin(), buckets.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (!(std::isinf(buckets.back().first) && buckets.back().first > 0)) return kNan;
  std::size_t used = 0;  // equal bounds are one bucket; counts never fall
  for (std::size_t i = 1; i < buckets.size(); ++i) {
    if (buckets[i].first == buckets[used].first)
      buckets[used].second += buckets[i].second;
    else
      buckets[++used] = buckets[i];
  }
  buckets.resize(used + 1);
  for (std::size_t i = 1; i < buckets.size(); ++i)
    if (buckets[i].second < buckets[i - 1].second) buckets[i].second = buckets[i - 1].second;
  if (buckets.size() < 2) return kNan;
  const double all = buckets.back().second;
  if (all == 0) return kNan;
  double rank = level * all;
  const auto end = buckets.end() - 1;
  const auto b =
      std::partition_point(buckets.begin(), end, [&](const auto& bucket) { return !(bucket.second >= rank); });
  if (b == end) return buckets[buckets.size() - 2].first;
  if (b == buckets.begin() && b->first <= 0) return b->first;
  double from = 0, count = b->second;
  if (b != buckets.begin()) {
    from = (b - 1)->first;
    count -= (b - 1)->second;
    rank -= (b - 1)->second;
  }
  return from + (b->first - from) * (rank / count);
}

}  // namespace windtunnel
