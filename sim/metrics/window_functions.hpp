// Functions of the samples in a window, as Prometheus 2.42 computes them (promql/functions.go, quantile.go).
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "policies/promql/functions.hpp"
#include "sim/metrics/series_store.hpp"

namespace windtunnel {

/// A range selector's window, closed on both sides.
struct Window {
  std::int64_t start_ms = 0, end_ms = 0;
};

/// rate, increase and delta: the change between the window's first and last sample, extrapolated to its edges by at
/// most half a mean distance of samples where none is near; counters never below zero, their resets added.
std::optional<double> extrapolated_change(std::span<const SeriesSample> samples, Window window, bool counter,
                                          bool per_second);
/// irate and idelta: the last two samples.
std::optional<double> instant_change(std::span<const SeriesSample> samples, bool rate);
/// avg_over_time and its like. @param samples  at least one, without stale markers
double over_time(promql::FunctionId function, double parameter, std::span<const SeriesSample> samples);

/// Linear between neighbours; -inf below 0, +inf above 1, NaN of nothing. Sorts the values.
double quantile_of(double level, std::vector<double>& values);
/// Upper bound and cumulative count of each bucket, in any order.
double bucket_quantile(double level, std::vector<std::pair<double, double>>& buckets);

}  // namespace windtunnel
