#include "sim/workload/minute_table.hpp"

#include <fmt/format.h>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kMinuteNs = 60'000'000'000;
constexpr std::size_t kMostCells = 20'000'000;  // minutes x rows of the map, or calls by function and minute

}  // namespace

MinuteTable::MinuteTable(TextBuffer text, const FormatRow& format, const TraceSpec& spec)
    : where_(text.path()), labels_(spec) {
  if (!spec.durations.empty()) durations_ = std::make_unique<DurationTable>(spec, format.durations);
  RecordReader records(std::move(text), format);
  const std::string needed_by = fmt::format("format {}", format.name);
  const std::size_t first = *records.column(format.first_minute, needed_by);
  const std::size_t label =
      *records.column(spec.label_column.empty() ? format.label : std::string_view(spec.label_column), needed_by);
  minutes_ = records.columns() - first;
  if (minutes_ * labels_.targets() > kMostCells)
    records.fail("the map has too many rows for so many minutes", "map fewer");
  calls_.assign(labels_.targets(), std::vector<std::uint64_t>(minutes_));
  if (durations_) cells_.resize(minutes_);
  while (records.next()) read_row(records, first, label);
  rows_ = records.records();
  if (rows_ == 0) records.fail("the file has a header and no row", "a trace has at least one row");
  if (unmapped_ > 0) dropped_.emplace_back("not in map", unmapped_);
  if (without_duration_ > 0) dropped_.emplace_back("no duration", without_duration_);
  if (records.headers_again() > 0) dropped_.emplace_back("header again", records.headers_again());
}

void MinuteTable::read_row(const RecordReader& records, std::size_t first, std::size_t label) {
  const std::uint32_t number = labels_.number(records.cell(label));
  if (number == LabelTable::kFull) records.fail("over 1 000 000 different labels", "leave out some");
  if (durations_ && number == laws_.size()) laws_.push_back(durations_->find(records.cell(label)));
  const std::int64_t target = labels_.target(number);
  for (std::size_t minute = 0; minute < minutes_; ++minute) {
    std::uint64_t count = 0;
    const std::string_view cell = records.cell(first + minute);
    if (const std::string wrong = parse_count(cell, count); !wrong.empty())
      records.fail(fmt::format("{}: {} {}", records.name(first + minute), in_quotes(cell), wrong),
                   "a count is a whole number, 0 or more");
    if (target < 0) {
      unmapped_ += count;
    } else if (durations_ && laws_[number] == nullptr) {
      without_duration_ += count;
      continue;
    } else {
      std::uint64_t& sum = calls_[static_cast<std::size_t>(target)][minute];
      sum += count;
      if (sum > kMaxBinCount)
        records.fail(fmt::format("minute {} has more than 10 000 000 calls", minute + 1), "map fewer functions");
      if (durations_ && count > 0) {
        cells_[minute].push_back({number, static_cast<std::uint32_t>(count)});
        if (++cell_count_ > kMostCells)
          records.fail("over 20 000 000 counts that are not 0", "map fewer functions, or leave out durations");
      }
    }
    labels_.add(number, static_cast<double>(count), static_cast<std::int64_t>(minute) * kMinuteNs, kMinuteNs);
  }
}

bool MinuteTable::next(CountBin& bin) {
  if (minute_ == minutes_) return false;
  bin = {.begin_ns = static_cast<std::int64_t>(minute_) * kMinuteNs, .width_ns = kMinuteNs};
  if (durations_) return next_of_functions(bin);
  bin.count = calls_[target_][minute_];
  bin.target = static_cast<std::uint32_t>(target_);
  if (++target_ == calls_.size()) {
    target_ = 0;
    ++minute_;
  }
  return true;
}

/// A bin for each function called in the minute; an empty one where none was.
bool MinuteTable::next_of_functions(CountBin& bin) {
  const auto& cells = cells_[minute_];
  if (!cells.empty()) {
    const Cell& cell = cells[target_];
    bin.count = cell.count;
    bin.target = static_cast<std::uint32_t>(labels_.target(cell.label));
    bin.duration = laws_[cell.label];
  }
  if (++target_ >= cells.size()) {
    target_ = 0;
    ++minute_;
  }
  return true;
}

}  // namespace windtunnel
