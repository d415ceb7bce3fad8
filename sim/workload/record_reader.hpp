// Records of a file, whatever its syntax: cells found by the names of their columns or keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/workload/format_registry.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {

/// Reads CSV with a header, or JSON lines, whose first object names the columns (with those the format knows).
class RecordReader {
 public:
  using Column = std::optional<std::size_t>;

  /// Reads the header. @param also  a column that is looked for besides the format's own; may be empty
  RecordReader(TextBuffer text, const FormatRow& format, std::vector<std::string> also = {});

  /// The column of the first of these names ('|' parts them) that is there.
  /// @throws InputError when it is there twice, or is not there although `needed_by` says who needs it
  [[nodiscard]] Column column(std::string_view names, std::string_view needed_by = {}) const;

  /// The next record in cells(); false at the end of the file. Headers that come again are passed over and counted.
  /// @throws InputError for a wrong number of cells, a line that is no JSON, another format's header
  bool next();
  [[nodiscard]] std::string_view cell(std::size_t column) const { return cells_[column]; }
  [[nodiscard]] std::size_t columns() const { return names_.size(); }
  [[nodiscard]] const std::string& name(std::size_t column) const { return names_[column]; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t headers_again() const { return headers_again_; }
  [[nodiscard]] std::string where() const { return lines_.where(); }
  /// See TextBuffer::check_rest().
  void check_rest() { lines_.check_rest(); }
  [[noreturn]] void fail(std::string what, std::string hint) const;

 private:
  void read_header(const std::vector<std::string>& also);
  bool next_slowly();
  bool is_header_again();

  LineReader lines_;
  const FormatRow& format_;
  bool json_;
  std::vector<std::string> names_;
  std::vector<std::string_view> cells_;  // CSV: as many as names_ whenever a record was read
  std::string first_line_;               // JSON lines: the object that named the columns, which is a record too
  bool first_waits_ = false;
  std::uint64_t records_ = 0, headers_again_ = 0;
};

}  // namespace windtunnel
