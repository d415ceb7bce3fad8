#include "sim/workload/gauge_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "sim/core/error.hpp"
#include "sim/workload/record_reader.hpp"
#include "sim/workload/stamp_reader.hpp"

namespace windtunnel {
namespace {

using TakeSample = std::function<void(const GaugeSample&)>;

/// The number of a cell, its unit behind a blank cut off ("3456 MiB", as nvidia-smi writes it).
std::optional<double> cell_number(std::string_view cell) {
  return prometheus_number(cell.substr(0, cell.find(' ')));
}

GaugeFacts read_table(TextBuffer text, const FormatRow& format, const TraceSpec& spec, const TakeSample& take) {
  RecordReader records(std::move(text), format);
  const std::string needed_by = fmt::format("format {}", format.name);
  for (const std::string_view name : format.required) (void)records.column(name, needed_by);
  const auto time = records.column(format.time);
  const std::size_t value = *records.column(format.value, needed_by);
  std::vector<std::size_t> series;
  for (const std::string_view name : format.series)
    if (const auto column = records.column(name)) series.push_back(*column);
  StampReader stamps(format, spec, time ? records.name(*time) : "");
  GaugeFacts facts;
  std::string name;
  while (records.next()) {
    GaugeSample sample;
    if (time) sample.at_ns = stamps.read(records.cell(*time), records);
    const std::string_view cell = records.cell(value);
    if (cell.empty() || cell == "[N/A]" || cell == "N/A") {
      facts.dropped.add("no value");
      continue;
    }
    const auto number = cell_number(cell);
    if (!number) records.fail(fmt::format("{}: {} is not a number", format.value, in_quotes(cell)), "");
    if (!std::isfinite(*number)) {
      facts.dropped.add("not finite");
      continue;
    }
    sample.value = *number;
    name.clear();
    for (const std::size_t column : series) {
      if (!name.empty() && !records.cell(column).empty()) name += ' ';
      name += records.cell(column);
    }
    sample.series = name;
    take(sample);
  }
  facts.rows = records.records() + records.headers_again();
  if (facts.rows == 0) records.fail("the file has a header and no row", "a trace has at least one row");
  if (records.headers_again() > 0) facts.dropped.add("header again", records.headers_again());
  facts.wall_clock = stamps.is_wall_clock();
  return facts;
}

GaugeFacts read_exposition_text(TextBuffer text, const TakeSample& take) {
  LineReader lines(std::move(text), false);
  std::span<char> line;
  ExpositionSample read;
  GaugeFacts facts;
  while (lines.next(line)) {
    const std::string_view whole(line.data(), line.size());
    if (whole.starts_with('#')) continue;
    if (const std::string_view wrong = parse_exposition(whole, read); !wrong.empty())
      throw InputError({lines.where(), fmt::format("{} {}", in_quotes(whole), wrong),
                        "lines of the text format read NAME{label=\"value\"} number"});
    ++facts.rows;
    if (!std::isfinite(read.value)) {
      facts.dropped.add("not finite");
      continue;
    }
    const std::string name = series_name(read.name, read.labels);
    GaugeSample sample{.series = name, .labels = &read.labels, .at_ns = {}, .value = read.value};
    if (read.at_ms && std::abs(*read.at_ms) < 4.6e12) sample.at_ns = std::llround(*read.at_ms * 1e6);
    take(sample);
  }
  facts.wall_clock = true;
  return facts;
}

}  // namespace

std::string series_name(std::string_view metric, const MetricLabels& labels) {
  static constexpr std::array<std::string_view, 8> kShown = {"namespace", "pod",      "container",     "Hostname",
                                                             "gpu",       "GPU_I_ID", "GPU_I_PROFILE", "instance"};
  const auto find = [&](std::string_view name) -> const std::string* {
    for (const auto& [label, value] : labels)
      if (label == name) return &value;
    return nullptr;
  };
  const bool exported = find("exported_pod") != nullptr;
  const std::string* own_pod = find("pod");
  const bool exporters_own = !exported && own_pod != nullptr && own_pod->find("dcgm-exporter") != std::string::npos;
  std::string out;
  for (const std::string_view name : kShown) {
    const bool of_pod = name == "namespace" || name == "pod" || name == "container";
    if (of_pod && exporters_own) continue;
    const std::string* value = find(of_pod && exported ? fmt::format("exported_{}", name) : name);
    if (value == nullptr || value->empty() || (name == "instance" && find("Hostname") != nullptr)) continue;
    out += fmt::format("{}{}={}", out.empty() ? "" : ",", name, *value);
  }
  if (out.empty())
    for (const auto& [label, value] : labels)
      if (label != "__name__") out += fmt::format("{}{}={}", out.empty() ? "" : ",", label, value);
  return out.empty() ? std::string(metric) : fmt::format("{}{{{}}}", metric, out);
}

GaugeFacts read_gauges(TextBuffer text, const FormatRow& format, const TraceSpec& spec, const TakeSample& take) {
  if (format.syntax == Syntax::prometheus_json) return read_prometheus_json(std::move(text), take);
  if (format.syntax == Syntax::exposition) return read_exposition_text(std::move(text), take);
  return read_table(std::move(text), format, spec, take);
}

}  // namespace windtunnel
