// Arrivals of a synthetic process, with or without a day curve.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "sim/workload/query_draws.hpp"
#include "sim/workload/rate_curve.hpp"
#include "sim/workload/registry.hpp"

namespace windtunnel {

/// Sums a process's gaps, each rounded to the nearest nanosecond. A curve thins: the process makes
/// `curve.max()` times as many arrivals (GapProcess::multiply_rate, so that sojourns, decays and instants keep their
/// length; gaps alone run that much faster) and one at time t is kept with probability curve(t) / max, its batch as a
/// whole. Ends after `queries`,
/// or when the next arrival lies beyond 146 years.
///
/// Streams: gaps and batches "arrivals/<name>", thinning "thinning/<name>", size "size/<name>", target "target/<name>".
class SyntheticSource final : public ArrivalSource {
 public:
  SyntheticSource(const WorkloadSpec& spec, const RngStreams& streams, int target_count);
  std::size_t next(std::span<Arrival> out) override;
  [[nodiscard]] SourceCounts counts() const override { return {made_, {}}; }

 private:
  std::size_t fill_single(std::span<Arrival> out);
  std::size_t fill_batches(std::span<Arrival> out);
  /// Moves to the next point in time, thinned; false when there is none.
  bool step(double gap_s);
  bool keep() { return curve_->exceeds(thinning_.uniform() * curve_->max(), static_cast<double>(now_ns_) * 1e-9); }
  double next_gap_s() {
    if (gap_ == gaps_.size()) {
      process_->next_gaps_s(gaps_, arrivals_);
      gap_ = 0;
    }
    return gaps_[gap_++] * gap_scale_;
  }

  std::unique_ptr<GapProcess> process_;
  std::optional<CurveReader> curve_;
  QueryDraws draws_;
  Rng arrivals_;
  Rng thinning_;
  double gap_scale_ = 1;  // 1 / curve max
  std::uint64_t limit_;
  std::uint64_t made_ = 0;
  std::int64_t now_ns_ = 0;
  int pending_ = 0;  // queries of the current batch still to be handed out
  bool has_batches_;
  bool ended_ = false;
  std::array<double, 256> gaps_{};
  std::size_t gap_ = gaps_.size();
};

}  // namespace windtunnel
