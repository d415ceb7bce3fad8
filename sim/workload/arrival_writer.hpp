// Arrivals as a CSV trace that reads back to the same nanosecond.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/workload/arrival_source.hpp"

namespace windtunnel {

/// Text of the `plain` format: timestamp (seconds, nine decimals), model where there are several, size and deadline
/// where any query has one. Sizes carry nine digits, so that the reader's float is the same.
class ArrivalWriter {
 public:
  /// @param targets  names of the targets; fewer than two: no model column
  explicit ArrivalWriter(std::vector<std::string> targets, bool deadlines)
      : targets_(std::move(targets)), deadlines_(deadlines) {}

  [[nodiscard]] std::string header() const;
  /// Appends a row for each query.
  void append(std::string& out, std::span<const Arrival> queries) const;

 private:
  std::vector<std::string> targets_;
  bool deadlines_;
};

}  // namespace windtunnel
