#include "sim/workload/trace_info.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "sim/workload/counts_reader.hpp"
#include "sim/workload/row_reader.hpp"
#include "sim/workload/timestamp.hpp"
#include "sim/workload/trace_check.hpp"
#include "sim/workload/trace_statistics.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::size_t kMaxLabels = 65'536;
constexpr std::size_t kShownLabels = 20;

struct Window {
  std::int64_t from_ns, to_ns;
};

Window window_of(const TraceSpec& trace) {
  return {trace.from.value_or(Duration{}).count(),
          trace.to.value_or(Duration{std::numeric_limits<std::int64_t>::max()}).count()};
}

/// Label counts with a bounded number of labels.
class LabelCounts {
 public:
  void add(std::string_view label) {
    auto found = counts_.find(label);
    if (found == counts_.end()) {
      if (counts_.size() == kMaxLabels) return;
      found = counts_.emplace(label, 0).first;
    }
    ++found->second;
  }
  [[nodiscard]] std::uint64_t distinct() const { return counts_.size(); }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> most_frequent() const {
    std::vector<std::pair<std::string, std::uint64_t>> out(counts_.begin(), counts_.end());
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    if (out.size() > kShownLabels) out.resize(kShownLabels);
    return out;
  }

 private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

void fill_rates(TraceInfo& info, const BinCounts& seconds, const BinCounts& minutes) {
  info.idc_1s = seconds.dispersion();
  info.idc_60s = minutes.dispersion();
  if (info.span_s <= 0 || info.queries == 0) return;
  const double mean = static_cast<double>(info.queries) / info.span_s;
  info.rate_mean_per_s = mean;
  info.peak_over_mean_1s = static_cast<double>(seconds.max()) / (mean * seconds.width_s());
  info.peak_over_mean_60s = static_cast<double>(minutes.max()) / (mean * minutes.width_s());
}

TraceInfo info_of_rows(RowReader reader, const TraceSpec& trace) {
  TraceInfo info;
  const Window window = window_of(trace);
  BinCounts seconds(kSecondNs), minutes(60 * kSecondNs);
  GapSums gaps;
  LabelCounts labels;
  TraceRow row;
  std::int64_t first_ns = 0, last_ns = 0, stamp_ns = 0;
  while (reader.next(row)) {
    const std::int64_t base_ns = trace.rebase || reader.is_wall_clock() ? reader.first_ns() : 0;
    const std::int64_t at_ns = row.at_ns - base_ns;
    if (at_ns < window.from_ns) continue;
    if (at_ns >= window.to_ns) break;
    if (info.queries == 0) {
      first_ns = at_ns;
      stamp_ns = row.at_ns;
    } else {
      gaps.add(at_ns - last_ns);
    }
    last_ns = at_ns;
    seconds.add(at_ns - first_ns);
    minutes.add(at_ns - first_ns);
    if (!row.label.empty()) labels.add(row.label);
    ++info.queries;
  }
  info.rows = reader.rows();
  info.dropped = reader.dropped().by_reason();
  info.span_s = to_seconds(Duration{last_ns - first_ns});
  info.cv_gaps = gaps.cv();
  info.longest_silence_s = gaps.max_s();
  if (reader.is_wall_clock() && info.queries > 0) info.start = format_wall_clock(stamp_ns);
  info.labels = labels.most_frequent();
  info.distinct_labels = labels.distinct();
  fill_rates(info, seconds, minutes);
  return info;
}

/// Whole seconds of the file that lie in the window.
TraceInfo info_of_counts(CountsReader reader, const TraceSpec& trace) {
  TraceInfo info;
  const Window window = window_of(trace);
  BinCounts seconds(kSecondNs), minutes(60 * kSecondNs);
  std::uint64_t count = 0, zeros = 0, longest = 0;
  std::int64_t bin_ns = 0;
  while (reader.next(count)) {
    const std::int64_t begin_ns = static_cast<std::int64_t>(reader.seconds() - 1) * kSecondNs;
    if (begin_ns < window.from_ns) continue;
    if (begin_ns > window.to_ns - kSecondNs) break;
    seconds.add(bin_ns, count);
    minutes.add(bin_ns, count);
    bin_ns += kSecondNs;
    info.queries += count;
    zeros = count == 0 ? zeros + 1 : 0;
    longest = std::max(longest, zeros);
  }
  seconds.close_until_time(bin_ns);
  minutes.close_until_time(bin_ns);
  info.rows = info.queries;
  info.span_s = to_seconds(Duration{bin_ns});
  info.longest_silence_s = static_cast<double>(longest);
  fill_rates(info, seconds, minutes);
  return info;
}

}  // namespace

Result<TraceInfo> trace_info(const TraceSpec& trace) {
  if (Problems problems = check_trace_spec(trace); !problems.empty()) return problems;
  try {
    TextBuffer text(trace.file);
    const FormatRow& format = recognise_format(text, trace.format);
    TraceInfo info = format.is_counts ? info_of_counts(CountsReader(std::move(text)), trace)
                                      : info_of_rows(RowReader(std::move(text), format, trace), trace);
    info.format = format.name;
    return info;
  } catch (const InputError& error) {
    return error.error();
  }
}

}  // namespace windtunnel
