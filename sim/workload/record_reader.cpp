#include "sim/workload/record_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/error.hpp"
#include "sim/workload/json_cells.hpp"

namespace windtunnel {
namespace {

std::string joined_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (out.size() > 400) return out + ", ...";
    out += (out.empty() ? "" : ", ") + in_quotes(name);
  }
  return out;
}

}  // namespace

RecordReader::RecordReader(TextBuffer text, const FormatRow& format, std::vector<std::string> also)
    : lines_(std::move(text), format.syntax != Syntax::json_lines),
      format_(format),
      json_(format.syntax == Syntax::json_lines) {
  read_header(also);
}

void RecordReader::read_header(const std::vector<std::string>& also) {
  std::span<char> line;
  if (!lines_.next(line)) fail("the file has no header", "the first line names the columns");
  if (!json_) {
    split_cells(line, cells_);
    names_.assign(cells_.begin(), cells_.end());
    return;
  }
  first_line_.assign(line.data(), line.size());
  first_waits_ = true;
  names_ = json_keys(first_line_);
  if (names_.empty()) {
    std::vector<std::string_view> none;
    const std::string_view wrong = json_cells(line, {}, none);
    fail(fmt::format("{} {}", in_quotes(first_line_), wrong.empty() ? "has no keys" : wrong),
         "each line is one JSON object");
  }
  // Keys that may be missing in the first object only.
  std::vector<std::string> known(also);
  for (const std::string_view name : {format_.label, format_.size, format_.deadline, format_.service})
    known.emplace_back(name);
  for (const DropRule& rule : format_.drops) known.emplace_back(rule.column);
  for (std::string& name : known)
    if (!name.empty() && std::find(names_.begin(), names_.end(), name) == names_.end())
      names_.push_back(std::move(name));
}

RecordReader::Column RecordReader::column(std::string_view names, std::string_view needed_by) const {
  for (std::string_view rest = names; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find('|'));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) continue;
    if (!json_ && std::find(found + 1, names_.end(), name) != names_.end())
      fail(fmt::format("the column {} is there twice", in_quotes(name)), "column names must differ");
    return static_cast<std::size_t>(found - names_.begin());
  }
  if (!needed_by.empty())
    fail(fmt::format("there is no column {}, which {} needs", in_quotes(names), needed_by),
         "the header has: " + joined_names(names_));
  return {};
}

bool RecordReader::next() {
  if (first_waits_) {
    first_waits_ = false;
    ++records_;
    json_cells({first_line_.data(), first_line_.size()}, names_, cells_);  // json_keys() has found it well formed
    return true;
  }
  if (json_) return next_slowly();
  while (lines_.next_cells(cells_)) {
    if (cells_[0] == names_[0] && is_header_again()) {
      ++headers_again_;
      continue;
    }
    ++records_;
    return true;
  }
  return next_slowly();
}

/// Whatever the line is like.
bool RecordReader::next_slowly() {
  std::span<char> line;
  while (lines_.next(line)) {
    if (json_) {
      if (const std::string_view wrong = json_cells(line, names_, cells_); !wrong.empty()) {
        if (line.front() == '{') fail(fmt::format("the line {}", wrong), "each line is one JSON object");
        fail(fmt::format("{} is not a JSON object, in a file that began as JSON lines",
                         in_quotes({line.data(), line.size()})),
             "give each its own file");
      }
      ++records_;
      return true;
    }
    if (lines_.needs_care())
      split_cells(line, cells_);
    else
      split_plain_cells({line.data(), line.size()}, cells_);
    if (cells_.size() == names_.size() && !(cells_[0] == names_[0] && is_header_again())) {
      ++records_;
      return true;
    }
    if (is_header_again()) {
      ++headers_again_;
      continue;
    }
    if (const FormatRow* other = format_of_header(cells_, Syntax::csv))
      fail(fmt::format("here begins a table of format {} in a file of format {}", other->name, format_.name),
           "give each its own file");
    if (!cells_[0].empty() && cells_[0].front() == '{')
      fail("the row is a JSON object, in a file that began as CSV", "give each its own file");
    fail(fmt::format("the row has {} cells, the header {}", cells_.size(), names_.size()),
         "cells that hold a comma need quotation marks");
  }
  return false;
}

bool RecordReader::is_header_again() {
  return std::equal(cells_.begin(), cells_.end(), names_.begin(), names_.end());
}

void RecordReader::fail(std::string what, std::string hint) const {
  throw InputError({lines_.where(), std::move(what), std::move(hint)});
}

}  // namespace windtunnel
