// Rows of a recorded trace, whatever its format: each an instant with a label, a size and a deadline.
#pragma once

#include <optional>

#include "sim/workload/drop_counts.hpp"
#include "sim/workload/format_registry.hpp"
#include "sim/workload/line_reader.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

struct TraceRow {
  std::int64_t at_ns = 0;       ///< as recorded: since 1970 for a wall clock, else as the file counts
  std::string_view label = {};  ///< valid until the next row is read; empty if there is none
  float size = 1;               ///< items, > 0
  Duration deadline{};          ///< after arrival; 0 means none
};

/// Reads a trace of rows in file order. Rows that the format says to drop are counted by reason and passed over.
class RowReader {
 public:
  /// Reads the header. @throws InputError if a column is missing or twice there
  RowReader(TextBuffer text, const FormatRow& format, const TraceSpec& spec);

  /// The next row; false at the end of the file.
  /// @throws InputError for a cell that cannot be read, a wrong number of cells, a stamp before the previous row's, or
  ///         a file with a header and no row
  bool next(TraceRow& row);

  /// Data rows read, dropped ones included.
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] const DropCounts& dropped() const { return dropped_; }
  /// Stamps of the first and of the last row read, dropped or not.
  [[nodiscard]] std::int64_t first_ns() const { return first_ns_; }
  [[nodiscard]] std::int64_t last_ns() const { return last_ns_; }
  [[nodiscard]] bool is_wall_clock() const { return wall_clock_; }
  [[nodiscard]] bool has_size() const { return size_.has_value(); }
  [[nodiscard]] std::string where() const { return lines_.where(); }

 private:
  using Column = std::optional<std::size_t>;

  bool read(TraceRow& row);
  Column column(std::string_view name, bool needed) const;
  [[nodiscard]] bool is_dropped();
  [[nodiscard]] std::int64_t read_stamp(std::string_view cell);
  void check_order(std::int64_t at_ns) const;
  bool read_size(float& size);
  [[nodiscard]] Duration read_deadline(std::string_view cell) const;
  [[noreturn]] void fail(std::string what, std::string hint) const;

  LineReader lines_;
  const FormatRow& format_;
  std::vector<std::string_view> cells_;
  std::vector<std::string> names_;  // of the columns
  Column time_, label_, size_, deadline_, status_;
  bool own_size_column_;
  double size_per_unit_;
  bool wall_clock_ = false;
  std::uint64_t rows_ = 0;
  std::int64_t first_ns_ = 0, last_ns_ = 0;
  DropCounts dropped_;
};

}  // namespace windtunnel
