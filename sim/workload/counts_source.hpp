// Arrivals made from counts per second: how many queries are recorded, where in the second is placed by rule.
#pragma once

#include <string>
#include <vector>

#include "sim/workload/counts_reader.hpp"
#include "sim/workload/query_draws.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// Where the n queries of a second arrive.
enum class CountPlacement {
  even,     ///< at (i + 1/2) / n
  uniform,  ///< at n independent even draws, in order
  poisson,  ///< Poisson with rate n during that second: n is then only the mean
};

/// The placement of that name. @throws InputError listing those there are
CountPlacement placement_of(std::string_view name, const std::string& where);

/// The map row that takes all counts ("*"), or 0 where there is no map. @throws InputError if a map has no such row
std::uint32_t rest_target(const TraceSpec& trace);

/// Second k of the file covers [k, k + 1) s; the window [from, to) cuts seconds where it must, and its start becomes
/// time 0 if re-basing is on. rate_scale multiplies each second's count: every recorded query stands for
/// floor(factor) ones and one more with probability factor - floor(factor) (with `poisson` the rate is multiplied).
/// Counts carry no labels, so a `map` must have a "*" row, which takes all.
///
/// Streams: "placement/<name>", "scale/<name>"; "size/<name>" and "target/<name>" as for every source.
class CountsSource final : public ArrivalSource {
 public:
  CountsSource(CountsReader reader, const WorkloadSpec& spec, const RngStreams& streams, int target_count);
  std::size_t next(std::span<Arrival> out) override;
  [[nodiscard]] SourceCounts counts() const override { return {recorded_, {}}; }

 private:
  bool next_second();
  [[nodiscard]] std::uint64_t scaled(std::uint64_t count);
  void place_even(std::uint64_t count);
  void place_uniform(std::uint64_t count);
  void place_poisson(double rate_per_s);

  CountsReader reader_;
  CountPlacement placement_;
  Rng placement_rng_;
  Rng scale_rng_;
  QueryDraws draws_;
  double factor_;
  std::int64_t from_ns_, to_ns_, shift_ns_;
  std::uint32_t target_;
  std::uint64_t limit_;
  std::uint64_t made_ = 0;
  std::uint64_t recorded_ = 0;
  std::vector<std::int64_t> offsets_ns_;  // of the current second's queries, ascending
  std::vector<double> sums_;              // working room of place_uniform
  std::size_t offset_ = 0;
  std::int64_t second_ns_ = 0;
  bool ended_ = false;
};

}  // namespace windtunnel
