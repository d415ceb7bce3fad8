#include "sim/workload/trace_convert.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <limits>
#include <memory>

#include "sim/workload/binary_writer.hpp"
#include "sim/workload/row_reader.hpp"
#include "sim/workload/timestamp.hpp"
#include "sim/workload/trace_check.hpp"

namespace windtunnel {
namespace {

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos &&
      (text.empty() || (text[0] != ' ' && text.back() != ' ')))
    return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

class CsvTraceWriter {
 public:
  CsvTraceWriter(const std::string& path, const RowReader& reader)
      : path_(path), file_(std::fopen(path.c_str(), "wb"), std::fclose), reader_(reader) {
    if (!file_) throw IoError(path_ + ": cannot be written");
  }
  void add(const TraceRow& row) {
    if (line_.empty()) header();
    line_ = reader_.is_wall_clock() ? format_wall_clock(row.at_ns) : format_seconds(row.at_ns);
    if (reader_.has_labels()) line_ += "," + csv_cell(row.label);
    if (reader_.has_size()) line_ += fmt::format(",{}", row.size);
    if (reader_.has_deadline()) line_ += row.deadline.count() > 0 ? "," + format_seconds(row.deadline.count()) : ",";
    if (reader_.has_service()) line_ += row.service_ns >= 0 ? "," + format_seconds(row.service_ns) : ",";
    put();
  }
  void finish() {
    if (line_.empty()) header();
    if (std::fclose(file_.release()) != 0) throw IoError(path_ + ": cannot be written; is the disk full?");
  }

 private:
  void header() {
    line_ = "timestamp";
    if (reader_.has_labels()) line_ += ",model";
    if (reader_.has_size()) line_ += ",size";
    if (reader_.has_deadline()) line_ += ",deadline";
    if (reader_.has_service()) line_ += ",service_time";
    put();
  }
  void put() {
    line_ += '\n';
    if (std::fwrite(line_.data(), 1, line_.size(), file_.get()) != line_.size())
      throw IoError(path_ + ": cannot be written; is the disk full?");
  }
  std::string path_, line_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  const RowReader& reader_;
};

/// Calls `add` for each row in the window; says how many there were.
std::uint64_t each_row(RowReader& reader, const TraceSpec& trace, const auto& add) {
  const std::int64_t from_ns = trace.from.value_or(Duration{}).count();
  const std::int64_t to_ns = trace.to.value_or(Duration{std::numeric_limits<std::int64_t>::max()}).count();
  std::uint64_t rows = 0;
  TraceRow row;
  while (reader.next(row)) {
    const std::int64_t at_ns = row.at_ns - reader.first_ns();
    if (at_ns < from_ns) continue;
    if (at_ns >= to_ns) break;
    add(row);
    ++rows;
  }
  if (rows == 0)
    throw InputError({trace.file,
                      fmt::format("has no row to write: {} read, all dropped or outside the window", reader.rows()),
                      "widen the window; trace info shows what is dropped and why"});
  return rows;
}

}  // namespace

Result<ConvertedTrace> convert_trace(const TraceSpec& trace, const std::string& out, bool as_csv) {
  if (Problems problems = check_trace_spec(trace); !problems.empty()) return problems;
  try {
    TextBuffer text(trace.file);
    const FormatRow& format = recognise_format(text, trace.format, trace.time_column);
    if (format.content != Content::arrivals)
      return Error{trace.file, fmt::format("format {} holds no single arrivals", format.name),
                   "counts and values are small as they are, and are replayed from the file"};
    RowReader reader(std::move(text), format, trace);
    ConvertedTrace done{.format = std::string(format.name)};
    if (as_csv) {
      CsvTraceWriter writer(out, reader);
      done.rows = each_row(reader, trace, [&](const TraceRow& row) { writer.add(row); });
      writer.finish();
    } else {
      BinaryWriter writer(out);
      done.rows = each_row(reader, trace, [&](const TraceRow& row) { writer.add(row); });
      writer.finish({.rows_recorded = reader.rows(),
                     .moved = reader.moved(),
                     .first_ns = reader.first_ns(),
                     .wall_clock = reader.is_wall_clock(),
                     .has_size = reader.has_size(),
                     .has_deadline = reader.has_deadline(),
                     .has_service = reader.has_service(),
                     .format = done.format,
                     .dropped = reader.dropped()});
    }
    done.moved = reader.moved();
    const DropCounts dropped = reader.dropped();
    for (const auto& [reason, rows] : dropped.by_reason()) done.dropped += rows;
    return done;
  } catch (const InputError& error) {
    return error.error();
  }
}

}  // namespace windtunnel
