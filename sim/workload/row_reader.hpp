// Rows of a recorded trace, whatever its format: each an instant with a label, a size and a deadline.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/workload/binary_reader.hpp"
#include "sim/workload/drop_counts.hpp"
#include "sim/workload/label_table.hpp"
#include "sim/workload/record_reader.hpp"
#include "sim/workload/reorder.hpp"
#include "sim/workload/spec.hpp"
#include "sim/workload/stamp_reader.hpp"
#include "sim/workload/trace_row.hpp"

namespace windtunnel {

/// Reads a trace of rows in time order. Rows that the format says to drop are counted by reason and passed over; rows
/// that come late by no more than the window (the spec's reorder, or the format's) are put in order, stably.
class RowReader {
 public:
  /// Reads the header. @throws InputError if a column is missing or twice there, and for a format whose rows are not
  /// arrivals
  RowReader(TextBuffer text, const FormatRow& format, const TraceSpec& spec);

  /// The next row; false at the end of the file.
  /// @throws InputError for a cell that cannot be read, a wrong number of cells, a stamp that is late beyond the
  ///         window, or a file with a header and no row
  bool next(TraceRow& row) { return binary_ ? binary_->next(row) : next_held(row); }

  /// Data rows read, dropped ones included.
  [[nodiscard]] std::uint64_t rows() const;
  [[nodiscard]] DropCounts dropped() const;
  /// Rows that came after a later one and were put in order.
  [[nodiscard]] std::uint64_t moved() const { return binary_ ? binary_->facts().moved : reorder_.moved(); }
  /// Earliest stamp of the rows up to the first that came out, dropped or not: time 0 of a re-based trace.
  [[nodiscard]] std::int64_t first_ns() const { return binary_ ? binary_->facts().first_ns : first_ns_; }
  [[nodiscard]] bool is_wall_clock() const { return binary_ ? binary_->facts().wall_clock : stamps_->is_wall_clock(); }
  [[nodiscard]] bool has_size() const { return binary_ ? binary_->facts().has_size : size_.has_value(); }
  [[nodiscard]] bool has_deadline() const { return binary_ ? binary_->facts().has_deadline : deadline_.has_value(); }
  [[nodiscard]] bool has_service() const { return binary_ ? binary_->facts().has_service : service_.has_value(); }
  [[nodiscard]] bool has_labels() const { return binary_ ? binary_->has_labels() : label_.has_value(); }
  /// The window within which rows are put in order.
  [[nodiscard]] std::int64_t reorder_ns() const { return reorder_window_ns_; }
  [[nodiscard]] std::string where() const { return binary_ ? binary_->where() : records_->where(); }

 private:
  using Column = RecordReader::Column;
  struct Drop {
    std::size_t column;
    const DropRule* rule;
    std::optional<double> number;
  };

  void find_columns(const TraceSpec& spec);
  bool next_held(TraceRow& row);
  bool read_record();
  [[nodiscard]] const DropRule* drop_of(bool by_time);
  [[noreturn]] void refuse_late(std::int64_t at_ns) const;
  bool read_size(float& size);
  [[nodiscard]] Duration read_deadline(std::string_view cell) const;
  [[nodiscard]] std::int64_t read_service(std::string_view cell) const;
  [[noreturn]] void fail(std::string what, std::string hint) const { records_->fail(std::move(what), std::move(hint)); }

  const FormatRow& format_;
  std::unique_ptr<BinaryReader> binary_;  // instead of all that follows
  std::optional<RecordReader> records_;
  std::optional<StampReader> stamps_;
  std::size_t time_ = 0;
  Column label_, size_, deadline_, service_;
  std::vector<Drop> drops_;
  bool own_size_column_;
  double size_per_unit_;
  std::int64_t service_ns_per_unit_;
  std::int64_t reorder_window_ns_;
  Reorder reorder_;
  LabelTable labels_;
  std::int64_t first_ns_ = 0;
  bool started_ = false, at_end_ = false;
  DropCounts dropped_;
};

}  // namespace windtunnel
