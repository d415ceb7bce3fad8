// What a recorded trace holds, read once in constant memory: the figures of `trace info`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// A stretch without a query.
struct Silence {
  double begin_s = 0;  ///< after the first query; for counts, after the first bin's begin
  double length_s = 0;
};

/// Bins begin at the first row (or at the window's start); the last, partial bin is left out of the indices of
/// dispersion but not of the peaks. Empty optionals: nothing to say (too few rows, or counts without gaps).
struct TraceInfo {
  std::string format;
  std::uint64_t rows = 0;     ///< data rows read; for counts, the queries they sum to
  std::uint64_t queries = 0;  ///< rows less those dropped; what the figures below are about
  std::vector<std::pair<std::string, std::uint64_t>> dropped;  ///< reason, rows; in order of first sight
  double span_s = 0;                                           ///< last minus first query; for counts, the seconds
  std::optional<double> rate_mean_per_s;                       ///< queries / span
  std::optional<double> peak_over_mean_1s;                     ///< most queries in a bin of 1 s / mean
  std::optional<double> peak_over_mean_60s;
  std::optional<double> idc_1s;  ///< index of dispersion: variance / mean of the counts in bins of 1 s
  std::optional<double> idc_60s;
  std::optional<double> cv_gaps;  ///< standard deviation / mean of the gaps between arrivals
  double longest_silence_s = 0;   ///< longest gap; for counts, the longest run of zeros
  std::string start;              ///< first row's wall clock; empty if the trace has none
  std::vector<std::pair<std::string, std::uint64_t>> labels;  ///< the 20 most frequent, most frequent first
  std::uint64_t distinct_labels = 0;                          ///< of clients, for windows
  std::uint64_t moved = 0;                             ///< rows that came after a later one and were put in order
  double reorder_s = 0;                                ///< within this window
  std::optional<double> bin_s;                         ///< counts and windows: how long one is
  std::optional<double> peak_over_mean_bin;            ///< their largest rate / mean
  std::vector<std::optional<double>> day_curve_per_s;  ///< mean rate in each hour of the day (of the first row's clock,
                                                       ///< or counted from the first row); empty under six hours
  std::vector<Silence> silences;                       ///< the five longest, longest first
  std::vector<std::pair<int, double>> service_time_quantiles_s;  ///< percent, seconds; empty: none recorded
};

/// Reads the file once. Honours format, units, columns, window and size_column; map and rate_scale do not matter here.
/// A folder of ServeGen's clients is read as their sum. Problems for a bad trace and for a format that holds no
/// traffic.
Result<TraceInfo> trace_info(const TraceSpec& trace);

}  // namespace windtunnel
