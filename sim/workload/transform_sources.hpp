// The sources that transforms make. All stream in constant memory but the block bootstrap.
#pragma once

#include <optional>
#include <vector>

#include "sim/workload/spreader.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {

/// scale: below 1 each query is kept with that probability; above 1 each becomes floor(factor) queries and one more
/// with the rest as probability, the copies spread over the time of the 64 queries around it (see Spreader).
std::unique_ptr<ArrivalSource> make_scaled(TransformContext context);
/// time_warp: every instant times `factor`; deadlines stay.
std::unique_ptr<ArrivalSource> make_warped(TransformContext context);
/// window: [from, to), whose start becomes time 0.
std::unique_ptr<ArrivalSource> make_windowed(TransformContext context);
/// shift: every instant later by `by`.
std::unique_ptr<ArrivalSource> make_shifted(TransformContext context);
/// grid: every instant up to the next multiple of `step`, as recorders that group do.
std::unique_ptr<ArrivalSource> make_gridded(TransformContext context);
/// repeat: the source `times` times. Each pass begins one mean gap after the last query of the one before; with `align`
/// at the next multiple of that after the pass's own start.
std::unique_ptr<ArrivalSource> make_repeated(TransformContext context);
/// superpose: all at once; at one instant in the order of the list.
std::unique_ptr<ArrivalSource> make_superposed(TransformContext context);
/// splice: one after the other, each one mean gap after the last query of the one before; with `at` the first is cut
/// there and the next begins there.
std::unique_ptr<ArrivalSource> make_spliced(TransformContext context);
/// bootstrap: blocks of the source drawn with replacement (moving blocks: Kunsch 1989) and laid end to end. With
/// `align` a block is drawn among those at the same time of day, week, ... Holds the source in memory, 32 bytes a
/// query.
std::unique_ptr<ArrivalSource> make_bootstrapped(TransformContext context);

/// What a pass over a source was like, to say where the next one may begin.
class PassLength {
 public:
  void add(SimTime at) {
    if (count_++ == 0) first_ = at;
    last_ = at;
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] Duration last() const { return last_.time_since_epoch(); }
  /// The last query, and one mean gap less the first query's own distance from the start.
  [[nodiscard]] Duration length() const {
    const Duration span = last_ - first_;
    const Duration gap = count_ > 1 ? span / static_cast<std::int64_t>(count_ - 1) : Duration{};
    return last_.time_since_epoch() + std::max(Duration{}, gap - first_.time_since_epoch());
  }

 private:
  std::uint64_t count_ = 0;
  SimTime first_{}, last_{};
};

/// Adds one source's counts to another's.
void add_counts(SourceCounts& sum, const SourceCounts& more);

}  // namespace windtunnel
