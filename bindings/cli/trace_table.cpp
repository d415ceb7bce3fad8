#include "bindings/cli/trace_table.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "sim/report/duration_text.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel::cli {
namespace {

using Json = nlohmann::ordered_json;
using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

Json json_of(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const Counts& counts) {
  Json out = Json::object();
  for (const auto& [name, count] : counts) out[name] = count;
  return out;
}

std::string text_of(const std::optional<double>& value) {
  return value_text(value.value_or(std::numeric_limits<double>::quiet_NaN()));
}

void add_line(std::string& out, const char* label, const std::string& value) {
  out += pad_right(label, 28) + fit(value, 52) + '\n';
}

}  // namespace

Json trace_json(const TraceInfo& info) {
  return {{"format", info.format},
          {"rows", info.rows},
          {"queries", info.queries},
          {"dropped", json_of(info.dropped)},
          {"span_s", info.span_s},
          {"rate_mean_per_s", json_of(info.rate_mean_per_s)},
          {"peak_over_mean_1s", json_of(info.peak_over_mean_1s)},
          {"peak_over_mean_60s", json_of(info.peak_over_mean_60s)},
          {"idc_1s", json_of(info.idc_1s)},
          {"idc_60s", json_of(info.idc_60s)},
          {"cv_gaps", json_of(info.cv_gaps)},
          {"longest_silence_s", info.longest_silence_s},
          {"start", info.start.empty() ? Json(nullptr) : Json(info.start)},
          {"distinct_labels", info.distinct_labels},
          {"labels", json_of(info.labels)}};
}

std::string trace_table(const std::string& file, const TraceInfo& info) {
  std::string out = wrap(file + ": " + info.format, 80, 2) + '\n';
  const auto count = [](std::uint64_t value) { return count_text(static_cast<double>(value)); };
  add_line(out, "rows", count(info.rows));
  add_line(out, "queries", count(info.queries));
  for (const auto& [reason, rows] : info.dropped) add_line(out, "dropped", count(rows) + " rows: " + reason);
  add_line(out, "span", duration_text(info.span_s));
  if (!info.start.empty()) add_line(out, "start", info.start);
  add_line(out, "mean rate, queries/s", text_of(info.rate_mean_per_s));
  add_line(out, "peak over mean, 1 s bins", text_of(info.peak_over_mean_1s));
  add_line(out, "peak over mean, 60 s bins", text_of(info.peak_over_mean_60s));
  add_line(out, "index of dispersion, 1 s", text_of(info.idc_1s));
  add_line(out, "index of dispersion, 60 s", text_of(info.idc_60s));
  add_line(out, "gaps, std over mean", text_of(info.cv_gaps));
  add_line(out, "longest silence", duration_text(info.longest_silence_s));
  if (!info.labels.empty()) {
    out += fmt::format("\n{} labels{}\n", count(info.distinct_labels),
                       info.labels.size() < info.distinct_labels ? ", the most frequent:" : ":");
    for (const auto& [label, queries] : info.labels)
      out += "  " + pad_right(label, 26) + pad_left(count(queries), 10) + '\n';
  }
  return out;
}

}  // namespace windtunnel::cli
