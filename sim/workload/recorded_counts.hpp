// What a fit needs of a recording: counts in bins, how many queries share an instant, and the grid of its stamps.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "sim/workload/arrival_source.hpp"

namespace windtunnel {

/// Opens the recording from its start; read three times at most.
using RecordingOpener = std::function<std::unique_ptr<ArrivalSource>()>;

struct RecordedCounts {
  std::uint64_t queries = 0;
  double span_s = 0;  ///< to the last query, from the recording's time 0
  /// Distance of the lines that all stamps (but 0.5 %) lie on, coarsest first from a list of usual ones; empty: none.
  std::optional<double> grid_s;
  /// Queries that share an instant: how many instants have so many. Only filled where they come in batches: when more
  /// of them share one than the rate explains (more by 10 % of the queries than lie one grid line apart).
  std::map<std::uint32_t, std::uint64_t> batches;
  /// Queries of each size; empty where there are over 48 sizes, which mean and squared coefficient of variation then
  /// stand for.
  std::map<float, std::uint64_t> sizes;
  double size_mean = 1, size_scv = 0;
  double bin_s = 0;                ///< at most 2^17 bins, at least a second and a quarter of an arrival each
  std::vector<double> bins;        ///< queries; with batches, instants. The last bin is cut by the end of the span
  std::vector<double> query_bins;  ///< with batches: queries; else empty

  [[nodiscard]] double mean_batch() const;
  /// Length of a bin: bin_s, less for the last.
  [[nodiscard]] double length_of(std::size_t bin) const;
};

/// @throws InputError for a recording of less than 20 queries or without time between them; and what reading throws
RecordedCounts count_recording(const RecordingOpener& open);

}  // namespace windtunnel
