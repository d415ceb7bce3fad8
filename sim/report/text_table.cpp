#include "sim/report/text_table.hpp"

#include <algorithm>
#include <numeric>

#include "sim/core/error.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel {
namespace {

constexpr int kNarrowestName = 8;

std::vector<std::string> lines_of(const std::string& title) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t end; (end = title.find('\n', from)) != std::string::npos; from = end + 1)
    lines.push_back(title.substr(from, end - from));
  lines.push_back(title.substr(from));
  return lines;
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::vector<int> TextTable::widths(int width, int& gap) const {
  std::vector<int> out;
  for (const std::string& title : titles_) {
    int widest = 0;
    for (const std::string& line : lines_of(title)) widest = std::max(widest, display_width(line));
    out.push_back(widest);
  }
  for (const Row& row : rows_)
    for (std::size_t i = 0; i < row.cells.size(); ++i) out[i] = std::max(out[i], display_width(row.cells[i]));
  const int figures = std::accumulate(out.begin() + 1, out.end(), 0);
  const int gaps = static_cast<int>(out.size()) - 1;
  gap = out[0] + figures + 2 * gaps <= width ? 2 : 1;
  out[0] = std::max(std::min(out[0], width - figures - gap * gaps), kNarrowestName);
  return out;
}

std::string TextTable::render(int width) const {
  int gap = 2;
  const std::vector<int> columns = widths(width, gap);
  const std::string space(static_cast<std::size_t>(gap), ' ');
  std::string out;
  const auto put_line = [&](const std::vector<std::string>& cells) {
    std::string line = pad_right(cells[0], columns[0]);
    for (std::size_t i = 1; i < cells.size(); ++i) line += space + pad_left(cells[i], columns[i]);
    out += without_trailing_spaces(std::move(line)) + '\n';
  };

  std::size_t title_lines = 1;
  for (const std::string& title : titles_) title_lines = std::max(title_lines, lines_of(title).size());
  for (std::size_t at = 0; at < title_lines; ++at) {  // short titles stand at the bottom
    std::vector<std::string> cells;
    for (const std::string& title : titles_) {
      const auto lines = lines_of(title);
      const std::size_t first = title_lines - lines.size();
      cells.push_back(at < first ? "" : lines[at - first]);
    }
    put_line(cells);
  }
  for (const Row& row : rows_) {
    SIM_CHECK(row.cells.empty() || row.cells.size() == titles_.size(), "a table row has the wrong number of cells");
    if (row.cells.empty())
      out += fit(row.heading, width) + '\n';
    else
      put_line(row.cells);
  }
  return out;
}

}  // namespace windtunnel
