// Arrivals made from counts: how many queries a stretch of time has is recorded, where in it is placed by rule.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/workload/count_bins.hpp"
#include "sim/workload/query_draws.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// Where the n queries of a second (or whatever a bin is) arrive.
enum class CountPlacement {
  even,     ///< at (i + 1/2) / n of it
  uniform,  ///< at n independent even draws, in order
  poisson,  ///< Poisson with mean n during that time
};

/// The placement of that name. @throws InputError listing those there are
CountPlacement placement_of(std::string_view name, const std::string& where);

/// The first bin begins at time 0; the window [from, to) cuts bins where it must, and its start becomes time 0 if
/// re-basing is on. rate_scale multiplies each bin's count: every recorded query stands for floor(factor) ones and one
/// more with probability factor - floor(factor) (with `poisson` the rate is multiplied). Where bins of one time differ
/// by target, the queries of each are placed apart and merged.
///
/// Where the bins have durations, the size of a query is one drawn for it times `size_per_unit`.
///
/// Streams: "placement/<name>", "scale/<name>", "duration/<name>"; "size/<name>" and "target/<name>" as for every
/// source.
class CountsSource final : public ArrivalSource {
 public:
  CountsSource(std::unique_ptr<CountBins> bins, const WorkloadSpec& spec, const RngStreams& streams, int target_count);
  std::size_t next(std::span<Arrival> out) override;
  [[nodiscard]] SourceCounts counts() const override {
    SourceCounts counts{.rows = recorded_, .dropped = bins_->dropped(), .moved = 0};
    bins_->note_unused(counts);
    return counts;
  }

 private:
  struct Placed {
    std::int64_t at_ns;
    std::uint32_t target;
    float size = 1;
  };
  bool next_bins();
  bool read_ahead();
  void place(const CountBin& bin);
  [[nodiscard]] std::uint64_t scaled(std::uint64_t count);
  void place_even(const CountBin& bin, std::uint64_t count);
  void place_uniform(const CountBin& bin, std::uint64_t count);
  void place_poisson(const CountBin& bin, double mean);

  std::unique_ptr<CountBins> bins_;
  CountPlacement placement_;
  Rng placement_rng_;
  Rng scale_rng_, duration_rng_;
  QueryDraws draws_;
  double factor_, size_per_unit_;
  std::int64_t from_ns_, to_ns_, shift_ns_;
  std::uint64_t limit_;
  std::uint64_t made_ = 0;
  std::uint64_t recorded_ = 0;
  std::vector<Placed> placed_;  // the current time's queries, ascending
  std::size_t next_placed_ = 0;
  std::vector<double> sums_;  // working room of place_uniform
  CountBin ahead_;            // the bin after these
  bool has_ahead_ = false, started_ = false;
  std::int64_t base_ns_ = 0;  // where the first bin begins
  bool ended_ = false;
};

}  // namespace windtunnel
