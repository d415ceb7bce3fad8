#include "sim/workload/format_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/core/error.hpp"
#include "sim/workload/binary_trace.hpp"
#include "sim/workload/exposition.hpp"
#include "sim/workload/format_rows.hpp"
#include "sim/workload/json_cells.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {
namespace {

/// The first line that is not blank, cut at 64 KiB; nothing is consumed.
std::string_view first_line(TextBuffer& text) {
  if (text.ahead().empty()) text.fill();
  const std::span<char> ahead = text.ahead();
  std::string_view seen(ahead.data(), ahead.size());
  const std::size_t begin = seen.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos)
    throw InputError(
        {text.path(),
         seen.size() < TextBuffer::kBlock ? "the file is empty" : "the file begins with nothing but blanks",
         "a trace has a header and at least one row"});
  seen = seen.substr(begin, std::size_t{1} << 16);
  return seen.substr(0, seen.find_first_of("\r\n"));
}

bool looks_like_counts(std::string_view line) {
  if (line.find(',') != std::string_view::npos) return false;
  const std::string_view token = line.substr(0, line.find_first_of(" \t"));
  const char* begin = token.data() + (token.starts_with('+') ? 1 : 0);
  double value = 0;
  const auto [end, error] = std::from_chars(begin, token.data() + token.size(), value);
  return error != std::errc::invalid_argument && end == token.data() + token.size();
}

/// ServeGen's rows: start, rate, cv, gap law or nothing, two parameters.
bool looks_like_windows(std::span<const std::string_view> cells) {
  if (cells.size() != 6 || !(cells[3].empty() || cells[3] == "Gamma" || cells[3] == "Weibull")) return false;
  return std::all_of(cells.begin(), cells.end(), [&](std::string_view cell) {
    double value = 0;
    return cell.data() == cells[3].data() ||
           std::from_chars(cell.data(), cell.data() + cell.size(), value).ptr == cell.data() + cell.size();
  });
}

bool has_all(std::span<const std::string_view> cells, const std::vector<std::string_view>& names) {
  return std::all_of(names.begin(), names.end(),
                     [&](std::string_view name) { return std::find(cells.begin(), cells.end(), name) != cells.end(); });
}

/// An answer of Prometheus may be one line or many; what it is stands near its beginning.
bool looks_like_prometheus(TextBuffer& text) {
  const std::string_view seen(text.ahead().data(), std::min<std::size_t>(text.ahead().size(), 4096));
  return seen.find("\"resultType\"") != std::string_view::npos ||
         (seen.find("\"status\"") != std::string_view::npos && seen.find("\"errorType\"") != std::string_view::npos);
}

const FormatRow* recognise_line(TextBuffer& text, std::string& line, std::string_view time_column) {
  const auto named = [](std::string_view name) { return find_format(name); };
  if (line.starts_with('{')) {
    if (looks_like_prometheus(text)) return named("prometheus_json");
    const std::vector<std::string> keys = json_keys(line);
    const std::vector<std::string_view> cells(keys.begin(), keys.end());
    if (const FormatRow* found = format_of_header(cells, Syntax::json_lines)) return found;
    return !time_column.empty() && !keys.empty() ? named("json_lines") : nullptr;
  }
  if (line.starts_with(kBinaryMagic)) return named("windtunnel");
  if (looks_like_counts(line)) return named("counts");
  std::vector<std::string_view> cells;
  split_cells(line, cells);
  if (const FormatRow* found = format_of_header(cells, Syntax::csv)) return found;
  if (looks_like_windows(cells)) return named("servegen");
  if (looks_like_exposition(line)) return named("exposition");
  return !time_column.empty() && has_all(cells, {time_column}) ? named("plain") : nullptr;
}

/// The header as it would be if its cells were parted by commas, or empty.
std::string with_commas(std::string line, char separator) {
  if (line.find(',') != std::string::npos || line.find(separator) == std::string::npos) return {};
  std::replace(line.begin(), line.end(), separator, ',');
  return line;
}

/// Says what is likely wrong with a file of which no format begins like this.
[[noreturn]] void refuse_line(const std::string& path, std::string line, std::string_view time_column) {
  const std::string where = path + ":1";
  if (line.starts_with("\xff\xfe") || line.starts_with("\xfe\xff") || (line.size() > 1 && line[1] == '\0'))
    throw InputError({path, "is UTF-16 text", "save it as UTF-8: iconv -f UTF-16 -t UTF-8"});
  if (line.starts_with("\x89HDF"))
    throw InputError({path, "is an HDF5 file, but none that windtunnel trace convert wrote",
                      "export its columns as CSV with the header timestamp,model,size"});
  line.resize(std::min(line.size(), line.find('\0')));
  const std::string shown = in_quotes(line);
  for (const char separator : {';', '\t', '|'}) {
    std::string commas = with_commas(line, separator);
    std::vector<std::string_view> cells;
    if (!commas.empty()) split_cells(commas, cells);
    if (format_of_header(cells, Syntax::csv) != nullptr || (!time_column.empty() && has_all(cells, {time_column})))
      throw InputError({where, fmt::format("the cells are parted by {}, not by commas", in_quotes({&separator, 1})),
                        "save the table with commas (and points in its numbers)"});
  }
  std::vector<std::string_view> cells;
  split_cells(line, cells);
  if (line.starts_with('{')) cells.clear();
  if (cells.size() > 1 && std::all_of(cells.begin(), cells.end(), looks_like_counts))
    throw InputError({where, "no known trace format begins with " + shown,
                      "counts of each second are parted by blanks or line ends; a table needs a header"});
  std::string header;
  for (const std::string_view cell : cells)
    if (header.size() < 200) header += (header.empty() ? "" : ", ") + in_quotes(cell);
  if (!time_column.empty())
    throw InputError({where, fmt::format("there is no column {}, which time_column names", in_quotes(time_column)),
                      header.empty() ? "the file begins with " + shown : "the header has: " + header});
  throw InputError({where, "no known trace format begins with " + shown,
                    "list formats shows the headers of those that are known; a table of another kind needs "
                    "time_column: <its column of times>" +
                        (cells.size() > 1 && !looks_like_counts(cells[0]) ? ", here one of " + header : "")});
}

}  // namespace

std::span<const FormatRow> format_registry() {
  static const std::vector<FormatRow> rows = format_rows();
  return rows;
}

const FormatRow* find_format(std::string_view name) {
  for (const FormatRow& row : format_registry())
    if (row.name == name) return &row;
  return nullptr;
}

std::string known_formats() {
  std::string out;
  for (const FormatRow& row : format_registry()) out += fmt::format("{}{}", out.empty() ? "" : ", ", row.name);
  return out;
}

const FormatRow* format_of_header(std::span<const std::string_view> cells, Syntax syntax) {
  const FormatRow* best = nullptr;  // of those that fit, the one that asks for most
  for (const FormatRow& row : format_registry()) {
    if (row.syntax != syntax || row.required.empty() || !has_all(cells, row.required)) continue;
    if (best == nullptr || row.required.size() > best->required.size()) best = &row;
  }
  return best;
}

const FormatRow& recognise_format(TextBuffer& text, std::string_view wanted, std::string_view time_column) {
  std::string line(first_line(text));
  if (wanted != "auto" && !wanted.empty()) {
    if (const FormatRow* found = find_format(wanted)) return *found;
    throw InputError({text.path(), "unknown trace format " + in_quotes(wanted), "known: " + known_formats()});
  }
  if (const FormatRow* found = recognise_line(text, line, time_column)) return *found;
  refuse_line(text.path(), line, time_column);
}

}  // namespace windtunnel
