// The slow course of a recording's rate: levels over time, shrunk to what is more than chance.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/workload/recorded_counts.hpp"

namespace windtunnel {

/// Rates in successive spans of one width.
///
/// Found on a pyramid of halves (Haar; shrinkage as Kolaczyk 1999 for Poisson counts). Where a span's queries split
/// over its halves other than evenly, that may be the rate or chance. At each scale V is the mean square of the
/// difference over what Poisson counts would show; phi is V inside the narrowest spans, which is left to what bursts
/// there. The share 1 - phi / V of the variance is the rate's, so the difference is shrunk by the root of that. Spans
/// through which nothing but chance shows come out flat; a recording's slow variance is kept as it is.
struct LevelFit {
  double width_s = 0;
  std::vector<double> rates_per_s;
  double fast_dispersion = 1;  ///< phi
};

/// Widths are the bins' times a power of two: the least from a minute on with at most `most` spans.
LevelFit fit_levels(const RecordedCounts& counts, std::size_t most);

}  // namespace windtunnel
