#include "sim/workload/minute_table.hpp"

#include <fmt/format.h>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kMinuteNs = 60'000'000'000;
constexpr std::size_t kMostCells = 20'000'000;  // minutes x rows of the map

}  // namespace

MinuteTable::MinuteTable(TextBuffer text, const FormatRow& format, const TraceSpec& spec) : where_(text.path()) {
  RecordReader records(std::move(text), format);
  const std::string needed_by = fmt::format("format {}", format.name);
  const std::size_t first = *records.column(format.first_minute, needed_by);
  const auto label =
      records.column(spec.label_column.empty() ? format.label : std::string_view(spec.label_column), needed_by);
  minutes_ = records.columns() - first;
  const MapRows map(spec.map);
  if (minutes_ * map.size() > kMostCells) records.fail("the map has too many rows for so many minutes", "map fewer");
  calls_.assign(map.size(), std::vector<std::uint64_t>(minutes_));
  std::uint64_t unmapped = 0;
  while (records.next()) {
    const std::int64_t target = map.of(records.cell(*label));
    for (std::size_t minute = 0; minute < minutes_; ++minute) {
      std::uint64_t count = 0;
      const std::string_view cell = records.cell(first + minute);
      if (const std::string wrong = parse_count(cell, count); !wrong.empty())
        records.fail(fmt::format("{}: {} {}", records.name(first + minute), in_quotes(cell), wrong),
                     "a count is a whole number, 0 or more");
      if (target < 0) {
        unmapped += count;
        continue;
      }
      std::uint64_t& sum = calls_[static_cast<std::size_t>(target)][minute];
      sum += count;
      if (sum > kMaxBinCount)
        records.fail(fmt::format("minute {} has more than 10 000 000 calls", minute + 1), "map fewer functions");
    }
  }
  rows_ = records.records();
  if (rows_ == 0) records.fail("the file has a header and no row", "a trace has at least one row");
  if (unmapped > 0) dropped_.emplace_back("not in map", unmapped);
  if (records.headers_again() > 0) dropped_.emplace_back("header again", records.headers_again());
}

bool MinuteTable::next(CountBin& bin) {
  if (minute_ == minutes_) return false;
  bin = {.begin_ns = static_cast<std::int64_t>(minute_) * kMinuteNs,
         .width_ns = kMinuteNs,
         .count = calls_[target_][minute_],
         .target = static_cast<std::uint32_t>(target_)};
  if (++target_ == calls_.size()) {
    target_ = 0;
    ++minute_;
  }
  return true;
}

}  // namespace windtunnel
