#include "sim/workload/row_source.hpp"

#include <algorithm>
#include <limits>

#include "sim/core/error.hpp"
#include "sim/workload/timestamp.hpp"
#include "sim/workload/trace_window.hpp"

namespace windtunnel {
namespace {

std::optional<Law> size_law(const WorkloadSpec& spec, const RowReader& reader) {
  return reader.has_size() ? std::nullopt : spec.size;  // a trace's own size wins
}

}  // namespace

RowSource::RowSource(RowReader reader, const WorkloadSpec& spec, const RngStreams& streams, int target_count)
    : reader_(std::move(reader)),
      map_(trace_of(spec).map),
      mapped_(!trace_of(spec).map.empty()),
      rebase_(trace_of(spec).rebase),
      from_ns_(trace_of(spec).from.value_or(Duration{}).count()),
      to_ns_(trace_of(spec).to.value_or(Duration{kNoEndNs}).count()),
      keep_share_(trace_of(spec).rate_scale.factor),
      scale_(streams.stream("scale/" + spec.name)),
      draws_(streams, spec.name, size_law(spec, reader_), mapped_ ? 1 : target_count),
      limit_(spec.queries.value_or(std::numeric_limits<std::uint64_t>::max())) {
  if (keep_share_ > 1) spreader_.emplace(keep_share_, scale_);
}

std::size_t RowSource::next(std::span<Arrival> out) {
  out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), limit_ - made_)));
  std::size_t filled = 0;
  while (filled < out.size() && !ended_) {
    if (next_query(out[filled]))
      ++filled;
    else
      ended_ = true;
  }
  made_ += filled;
  draws_(out.first(filled));
  return filled;
}

bool RowSource::next_query(Arrival& out) {
  if (!spreader_) return next_row(out);
  if (!spreader_->next(out, [this](Arrival& row) { return next_row(row); })) return false;
  return to_ns_ == kNoEndNs || out.at.time_since_epoch().count() < to_ns_ - (rebase_ ? from_ns_ : 0);
}

bool RowSource::next_row(Arrival& out) {
  TraceRow row;
  while (reader_.next(row)) {
    if (!rebase_ && reader_.is_wall_clock())
      throw InputError({reader_.where(),
                        "the stamps are wall clocks (" + format_wall_clock(row.at_ns) +
                            "), which cannot be replayed with rebase: false",
                        "leave rebase on, or give the stamps in seconds"});
    const std::int64_t at_ns = row.at_ns - (rebase_ ? reader_.first_ns() : 0);
    if (at_ns < from_ns_) continue;
    if (at_ns >= to_ns_) return false;
    const SimTime at{Duration{at_ns - (rebase_ ? from_ns_ : 0)}};
    last_row_at_ = at;
    if (keep_share_ < 1 && !(scale_.uniform() < keep_share_)) continue;
    std::uint32_t target = 0;
    if (mapped_ && !find_target(row, target)) {
      unmapped_.add("not in map");
      continue;
    }
    ++counts_.rows;
    out = {.at = at, .size = row.size, .target = target, .deadline = row.deadline};
    return true;
  }
  return false;
}

bool RowSource::find_target(const TraceRow& row, std::uint32_t& target) {
  if (targets_.size() <= row.label_number) targets_.resize(row.label_number + 1, -2);
  std::int32_t& known = targets_[row.label_number];
  if (known == -2) known = static_cast<std::int32_t>(map_.take(row.label));
  target = static_cast<std::uint32_t>(known);
  return known >= 0;
}

SourceCounts RowSource::counts() const {
  SourceCounts counts = counts_;
  counts.dropped = reader_.dropped().by_reason();
  counts.moved = reader_.moved();
  for (const auto& reason : unmapped_.by_reason()) counts.dropped.push_back(reason);
  if (mapped_) map_.note_unused(counts);
  return counts;
}

}  // namespace windtunnel
