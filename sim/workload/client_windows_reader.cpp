// ServeGen's folder of client windows.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

#include "sim/core/error.hpp"
#include "sim/workload/client_population.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostFiles = 10'000;
constexpr std::size_t kMostWindows = 100'000;   // of a client
constexpr std::size_t kMostInAll = 10'000'000;  // windows of all clients
constexpr double kMostWindowRate = 1e7;

/// The number in chunk-<number>-trace.csv or .csv.gz.
std::optional<std::uint64_t> chunk_number(std::string_view name) {
  if (name.ends_with(".gz")) name.remove_suffix(3);
  if (!name.starts_with("chunk-") || !name.ends_with("-trace.csv")) return std::nullopt;
  const std::string_view digits = name.substr(6, name.size() - 6 - 10);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::map<std::uint64_t, std::string> chunk_files(const std::string& folder) {
  std::map<std::uint64_t, std::string> files;
  std::error_code code;
  for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end; at.increment(code))
    if (const auto number = chunk_number(at->path().filename().string())) files.emplace(*number, at->path().string());
  if (code) throw InputError({folder, "cannot be read as a folder: " + code.message(), "name ServeGen's folder"});
  if (files.empty())
    throw InputError({folder, "holds no chunk-<client>-trace.csv", "name the folder of a ServeGen model class"});
  if (files.size() > kMostFiles)
    throw InputError({folder, fmt::format("holds {} clients", files.size()), "at most 10 000 are read"});
  return files;
}

class WindowRows {
 public:
  explicit WindowRows(const std::string& file) : lines_(TextBuffer(file)) {}

  struct Row {
    double start_s;
    ClientWindow window;
  };
  bool next(Row& row) {
    std::span<char> line;
    if (!lines_.next(line)) return false;
    split_cells(line, cells_);
    if (cells_.size() != 6) fail(fmt::format("has {} cells", cells_.size()), "a row is start_s,rate,cv,pattern,p1,p2");
    row.start_s = number(0, "start_s", 4.6e9);
    row.window.rate_per_s = number(1, "rate", kMostWindowRate);
    const std::string_view pattern = cells_[3];
    row.window.gaps = pattern == "Gamma"     ? ClientWindow::Gaps::gamma
                      : pattern == "Weibull" ? ClientWindow::Gaps::weibull
                                             : ClientWindow::Gaps::exponential;
    if (row.window.gaps == ClientWindow::Gaps::exponential) {
      if (!pattern.empty()) fail("pattern " + in_quotes(pattern) + " is unknown", "known: Gamma, Weibull, or empty");
      row.window.shape = 1;
      return true;
    }
    row.window.shape = number(4, "p1", 1e6);
    if (row.window.shape < 1e-3) fail(fmt::format("p1: shape {} is below 0.001", row.window.shape), "");
    return true;
  }
  [[noreturn]] void fail(std::string what, std::string hint) const {
    throw InputError({lines_.where(), std::move(what), std::move(hint)});
  }

 private:
  double number(std::size_t cell, std::string_view name, double most) const {
    const std::string_view text = cells_[cell];
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= most))
      fail(fmt::format("{}: {} is not a number in [0, {:g}]", name, in_quotes(text), most), "");
    return value;
  }

  LineReader lines_;
  std::vector<std::string_view> cells_;
};

/// One client's rows, in time order.
std::vector<WindowRows::Row> read_client(const std::string& file) {
  WindowRows reader(file);
  WindowRows::Row row{};
  std::vector<WindowRows::Row> rows;
  while (reader.next(row)) {
    if (!rows.empty() && !(row.start_s > rows.back().start_s))
      reader.fail(fmt::format("start_s {} does not come after {}", row.start_s, rows.back().start_s), "");
    if (rows.size() == kMostWindows) reader.fail("has over 100 000 windows", "take fewer days");
    rows.push_back(row);
  }
  return rows;
}

std::vector<ClientWindow> place_rows(const std::vector<WindowRows::Row>& rows, double width_s,
                                     const std::string& file) {
  std::vector<ClientWindow> windows;
  for (const WindowRows::Row& row : rows) {
    const double index = row.start_s / width_s;
    if (index != std::floor(index) || index >= static_cast<double>(kMostWindows))
      throw InputError({file, fmt::format("start_s {} is out of step", row.start_s),
                        fmt::format("windows are {} s long and start at multiples of that", width_s)});
    windows.resize(static_cast<std::size_t>(index));
    windows.push_back(row.window);
  }
  return windows;
}

}  // namespace

ClientWindows read_client_windows(const std::string& folder) {
  ClientWindows out{.width_s = 0, .clients = {}};
  std::size_t longest = 0;
  const auto files = chunk_files(folder);
  std::vector<std::vector<WindowRows::Row>> rows;
  for (const auto& [number, file] : files) {
    rows.push_back(read_client(file));
    if (out.width_s == 0 && rows.back().size() > 1) out.width_s = rows.back()[1].start_s - rows.back()[0].start_s;
  }
  if (out.width_s == 0)
    throw InputError({folder, "no client has two windows", "their distance tells a window's length"});
  std::size_t client = 0;
  for (const auto& [number, file] : files) {
    out.clients.push_back(place_rows(rows[client++], out.width_s, file));
    longest = std::max(longest, out.clients.back().size());
    if (longest * files.size() > kMostInAll)
      throw InputError({file, "the folder holds over 10 000 000 windows", "take fewer clients or days"});
  }
  for (auto& windows : out.clients) windows.resize(longest);
  if (!(out.mean_rate_per_s() > 0)) throw InputError({folder, "no client ever sends", "take another model class"});
  return out;
}

}  // namespace windtunnel
