#include "sim/workload/level_fit.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {
namespace {

constexpr double kNarrowest_s = 60;

/// Queries and seconds of each span at one scale.
struct Scale {
  std::vector<double> queries, seconds;
};

Scale halves_joined(const Scale& fine) {
  Scale out;
  for (std::size_t i = 0; i < fine.queries.size(); i += 2) {
    const bool pair = i + 1 < fine.queries.size();
    out.queries.push_back(fine.queries[i] + (pair ? fine.queries[i + 1] : 0));
    out.seconds.push_back(fine.seconds[i] + (pair ? fine.seconds[i + 1] : 0));
  }
  return out;
}

/// V: squared differences from even splits over what chance would show, and of how many splits.
struct SplitDispersion {
  double v;
  double splits;
};
SplitDispersion split_dispersion(const Scale& fine, const Scale& coarse) {
  double squares = 0, expected = 0, splits = 0;
  for (std::size_t parent = 0; parent < coarse.queries.size(); ++parent) {
    const std::size_t left = 2 * parent;
    if (left + 1 >= fine.queries.size()) continue;
    const double share = fine.seconds[left] / coarse.seconds[parent];
    const double difference = fine.queries[left] - share * coarse.queries[parent];
    squares += difference * difference;
    expected += share * (1 - share) * coarse.queries[parent];
    splits += coarse.queries[parent] > 0 ? 1 : 0;
  }
  return {expected > 0 ? squares / expected : 0, splits};
}

/// The rates of the halves from those of the whole spans.
std::vector<double> halve(const std::vector<double>& rates, const Scale& fine, const Scale& coarse, double shrink) {
  std::vector<double> out(fine.queries.size());
  for (std::size_t parent = 0; parent < coarse.queries.size(); ++parent) {
    const std::size_t left = 2 * parent;
    out[left] = rates[parent];
    if (left + 1 >= fine.queries.size()) continue;
    const double share = fine.seconds[left] / coarse.seconds[parent];
    const double seen = coarse.queries[parent] > 0 ? fine.queries[left] / coarse.queries[parent] : share;
    const double kept = share + shrink * (seen - share);
    out[left] = rates[parent] * kept / share;
    out[left + 1] = rates[parent] * (1 - kept) / (1 - share);
  }
  return out;
}

}  // namespace

LevelFit fit_levels(const RecordedCounts& counts, std::size_t most, double phi) {
  Scale scale{.queries = counts.bins, .seconds = {}};
  for (std::size_t bin = 0; bin < counts.bins.size(); ++bin) scale.seconds.push_back(counts.length_of(bin));
  LevelFit out;
  out.width_s = counts.bin_s;
  while ((out.width_s < kNarrowest_s || scale.queries.size() > most) && scale.queries.size() > 1) {
    scale = halves_joined(scale);
    out.width_s *= 2;
  }
  out.queries = scale.queries;
  std::vector<Scale> pyramid = {std::move(scale)};  // narrowest first
  while (pyramid.back().queries.size() > 1) pyramid.push_back(halves_joined(pyramid.back()));
  out.rates_per_s = {pyramid.back().queries[0] / pyramid.back().seconds[0]};
  for (std::size_t level = pyramid.size() - 1; level-- > 0;) {
    const auto [v, splits] = split_dispersion(pyramid[level], pyramid[level + 1]);
    const bool is_chance = v <= phi * (1 + 2 * std::sqrt(2 / splits));  // of splits > 0: a square has variance 2
    const double shrink = is_chance ? 0 : std::sqrt(1 - phi / v);
    out.rates_per_s = halve(out.rates_per_s, pyramid[level], pyramid[level + 1], shrink);
  }
  return out;
}

}  // namespace windtunnel
