#include "models/fit/csv_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace windtunnel {
namespace {

constexpr std::size_t kLargest = 64U << 20U;

// Cells of one line; a quoted cell may hold commas and doubled quotes.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"')
        cells.back() += line[++i];
      else
        quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto it = std::find(columns.begin(), columns.end(), name);
  if (it == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(it - columns.begin());
}

std::string_view CsvTable::text(const Row& row, std::string_view name) const {
  const auto at = column(name);
  return at ? std::string_view(row.cells[*at]) : std::string_view();
}

Result<std::optional<double>> CsvTable::number(const Row& row, std::string_view name) const {
  const std::string_view cell = text(row, name);
  if (cell.empty()) return std::optional<double>();
  double value = 0;
  const auto parsed = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != cell.data() + cell.size() || !std::isfinite(value))
    return Error{fmt::format("{}:{}", file, row.line),
                 fmt::format("{} \"{}\" is not a number", name, cell.substr(0, 40)),
                 "leave the cell empty where nothing was measured"};
  return std::optional(value);
}

Result<CsvTable> parse_csv(std::string_view text, std::string file) {
  CsvTable out;
  out.file = std::move(file);
  int line = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view row = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++line;
    if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
    if (line == 1 && row.starts_with("\xef\xbb\xbf")) row.remove_prefix(3);
    if (row.empty()) continue;
    auto cells = cells_of(row);
    if (out.columns.empty()) {
      out.columns = std::move(cells);
    } else if (cells.size() != out.columns.size()) {
      return Error{fmt::format("{}:{}", out.file, line),
                   fmt::format("has {} cells, the header {}", cells.size(), out.columns.size()),
                   "give every row as many cells as the header"};
    } else {
      out.rows.push_back({line, std::move(cells)});
    }
  }
  if (out.columns.empty()) return Error{out.file, "is empty", "give a CSV table with a header"};
  return out;
}

Result<CsvTable> read_csv(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error || !std::filesystem::is_regular_file(file))
    return Error{file.string(), "no such file", "give a CSV table with a header"};
  if (size > kLargest) return Error{file.string(), "is larger than 64 MiB", "give the rows that matter"};
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error{file.string(), "cannot be read", ""};
  return parse_csv(text.str(), file.string());
}

}  // namespace windtunnel
