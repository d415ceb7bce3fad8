// The time column of a file: wall clocks or numbers of one unit, all alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/workload/record_reader.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// Nanoseconds in the unit named s, ms, us or ns; 0 for another name.
std::int64_t ns_per_unit(std::string_view unit);
std::int64_t ns_per_unit(TimeUnit unit);

class StampReader {
 public:
  /// @param column  name of the column, for messages
  StampReader(const FormatRow& format, const TraceSpec& spec, std::string column);

  /// @throws InputError through `records` for text that is no stamp, for numbers whose unit cannot be told, and for a
  ///         wall clock with a zone among those without
  std::int64_t read(std::string_view cell, const RecordReader& records);
  [[nodiscard]] bool is_wall_clock() const { return wall_clock_; }
  /// The instant as the file writes it: a wall clock, or "12.40 s".
  [[nodiscard]] std::string shown(std::int64_t ns) const;

 private:
  void decide(std::string_view cell, const RecordReader& records);
  [[noreturn]] void refuse(std::string_view cell, std::string_view wrong, const RecordReader& records) const;

  TimeUnit unit_;
  std::string given_unit_, column_;
  std::int64_t ns_per_unit_ = 1'000'000'000;
  std::optional<bool> zoned_;  // whether the wall clocks so far had a zone
  bool decided_ = false, wall_clock_ = false, counts_seconds_ = false;
};

}  // namespace windtunnel
