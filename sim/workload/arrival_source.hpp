// Where queries come from: a stream of arrivals in time order, never loaded whole.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/core/time.hpp"

namespace windtunnel {

/// One query as it arrives, everything random about it drawn (law 3) but the per-stage noise, which the simulation
/// draws right after from the same workload's "noise" stream.
struct Arrival {
  SimTime at;
  double size = 1;           ///< items of work and memory
  std::uint32_t target = 0;  ///< index into the workload's targets (see SourceContext)
  Duration deadline{};       ///< after arrival; 0 means none
};

/// Rows dropped while reading, by reason, and how many came through.
struct SourceCounts {
  std::uint64_t rows = 0;                                      ///< came through, before rate_scale
  std::vector<std::pair<std::string, std::uint64_t>> dropped;  ///< reason, rows; in order of first sight
  std::uint64_t moved = 0;                                     ///< came after a later row and were put in order
  std::vector<std::string> unused_labels = {};                 ///< of the map, that no row read so far carried
  std::vector<std::string> other_labels = {};  ///< the first hundred of the rows' that the map does not name, where
                                               ///< that matters: it has no "*", or labels that no row has
};

/// Arrivals in blocks: one virtual call for many queries.
class ArrivalSource {
 public:
  virtual ~ArrivalSource() = default;
  /// Fills `out` from the front with the next arrivals, times non-decreasing and >= 0.
  /// @return how many; fewer than out.size() only at the end, 0 from then on.
  /// @throws InputError when a trace row is bad
  virtual std::size_t next(std::span<Arrival> out) = 0;
  [[nodiscard]] virtual SourceCounts counts() const { return {}; }
};

}  // namespace windtunnel
