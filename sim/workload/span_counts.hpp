// A process that brings given numbers of queries in successive spans of time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/workload/markov_chain.hpp"
#include "sim/workload/registry.hpp"

namespace windtunnel {

/// Each span of `width_s` brings the expected number of queries, rounded so that what is left over goes to the next
/// (the first rounding is drawn, so that the mean is exact); after the last span the first comes again. Where in the
/// span they arrive is chance: evenly, or by a chain of states, whose rates then only share out the span's queries. So
/// counts vary as those of a Poisson process, or an MMPP, within a span, and hardly over several (a Poisson process
/// given its counts; the house's stand-in for a recording whose course is known).
///
/// Batches at an instant count against the span's number; what the last brings too much, the next spans bring less.
///
/// Draws: one for the first rounding; for each span the chain's way through it, then one a query.
class SpanCountsProcess final : public GapProcess {
 public:
  struct Bursts {
    MarkovChain chain;
    std::vector<double> levels;
  };
  /// @param expected  queries in each span, >= 0, not all 0
  SpanCountsProcess(double width_s, std::vector<double> expected, std::optional<Bursts> bursts);
  double next_gap_s(Rng& rng) override;
  bool multiply_rate(double factor) override;
  bool count_batches(double mean) override;
  void on_batch(int queries) override { left_ -= queries - 1; }

 private:
  /// Up to `until_s` of the span the share `until` of its queries.
  struct Piece {
    double until_s, until;
  };
  bool open_span(Rng& rng);
  void walk_through(Rng& rng);
  [[nodiscard]] double place(double share);

  double width_s_;
  std::vector<double> expected_;
  std::optional<ChainWalk> walk_;
  std::vector<double> levels_;
  std::vector<Piece> pieces_;  // of the span, when a chain shares it out
  std::size_t piece_ = 0;
  std::uint64_t span_ = 0;  // the next one to open
  double begin_s_ = 0;      // of the open span
  double carry_ = 0;
  double left_ = 0;  // queries of the open span still to come; below 0 where a batch brought more
  double mean_batch_ = 1;
  double share_ = 0;  // of the span's queries, where the last one lies
  double last_s_ = 0;
  bool started_ = false;
};

}  // namespace windtunnel
