// Lines of a text and the cells of a comma-separated line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/workload/text_buffer.hpp"

namespace windtunnel {

/// A piece of a file for a message: in quotation marks, at most 40 characters, unprintable ones as \xNN.
std::string in_quotes(std::string_view text);

/// Yields line after line without its end (LF or CRLF; the last may have none) and skips blank lines. A quoted cell may
/// hold commas, doubled quotes and line ends.
class LineReader {
 public:
  static constexpr std::size_t kMaxLine = std::size_t{1} << 20;

  /// @param quotes_hold_ends  false for JSON, in which a line end always ends the line
  explicit LineReader(TextBuffer text, bool quotes_hold_ends = true)
      : text_(std::move(text)), quotes_hold_ends_(quotes_hold_ends) {}

  /// The next line in `line`, valid and editable until the next call; false at the end of the file.
  /// @throws InputError for a line over 1 MiB, a NUL byte, a quote that is never closed; and what TextBuffer throws
  bool next(std::span<char>& line);
  /// The next line's cells, found in one pass: for a line that lies in memory whole, begins with no blank and has just
  /// cells.size() cells, in a file without quotes so far, which is nearly every line of nearly every table.
  /// @return false, with nothing taken, for any other line: next() and split_cells() know what to do with it
  bool next_cells(std::span<std::string_view> cells);
  /// Number of the line last returned, 1 for the first of the file; a row over several lines has its first one's.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// See TextBuffer::check_rest(). Invalidates the line last returned.
  void check_rest() { text_.check_rest(); }
  /// "file:line" of the line last returned.
  [[nodiscard]] std::string where() const { return text_.path() + ":" + std::to_string(number_); }
  [[nodiscard]] const std::string& path() const { return text_.path(); }
  [[nodiscard]] bool needs_care() const { return text_.needs_care(); }

 private:
  bool next_plain(std::span<char>& line);
  /// Length of the next line, its end left out; `whole` gets the length with it. False at the end of the file.
  bool find_end(std::size_t& length, std::size_t& whole);
  void check(std::string_view line) const;

  TextBuffer text_;
  bool quotes_hold_ends_;
  std::uint64_t number_ = 0;
  std::uint64_t lines_ = 0;  // line ends passed
};

/// Splits a line at its commas into `cells`, blanks around cells removed, quotes taken off (which edits the line).
void split_cells(std::span<char> line, std::vector<std::string_view>& cells);

/// The same for a line in which there is no quotation mark, faster.
void split_plain_cells(std::string_view line, std::vector<std::string_view>& cells);

}  // namespace windtunnel
