#include "sim/workload/client_window_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

#include "sim/core/error.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostClientFiles = 10'000;
constexpr std::size_t kMostClientRows = 100'000;
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
  if (files.size() > kMostClientFiles)
    throw InputError({folder, fmt::format("holds {} clients", files.size()), "at most 10 000 are read"});
  return files;
}

class ClientRowReader {
 public:
  explicit ClientRowReader(const std::string& file) : lines_(TextBuffer(file)) {}

  bool next(ClientWindowRow& row) {
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

}  // namespace

bool is_client_window_file(std::string_view name) {
  return chunk_number(name).has_value();
}

std::vector<std::string> client_window_files(const std::string& path) {
  std::error_code code;
  if (std::filesystem::exists(path, code) && !std::filesystem::is_directory(path, code)) return {path};
  std::vector<std::string> files;
  for (auto& [number, file] : chunk_files(path)) files.push_back(file);
  return files;
}

std::vector<ClientWindowRow> read_client_rows(const std::string& file) {
  ClientRowReader reader(file);
  ClientWindowRow row{};
  std::vector<ClientWindowRow> rows;
  while (reader.next(row)) {
    if (!rows.empty() && !(row.start_s > rows.back().start_s))
      reader.fail(fmt::format("start_s {} does not come after {}", row.start_s, rows.back().start_s), "");
    if (rows.size() == kMostClientRows) reader.fail("has over 100 000 windows", "take fewer days");
    rows.push_back(row);
  }
  return rows;
}

std::size_t client_window_index(double start_s, double width_s, const std::string& file) {
  const double index = start_s / width_s;
  if (index != std::floor(index) || index >= static_cast<double>(kMostClientRows))
    throw InputError({file, fmt::format("start_s {} is out of step", start_s),
                      fmt::format("windows are {} s long and start at multiples of that", width_s)});
  return static_cast<std::size_t>(index);
}

}  // namespace windtunnel
