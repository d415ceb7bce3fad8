// How long the calls of each label take, from a table that lies beside the trace.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/workload/spec.hpp"

namespace windtunnel {

/// Durations of one label: linear between its quantiles, then scaled so that their mean is the recorded one. Without
/// quantiles each is the mean. None is under a microsecond.
class DurationLaw {
 public:
  /// @param quantiles_s  ascending, at the shares given, which begin with 0 and end with 1; or empty
  DurationLaw(double mean_s, std::vector<double> quantiles_s, const std::vector<double>& shares);
  /// @param u  in [0, 1)
  [[nodiscard]] double at(double u) const;
  [[nodiscard]] double mean_s() const { return mean_s_; }
  /// Of the longest one.
  [[nodiscard]] double most_s() const;

 private:
  double mean_s_;
  std::vector<double> quantiles_s_;
  const std::vector<double>* shares_;
};

/// Reads the table whole. Memory grows with the labels, of which there may be a million.
class DurationTable {
 public:
  /// @param trace   `durations` names the file, `durations_as` says whether quantiles count
  /// @param format  which that file must be of; see FormatRow::durations
  /// @throws InputError for a table of another format, and for cells that are no durations
  DurationTable(const TraceSpec& trace, std::string_view format);
  DurationTable(const DurationTable&) = delete;  // the laws know where shares_ lie
  DurationTable& operator=(const DurationTable&) = delete;
  /// nullptr for a label that the table has not.
  [[nodiscard]] const DurationLaw* find(std::string_view label) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::vector<double> shares_;
  std::unordered_map<std::string, DurationLaw, Hash, std::equal_to<>> laws_;  // looked up, never walked
};

}  // namespace windtunnel
