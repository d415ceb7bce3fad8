// Labels of recorded counts: where the map sends each, and how many queries carried it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/workload/count_bins.hpp"
#include "sim/workload/label_table.hpp"

namespace windtunnel {

/// Labels are numbered in order of first sight and looked up in the map once. Queries are summed over the stretches
/// that lie in the trace's window whole, as `trace info` shows them.
class LabelCounts {
 public:
  explicit LabelCounts(const TraceSpec& spec);

  /// The label's number, or LabelTable::kFull after a million of them.
  std::uint32_t number(std::string_view label);
  /// The row of the map that takes the label; -1 for none.
  [[nodiscard]] std::int64_t target(std::uint32_t number) const { return targets_[number]; }
  /// Rows of the map; 1 without one.
  [[nodiscard]] std::size_t targets() const { return map_.size(); }
  /// @param begin_ns, width_ns  the stretch in which they came, from the first one's begin on
  void add(std::uint32_t number, double queries, std::int64_t begin_ns, std::int64_t width_ns) {
    if (begin_ns >= from_ns_ && begin_ns <= to_ns_ - width_ns) queries_[number] += queries;
  }
  [[nodiscard]] std::string_view text(std::uint32_t number) const { return labels_.text(number); }
  /// Label and queries, in order of first sight.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> by_label() const;
  /// See MapRows::note_unused().
  void note_unused(SourceCounts& counts) const;

 private:
  MapRows map_;
  bool mapped_;
  std::int64_t from_ns_, to_ns_;
  LabelTable labels_;
  std::vector<std::int64_t> targets_;  // by number
  std::vector<double> queries_;        // rates need not be whole
};

}  // namespace windtunnel
