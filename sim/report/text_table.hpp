// A table of text that fits a terminal: names on the left, figures on the right.
#pragma once

#include <string>
#include <vector>

namespace windtunnel {

inline constexpr int kTerminalWidth = 80;

/// Rows of cells under titles. The first column holds names: it is left-aligned and gives way (names are cut with an
/// ellipsis) when the table is too wide. All others are right-aligned and never cut.
class TextTable {
 public:
  /// @param titles  one for each column; "\n" makes a title of two lines
  explicit TextTable(std::vector<std::string> titles) : titles_(std::move(titles)) {}

  /// @param cells  as many as titles
  void add_row(std::vector<std::string> cells) { rows_.push_back({.cells = std::move(cells), .heading = {}}); }
  /// A line of text across the table.
  void add_heading(std::string text) { rows_.push_back({.cells = {}, .heading = std::move(text)}); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// Lines of at most `width` columns, as long as the figures leave the names 8.
  [[nodiscard]] std::string render(int width = kTerminalWidth) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::string heading;
  };
  [[nodiscard]] std::vector<int> widths(int width, int& gap) const;

  std::vector<std::string> titles_;
  std::vector<Row> rows_;
};

}  // namespace windtunnel
