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
/// difference over what Poisson counts would show. The share 1 - phi / V of the variance is the rate's, so the
/// difference is shrunk by the root of that, and to nothing where V is within two standard errors of phi. So spans
/// through which nothing but chance shows come out flat, and slow variance comes out as recorded once what bursts
/// beside it adds its own.
struct LevelFit {
  double width_s = 0;
  std::vector<double> rates_per_s;
  std::vector<double> queries;  ///< recorded in each
};

/// Widths are the bins' times a power of two: the least from a minute on with at most `most` spans.
/// @param phi  variance over mean of the counts in a span that is not the rate's: 1 for Poisson, more where bursts are
///             described apart; 0 keeps every span's rate as recorded
LevelFit fit_levels(const RecordedCounts& counts, std::size_t most, double phi);

}  // namespace windtunnel
