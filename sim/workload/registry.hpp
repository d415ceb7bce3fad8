// The two registries of this room: synthetic processes and trace formats.
#pragma once

#include <memory>
#include <span>

#include "sim/core/error.hpp"
#include "sim/core/param.hpp"
#include "sim/core/rng.hpp"
#include "sim/workload/arrival_source.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// Gaps of a synthetic process (each next point in time, and how many queries arrive at it), before any curve.
class GapProcess {
 public:
  virtual ~GapProcess() = default;
  virtual double next_gap_s(Rng& rng) = 0;
  virtual int next_batch(Rng&) { return 1; }
  /// Many gaps with one virtual call: the same numbers as next_gap_s() called for each in turn.
  virtual void next_gaps_s(std::span<double> gaps, Rng& rng) {
    for (double& gap : gaps) gap = next_gap_s(rng);
  }
  /// Makes `factor` times as many arrivals while the process's own clock (sojourns, decay, instants) stays as it is.
  /// False: it has no clock of its own, and the caller divides its gaps instead. Called before the first gap.
  virtual bool multiply_rate(double /*factor*/) { return false; }
  /// Several queries, `mean` on average, come at each instant: true if the process's rate is one of queries all the
  /// same, since it hears of each batch. False: the caller slows it down. Called before multiply_rate().
  virtual bool count_batches(double /*mean*/) { return false; }
  /// So many queries came at the instant given last.
  virtual void on_batch(int /*queries*/) {}
  /// True if next_batch() draws; gaps and batches then alternate in one stream.
  [[nodiscard]] virtual bool has_batches() const { return false; }
};
using ProcessFactory = std::unique_ptr<GapProcess> (*)(const ParamSet&);
using ProcessEntry = RegistryEntry<ProcessFactory>;
std::span<const ProcessEntry> process_registry();  // process_registry.cpp

/// Checks a process's parameters against each other (scv >= 1 for hyperexponential, ...). Empty when fine.
std::string check_process(std::string_view process, const ParamSet& params);

/// Makes the source of one workload entry.
/// @param target_count  models the entry may reach: a model's copies (drawn evenly), or 1; for a mapped trace the
///                      index is that of the entry's `map` row in order
/// @throws InputError with file and line for a missing, empty or bad trace
std::unique_ptr<ArrivalSource> make_source(const WorkloadSpec& spec, const RngStreams& streams, int target_count);

}  // namespace windtunnel
