// Recorded numbers of queries in successive stretches of time, whatever file they stand in.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/workload/arrival_source.hpp"
#include "sim/workload/format_registry.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

inline constexpr std::uint64_t kMaxBinCount = 10'000'000;  ///< queries in one bin

class DurationLaw;

/// `count` queries in [begin, begin + width), all for one row of the map (0 where there is none).
struct CountBin {
  std::int64_t begin_ns = 0, width_ns = 0;
  std::uint64_t count = 0;
  std::uint32_t target = 0;
  const DurationLaw* duration = nullptr;  ///< from which their sizes are drawn; valid as long as the bins
};

class CountBins {
 public:
  virtual ~CountBins() = default;
  /// The next bin; false at the end. Bins begin at or after the one before; those of one beginning differ by target.
  /// @throws InputError for what is not a whole number in [0, 1e7]
  virtual bool next(CountBin& bin) = 0;
  [[nodiscard]] virtual std::string where() const = 0;
  /// Data rows read; empty counts are rows too.
  [[nodiscard]] virtual std::uint64_t rows() const { return 0; }
  /// Queries that belong to no row of the map, and rows that are no counts, by reason.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::uint64_t>> dropped() const { return {}; }
  /// Queries by label in the trace's window, whatever the map says, in order of first sight; empty without labels.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::uint64_t>> labels() const { return {}; }
  /// How long that label's queries take; nullptr where the trace has no table of durations.
  [[nodiscard]] virtual const DurationLaw* duration_of(std::string_view /*label*/) const { return nullptr; }
  /// See MapRows::note_unused().
  virtual void note_unused(SourceCounts& /*counts*/) const {}
  /// Stamps are wall clocks, in nanoseconds since 1970.
  [[nodiscard]] virtual bool is_wall_clock() const { return false; }
};

/// Which row of a map takes a label: its own, that of "*", or none. Without a map row 0 takes all.
class MapRows {
 public:
  explicit MapRows(const std::vector<std::pair<std::string, std::string>>& map) : map_(map), used_(map.size()) {}
  /// The row's index, or -1.
  [[nodiscard]] std::int64_t of(std::string_view label) const;
  /// of(), remembered for note_unused(). Labels may come again.
  std::int64_t take(std::string_view label);
  /// Fills in the labels of the map that were never taken, and those taken that it does not name.
  void note_unused(SourceCounts& counts) const;
  [[nodiscard]] std::size_t size() const { return map_.empty() ? 1 : map_.size(); }

 private:
  static constexpr std::size_t kMostOthers = 100;
  std::vector<std::pair<std::string, std::string>> map_;
  std::vector<bool> used_;
  std::vector<std::string> others_;
};

/// Opens a file of a format whose content is counts, or gauges replayed as traffic (see TraceSpec::values).
/// @throws InputError for a format that holds neither, and for a map without "*" over counts without labels
std::unique_ptr<CountBins> open_counts(TextBuffer text, const FormatRow& format, const TraceSpec& spec);

/// @throws InputError: `durations` does not go with this format
[[noreturn]] void refuse_durations(const TraceSpec& spec, const FormatRow& format);

/// A whole number of queries from text. @return an empty string and the number, or what is wrong with it
std::string parse_count(std::string_view text, std::uint64_t& count);

}  // namespace windtunnel
