// From a recording to a process that stands for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/workload/arrival_statistics.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// How the slow course of the rate is described. What bursts beside it is a Markov chain of factors (poisson_hmm.hpp),
/// with as many states as Schwarz's criterion asks for; batches and the grid of the stamps are kept
/// (recorded_counts.hpp).
enum class FitCourse {
  counts,  ///< the queries of each span of a minute and more, at most 2048, as recorded; only where in its span each
           ///< arrives is drawn (span_counts.hpp): stands for this recording
  levels,  ///< a rate for each such span, shrunk to what is more than chance (level_fit.hpp): other draws of that day
  day_curve,  ///< 24 hourly multipliers, the same each day: what recordings of several days have in common
  none,       ///< a constant rate: all is left to the chain
};

struct FitOptions {
  FitCourse course = FitCourse::counts;
  int most_states = 5;  ///< of the chain, 1 to kMostHmmStates
};

struct FittedArrivals {
  WorkloadSpec
      workload;  ///< synthetic: the process with its curve, batch and transforms; ends where the recording does
  double span_s = 0;
  double bin_s = 0;  ///< of the counts that the chain was fitted to
  int states = 1;
  double level_width_s = 0;  ///< of the curve's steps or the spans; 0 without
  std::size_t level_count = 0;
  std::vector<std::string> notes;  ///< what was found and chosen, a line each
};

/// The recording as an entry: unscaled, its labels aside.
WorkloadSpec recording_of(const TraceSpec& trace);

/// Fits traffic that ends, mostly a recording_of() a trace. It is read three times, in memory for at most 2^17 bins.
Result<FittedArrivals> fit_arrivals(const WorkloadSpec& recording, const FitOptions& options);

/// The figures of the recording and, as means over `seeds` runs, of the fitted process.
struct FitComparison {
  std::vector<ArrivalFigure> recorded, fitted;
};
Result<FitComparison> compare_fit(const WorkloadSpec& recording, const FittedArrivals& fitted, std::uint64_t seed,
                                  int seeds);

/// The workload as an entry of a scenario's `workload` list, YAML. @param model  what the queries go to
std::string fitted_yaml(const FittedArrivals& fitted, const std::string& model, const std::string& recording);

}  // namespace windtunnel
