#include "sim/workload/timed_counts.hpp"

#include <fmt/format.h>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kWidestNs = 86'400'000'000'000;  // a day: a longer stretch is a hole in the recording
constexpr std::int64_t kWidestFirstNs = 366 * kWidestNs;

}  // namespace

TimedCounts::TimedCounts(TextBuffer text, const FormatRow& format, const TraceSpec& spec)
    : records_(std::move(text), format),
      time_(*records_.column(spec.time_column.empty() ? format.time : std::string_view(spec.time_column),
                             fmt::format("format {}", format.name))),
      count_(*records_.column(format.count, fmt::format("format {}", format.name))),
      stamps_(format, spec, records_.name(time_)),
      target_(static_cast<std::uint32_t>(MapRows(spec.map).of("*"))) {
  ahead_ = read();
  if (!ahead_) records_.fail("the file has a header and no row", "a trace has at least one row");
}

std::optional<TimedCounts::Row> TimedCounts::read() {
  if (!records_.next()) return {};
  Row row{.at_ns = stamps_.read(records_.cell(time_), records_), .count = 0};
  const std::string wrong = parse_count(records_.cell(count_), row.count);
  if (!wrong.empty())
    records_.fail(fmt::format("{}: {} {}", records_.name(count_), in_quotes(records_.cell(count_)), wrong),
                  "a count is a whole number, 0 or more");
  if (ahead_ && row.at_ns <= ahead_->at_ns)
    records_.fail(fmt::format("the stamp {} does not come after the previous row's {}", stamps_.shown(row.at_ns),
                              stamps_.shown(ahead_->at_ns)),
                  "sort the rows by time, one for each stretch");
  return row;
}

bool TimedCounts::next(CountBin& bin) {
  if (!ahead_) return false;
  const Row row = *ahead_;
  const auto following = read();
  if (following) {
    const std::int64_t gap_ns = following->at_ns - row.at_ns;
    if (width_ns_ == 0 && gap_ns > kWidestFirstNs)
      records_.fail("the first two rows are over a year apart, so how long one counts cannot be told",
                    "leave out the first row");
    // Behind a hole in the recording a row counts no longer stretch than the one before it did.
    width_ns_ = width_ns_ > 0 && gap_ns > kWidestNs ? width_ns_ : gap_ns;
  } else if (width_ns_ == 0) {
    records_.fail("a single row of counts does not tell how long it counts", "give at least two rows");
  }
  ahead_ = following;
  bin = {.begin_ns = row.at_ns, .width_ns = width_ns_, .count = row.count, .target = target_};
  return true;
}

std::vector<std::pair<std::string, std::uint64_t>> TimedCounts::dropped() const {
  if (records_.headers_again() == 0) return {};
  return {{"header again", records_.headers_again()}};
}

}  // namespace windtunnel
