// A comma-separated table with a header, as text.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel {

struct CsvTable {
  struct Row {
    int line = 0;
    std::vector<std::string> cells;  ///< as many as columns
  };
  std::string file;
  std::vector<std::string> columns;
  std::vector<Row> rows;

  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  /// The text of a cell; empty where there is no such column.
  [[nodiscard]] std::string_view text(const Row& row, std::string_view column) const;
  /// The number of a cell; nothing where it is empty. @return an Error for anything else, with file and line
  [[nodiscard]] Result<std::optional<double>> number(const Row& row, std::string_view column) const;
};

/// @return an Error for a file that cannot be read, has no header, or rows of another length
Result<CsvTable> read_csv(const std::filesystem::path& file);
/// The same for text in memory.
Result<CsvTable> parse_csv(std::string_view text, std::string file);

}  // namespace windtunnel
