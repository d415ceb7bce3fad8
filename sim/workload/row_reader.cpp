#include "sim/workload/row_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/core/error.hpp"
#include "sim/workload/timestamp.hpp"

namespace windtunnel {
namespace {

constexpr double kMaxSize = 1e9;  // items of one query

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (out.size() > 400) return out + ", ...";
    out += (out.empty() ? "" : ", ") + in_quotes(name);
  }
  return out;
}

}  // namespace

RowReader::RowReader(TextBuffer text, const FormatRow& format, const TraceSpec& spec)
    : lines_(std::move(text)),
      format_(format),
      own_size_column_(!spec.size_column.empty()),
      size_per_unit_(own_size_column_ ? spec.size_per_unit : 1) {
  std::span<char> line;
  if (!lines_.next(line)) fail("the file has no header", "the first line names the columns");
  split_cells(line, cells_);
  names_.assign(cells_.begin(), cells_.end());
  for (const std::string_view name : format.required) column(name, true);
  time_ = column(format.time, true);
  label_ = column(format.label, false);
  size_ = own_size_column_ ? column(spec.size_column, true) : column(format.size, false);
  deadline_ = column(format.deadline, false);
  status_ = column(format.status, false);
}

RowReader::Column RowReader::column(std::string_view name, bool needed) const {
  if (name.empty()) return {};
  const auto begin = names_.begin(), end = names_.end();
  const auto found = std::find(begin, end, name);
  if (found == end) {
    if (needed)
      fail(fmt::format(
               "there is no column {}, which {} needs", in_quotes(name),
               name == format_.time || !own_size_column_ ? fmt::format("format {}", format_.name) : "size_column"),
           "the header has: " + joined(names_));
    return {};
  }
  if (std::find(found + 1, end, name) != end)
    fail(fmt::format("the column {} is there twice", in_quotes(name)), "column names must differ");
  return static_cast<std::size_t>(found - begin);
}

bool RowReader::next(TraceRow& row) {
  try {
    return read(row);
  } catch (const InputError&) {
    lines_.check_rest();  // a damaged gzip file gives rubbish rows before its checksum shows it
    throw;
  }
}

bool RowReader::read(TraceRow& row) {
  std::span<char> line;
  while (lines_.next(line)) {
    split_cells(line, cells_);
    if (cells_.size() != names_.size())
      fail(fmt::format("the row has {} cells, the header {}", cells_.size(), names_.size()),
           "cells that hold a comma need quotation marks");
    ++rows_;
    row.at_ns = read_stamp(cells_[*time_]);
    if (is_dropped() || !read_size(row.size)) continue;
    row.label = label_ ? cells_[*label_] : std::string_view{};
    row.deadline = deadline_ ? read_deadline(cells_[*deadline_]) : Duration{};
    return true;
  }
  if (rows_ == 0) fail("the file has a header and no row", "a trace has at least one row");
  return false;
}

bool RowReader::is_dropped() {
  if (status_) {
    for (const std::string_view status : format_.dropped_statuses) {
      if (cells_[*status_] != status) continue;
      dropped_.add(status);
      return true;
    }
  }
  if (!format_.label_needed || !cells_[*label_].empty()) return false;
  dropped_.add("no model");
  return true;
}

std::int64_t RowReader::read_stamp(std::string_view cell) {
  if (rows_ == 1) wall_clock_ = looks_like_wall_clock(cell);
  const Stamp stamp = wall_clock_ ? parse_wall_clock(cell) : parse_seconds(cell);
  if (!stamp.wrong.empty())
    fail(fmt::format("{}: {} {}", format_.time, in_quotes(cell), stamp.wrong),
         wall_clock_ ? "a file's stamps are all wall clocks, like the first row's"
                     : "stamps are seconds (0 to 4.6e9; divide milliseconds by 1000) or wall clocks, all alike");
  if (rows_ == 1)
    first_ns_ = stamp.ns;
  else if (stamp.ns < last_ns_)
    check_order(stamp.ns);
  last_ns_ = stamp.ns;
  return stamp.ns;
}

void RowReader::check_order(std::int64_t at_ns) const {
  const std::string_view hint = "sort the trace by arrival";
  if (wall_clock_)
    fail(fmt::format("arrival {} comes before the previous row's {}", format_wall_clock(at_ns),
                     format_wall_clock(last_ns_)),
         std::string(hint));
  fail(
      fmt::format("arrival {} s comes before the previous row's {} s", format_seconds(at_ns), format_seconds(last_ns_)),
      std::string(hint));
}

bool RowReader::read_size(float& size) {
  size = 1;
  if (!size_) return true;
  const std::string_view cell = cells_[*size_];
  double value = 0;
  if (!cell.empty()) {
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size())
      fail(fmt::format("{}: {} is not a number", names_[*size_], in_quotes(cell)), "a size is a number of items");
  }
  if (format_.lenient_size && !own_size_column_ && (cell.empty() || value <= 0)) return true;
  if (cell.empty() && !own_size_column_) return true;
  value *= size_per_unit_;
  if (value == 0 && own_size_column_) {
    dropped_.add("no size");
    return false;
  }
  if (!(value > 0) || value > kMaxSize)
    fail(fmt::format("{}: {} is outside (0, 1e9]", names_[*size_], in_quotes(cell)), "a size is a number of items");
  size = static_cast<float>(value);
  return true;
}

Duration RowReader::read_deadline(std::string_view cell) const {
  if (cell.empty()) return {};
  const Stamp stamp = parse_seconds(cell);
  if (!stamp.wrong.empty())
    fail(fmt::format("{}: {} {}", format_.deadline, in_quotes(cell), stamp.wrong),
         "a deadline is seconds after arrival, empty for none");
  return Duration{stamp.ns};
}

void RowReader::fail(std::string what, std::string hint) const {
  throw InputError({where(), std::move(what), std::move(hint)});
}

}  // namespace windtunnel
