#include "sim/workload/client_windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "sim/core/error.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostFiles = 10'000;
constexpr std::size_t kMostWindows = 100'000;

bool is_chunk(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("chunk-") && (name.ends_with("-trace.csv") || name.ends_with("-trace.csv.gz"));
}

std::vector<std::string> chunks_of(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_directory(path, code)) return {path};
  std::vector<std::string> files;
  for (std::filesystem::directory_iterator at(path, code), end; !code && at != end; at.increment(code))
    if (is_chunk(at->path())) files.push_back(at->path().string());
  if (files.size() > kMostFiles) throw InputError({path, "holds over 10 000 clients", "read fewer"});
  std::sort(files.begin(), files.end());
  return files;
}

double number_at(const LineReader& lines, std::string_view text, const char* name) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 4.6e9))
    throw InputError({lines.where(), fmt::format("{}: {} is not a number in [0, 4.6e9]", name, in_quotes(text)),
                      "a row is start_s,rate,cv,pattern,p1,p2"});
  return value;
}

void add_file(const std::string& file, WindowSum& sum) {
  LineReader lines{TextBuffer(file)};
  std::span<char> line;
  std::vector<std::string_view> cells;
  double last_s = -1;
  while (lines.next(line)) {
    split_cells(line, cells);
    if (cells.size() != 6)
      throw InputError(
          {lines.where(), fmt::format("the row has {} cells", cells.size()), "a row is start_s,rate,cv,pattern,p1,p2"});
    const double start_s = number_at(lines, cells[0], "start_s"), rate = number_at(lines, cells[1], "rate");
    if (start_s <= last_s)
      throw InputError({lines.where(), fmt::format("start_s {} does not come after {}", start_s, last_s), ""});
    if (sum.width_s == 0 && last_s >= 0) sum.width_s = start_s - last_s;
    const double index = sum.width_s > 0 ? start_s / sum.width_s : 0;
    if (index != std::floor(index) || index >= static_cast<double>(kMostWindows) || (last_s < 0 && start_s != 0))
      throw InputError({lines.where(), fmt::format("start_s {} is out of step", start_s),
                        fmt::format("windows begin at 0 and are {} s long", sum.width_s)});
    const auto window = static_cast<std::size_t>(index);
    if (sum.rate_per_s.size() <= window) sum.rate_per_s.resize(window + 1);
    sum.rate_per_s[window] += rate;
    last_s = start_s;
    ++sum.rows;
  }
  ++sum.clients;
}

}  // namespace

bool is_client_folder(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_directory(path, code)) return false;
  for (std::filesystem::directory_iterator at(path, code), end; !code && at != end; at.increment(code))
    if (is_chunk(at->path())) return true;
  return false;
}

WindowSum sum_client_windows(const std::string& path) {
  WindowSum sum;
  for (const std::string& file : chunks_of(path)) add_file(file, sum);
  if (sum.rate_per_s.size() < 2 || sum.width_s <= 0)
    throw InputError({path, "holds no two windows", "their distance tells a window's length"});
  return sum;
}

}  // namespace windtunnel
