// Arrivals as a trace that reads back to the same nanosecond: CSV, or the compact binary form.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/workload/arrival_source.hpp"
#include "sim/workload/binary_writer.hpp"

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

/// The same in the binary form. A deadline column is there where any query has one, and time 0 is the run's: a replay
/// needs no `rebase: false`. Everything may throw IoError.
class BinaryArrivalWriter {
 public:
  BinaryArrivalWriter(const std::string& path, std::vector<std::string> targets)
      : writer_(path), targets_(std::move(targets)) {}
  void append(std::span<const Arrival> queries);
  void finish();

 private:
  BinaryWriter writer_;
  std::vector<std::string> targets_;
  std::uint64_t rows_ = 0;
  bool deadlines_ = false;
};

}  // namespace windtunnel
