#include "sim/workload/timed_counts.hpp"

#include <fmt/format.h>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kWidestNs = 86'400'000'000'000;  // a day: a longer stretch is a hole in the recording
constexpr std::int64_t kWidestFirstNs = 366 * kWidestNs;
constexpr std::size_t kMostAtOnce = 1'000'000;

}  // namespace

TimedCounts::TimedCounts(TextBuffer text, const FormatRow& format, const TraceSpec& spec)
    : records_(std::move(text), format),
      time_(*records_.column(spec.time_column.empty() ? format.time : std::string_view(spec.time_column),
                             fmt::format("format {}", format.name))),
      stamps_(format, spec, records_.name(time_)),
      labels_(spec),
      now_(labels_.targets()),
      target_(now_.size()) {
  find_counts(format, spec);
  row_waits_ = read_row();
  if (!row_waits_) records_.fail("the file has a header and no row", "a trace has at least one row");
  base_ns_ = row_.at_ns;
}

void TimedCounts::find_counts(const FormatRow& format, const TraceSpec& spec) {
  if (format.count == kEachOtherColumn) {
    for (std::size_t column = 0; column < records_.columns(); ++column) {
      if (column == time_) continue;
      columns_.push_back(column);
      heads_.push_back(number_of(records_.name(column)));
    }
    if (columns_.empty()) records_.fail("there is no column of counts beside the times", "one for each label");
    return;
  }
  columns_.push_back(*records_.column(format.count, fmt::format("format {}", format.name)));
  label_ =
      spec.label_column.empty() ? records_.column(format.label) : records_.column(spec.label_column, "label_column");
  if (label_) return;
  heads_.push_back(number_of({}));
  if (labels_.target(heads_.front()) < 0)
    records_.fail(fmt::format("the counts carry no labels{}, and the map has no row \"*\"",
                              format.label.empty() ? "" : fmt::format(" (column {})", format.label)),
                  "add \"*\": <model> to the map");
}

std::uint32_t TimedCounts::number_of(std::string_view label) {
  const std::uint32_t number = labels_.number(label);
  if (number == LabelTable::kFull) records_.fail("over 1 000 000 different labels", "leave out some");
  return number;
}

/// Reads a row into row_; false at the end of the file.
bool TimedCounts::read_row() {
  if (!records_.next()) return false;
  const std::int64_t at_ns = stamps_.read(records_.cell(time_), records_);
  if (row_waits_ && (label_ ? at_ns < row_.at_ns : at_ns <= row_.at_ns))
    records_.fail(fmt::format("the stamp {} does not come after the previous row's {}", stamps_.shown(at_ns),
                              stamps_.shown(row_.at_ns)),
                  "sort the rows by time, one for each stretch");
  row_.at_ns = at_ns;
  row_.counts.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::uint64_t count = 0;
    const std::string_view cell = records_.cell(columns_[i]);
    if (const std::string wrong = parse_count(cell, count); !wrong.empty())
      records_.fail(fmt::format("{}: {} {}", records_.name(columns_[i]), in_quotes(cell), wrong),
                    "a count is a whole number, 0 or more");
    row_.counts.push_back({label_ ? number_of(records_.cell(*label_)) : heads_[i], count});
  }
  return true;
}

/// Sums the rows of the next stamp up by what the map says.
bool TimedCounts::next_stretch() {
  if (!row_waits_) return false;
  std::vector<Count> counts;
  now_ns_ = row_.at_ns;
  do {
    counts.insert(counts.end(), row_.counts.begin(), row_.counts.end());
    if (counts.size() > kMostAtOnce) records_.fail("over 1 000 000 counts of one stamp", "check the column of times");
    row_waits_ = read_row();
  } while (row_waits_ && row_.at_ns == now_ns_);
  const std::int64_t width_ns = width_of_stretch();
  now_.assign(now_.size(), 0);
  for (const Count& count : counts) {
    labels_.add(count.label, static_cast<double>(count.queries), now_ns_ - base_ns_, width_ns);
    const std::int64_t target = labels_.target(count.label);
    if (target < 0) {
      unmapped_ += count.queries;
      continue;
    }
    std::uint64_t& sum = now_[static_cast<std::size_t>(target)];
    sum += count.queries;
    if (sum > kMaxBinCount)
      records_.fail(fmt::format("the stretch from {} has more than 10 000 000 queries", stamps_.shown(now_ns_)),
                    "map fewer labels, or export a narrower step");
  }
  target_ = 0;
  return true;
}

/// How long the stretch counts that was just read.
std::int64_t TimedCounts::width_of_stretch() {
  if (row_waits_) {
    const std::int64_t gap_ns = row_.at_ns - now_ns_;
    if (width_ns_ == 0 && gap_ns > kWidestFirstNs)
      records_.fail("the first two rows are over a year apart, so how long one counts cannot be told",
                    "leave out the first row");
    // Behind a hole in the recording a row counts no longer stretch than the one before it did.
    width_ns_ = width_ns_ > 0 && gap_ns > kWidestNs ? width_ns_ : gap_ns;
  } else if (width_ns_ == 0) {
    records_.fail("a single row of counts does not tell how long it counts", "give at least two rows");
  }
  return width_ns_;
}

bool TimedCounts::next(CountBin& bin) {
  if (target_ == now_.size() && !next_stretch()) return false;
  bin = {.begin_ns = now_ns_,
         .width_ns = width_ns_,
         .count = now_[target_],
         .target = static_cast<std::uint32_t>(target_)};
  ++target_;
  return true;
}

std::vector<std::pair<std::string, std::uint64_t>> TimedCounts::dropped() const {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  if (unmapped_ > 0) out.emplace_back("not in map", unmapped_);
  if (records_.headers_again() > 0) out.emplace_back("header again", records_.headers_again());
  return out;
}

}  // namespace windtunnel
