#include "sim/workload/format_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/core/error.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {
namespace {

std::vector<FormatRow> make_rows() {
  return {
      {.name = "plain",
       .doc =
           "CSV of arrivals; timestamp in seconds or wall clock, model is the label for map, size in items, deadline "
           "in seconds after arrival",
       .header = "timestamp[,model][,size][,deadline]",
       .required = {"timestamp"},
       .time = "timestamp",
       .label = "model",
       .size = "size",
       .deadline = "deadline"},
      {.name = "azure_llm",
       .doc =
           "Azure LLM inference traces 2023 and 2024 (Azure Public Dataset); every query has size 1 unless size_column "
           "names one of the token columns",
       .header = "TIMESTAMP,ContextTokens,GeneratedTokens",
       .required = {"TIMESTAMP", "ContextTokens", "GeneratedTokens"},
       .time = "TIMESTAMP"},
      {.name = "gentd26",
       .doc =
           "GenTD26 request trace (Alibaba cluster-trace-v2026-GenAI); label is checkpoint_model_version_id, size is "
           "num_images_per_prompt, PENDING rows are dropped",
       .header = "gmt_create,...,predict_status,...,num_images_per_prompt,...,checkpoint_model_version_id,...",
       .required = {"gmt_create", "predict_status", "num_images_per_prompt", "checkpoint_model_version_id"},
       .time = "gmt_create",
       .label = "checkpoint_model_version_id",
       .size = "num_images_per_prompt",
       .status = "predict_status",
       .dropped_statuses = {"PENDING"},
       .label_needed = true,
       .lenient_size = true},
      {.name = "counts",
       .doc =
           "queries in each successive second, whole numbers parted by blanks or line ends, no header; placement says "
           "where in the second they arrive",
       .header = "12 9 14 ...",
       .is_counts = true},
  };
}

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

bool has_all(const std::vector<std::string_view>& cells, const std::vector<std::string_view>& names) {
  return std::all_of(names.begin(), names.end(),
                     [&](std::string_view name) { return std::find(cells.begin(), cells.end(), name) != cells.end(); });
}

}  // namespace

std::span<const FormatRow> format_registry() {
  static const std::vector<FormatRow> rows = make_rows();
  return rows;
}

std::string known_formats() {
  std::string out;
  for (const FormatRow& row : format_registry())
    out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", row.name, row.header);
  return out;
}

const FormatRow& recognise_format(TextBuffer& text, std::string_view wanted) {
  std::string line(first_line(text));
  if (wanted != "auto" && !wanted.empty()) {
    for (const FormatRow& row : format_registry())
      if (row.name == wanted) return row;
    throw InputError({text.path(), "unknown trace format " + in_quotes(wanted), "known: " + known_formats()});
  }
  std::vector<std::string_view> cells;
  split_cells(line, cells);
  const FormatRow* best = nullptr;  // of those that fit, the one that asks for most
  for (const FormatRow& row : format_registry()) {
    const bool fits = row.is_counts ? looks_like_counts(line) : has_all(cells, row.required);
    if (fits && (best == nullptr || row.required.size() > best->required.size())) best = &row;
  }
  if (best != nullptr) return *best;
  throw InputError({text.path() + ":1",
                    "no known trace format begins with " + in_quotes(line.substr(0, line.find('\0'))),
                    "known: " + known_formats()});
}

}  // namespace windtunnel
