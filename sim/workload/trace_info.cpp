#include "sim/workload/trace_info.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

#include "sim/workload/client_windows.hpp"
#include "sim/workload/count_bins.hpp"
#include "sim/workload/duration_table.hpp"
#include "sim/workload/row_reader.hpp"
#include "sim/workload/timestamp.hpp"
#include "sim/workload/trace_check.hpp"
#include "sim/workload/trace_statistics.hpp"
#include "sim/workload/value_sample.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::size_t kShownLabels = 20;

struct Window {
  std::int64_t from_ns, to_ns;
};

Window window_of(const TraceSpec& trace) {
  return {trace.from.value_or(Duration{}).count(),
          trace.to.value_or(Duration{std::numeric_limits<std::int64_t>::max()}).count()};
}

/// @param labels  label and queries, by number
void fill_labels(TraceInfo& info, std::vector<std::pair<std::string, std::uint64_t>> labels) {
  std::erase_if(labels, [](const auto& label) { return label.second == 0 || label.first.empty(); });
  std::sort(labels.begin(), labels.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  info.distinct_labels = labels.size();
  if (labels.size() > kShownLabels) labels.resize(kShownLabels);
  info.labels = std::move(labels);
}

constexpr std::int64_t kHourNs = 3'600'000'000'000;
constexpr std::size_t kSilences = 5;

/// Queries by hour of the day.
class DayCurve {
 public:
  void add(std::int64_t clock_ns, std::uint64_t queries) {
    if (clock_ns < begin_ns_ || clock_ns - begin_ns_ >= kHourNs) turn_to(clock_ns);
    queries_[now_] += static_cast<double>(queries);
  }
  /// Mean rate in each hour, over the time that [begin, end) spends in it; empty under six hours.
  [[nodiscard]] std::vector<std::optional<double>> rates(std::int64_t begin_ns, std::int64_t end_ns) const {
    if (end_ns - begin_ns < 6 * kHourNs) return {};
    constexpr std::int64_t kDayNs = 24 * kHourNs;
    const std::int64_t days = (end_ns - begin_ns) / kDayNs;
    std::vector<double> spent_s(24, static_cast<double>(days) * 3600);
    std::int64_t at_ns = begin_ns + days * kDayNs;
    while (at_ns < end_ns) {
      const std::int64_t hour = at_ns / kHourNs - (at_ns % kHourNs < 0 ? 1 : 0);
      const std::int64_t next_ns = std::min(end_ns, (hour + 1) * kHourNs);
      spent_s[static_cast<std::size_t>((hour % 24 + 24) % 24)] += to_seconds(Duration{next_ns - at_ns});
      at_ns = next_ns;
    }
    std::vector<std::optional<double>> out(24);
    for (std::size_t hour = 0; hour < 24; ++hour)
      if (spent_s[hour] > 0) out[hour] = queries_[hour] / spent_s[hour];
    return out;
  }

 private:
  void turn_to(std::int64_t clock_ns) {
    const std::int64_t hour = clock_ns / kHourNs - (clock_ns % kHourNs < 0 ? 1 : 0);
    begin_ns_ = hour * kHourNs;
    now_ = static_cast<std::size_t>((hour % 24 + 24) % 24);
  }
  std::array<double, 24> queries_{};
  std::int64_t begin_ns_ = 0;  // of the hour of the last ones
  std::size_t now_ = 0;
};

void keep_longest(std::vector<Silence>& silences, Silence silence) {
  if (silence.length_s <= 0 || (silences.size() == kSilences && silence.length_s <= silences.back().length_s)) return;
  const auto at = std::upper_bound(silences.begin(), silences.end(), silence,
                                   [](const Silence& a, const Silence& b) { return a.length_s > b.length_s; });
  silences.insert(at, silence);
  if (silences.size() > kSilences) silences.pop_back();
}

void fill_rates(TraceInfo& info, const BinCounts* seconds, const BinCounts* minutes) {
  if (seconds != nullptr) info.idc_1s = seconds->dispersion();
  if (minutes != nullptr) info.idc_60s = minutes->dispersion();
  if (info.span_s <= 0 || info.queries == 0) return;
  const double mean = static_cast<double>(info.queries) / info.span_s;
  info.rate_mean_per_s = mean;
  if (seconds != nullptr) info.peak_over_mean_1s = static_cast<double>(seconds->max()) / (mean * seconds->width_s());
  if (minutes != nullptr) info.peak_over_mean_60s = static_cast<double>(minutes->max()) / (mean * minutes->width_s());
}

TraceInfo info_of_rows(RowReader reader, const TraceSpec& trace) {
  TraceInfo info;
  const Window window = window_of(trace);
  BinCounts seconds(kSecondNs), minutes(60 * kSecondNs);
  GapSums gaps;
  DayCurve day;
  ValueSample service;
  std::vector<std::uint64_t> rows_of_label;   // by number
  std::vector<std::string_view> label_texts;  // which live as long as the reader
  TraceRow row;
  std::int64_t base_ns = 0, first_ns = 0, last_ns = 0, stamp_ns = 0;
  std::int64_t shown_gap_ns = 0;  // a gap above this is one of the silences
  bool started = false, wall_clock = false;
  while (reader.next(row)) {
    if (!started) {
      started = true;
      wall_clock = reader.is_wall_clock();
      base_ns = trace.rebase || wall_clock ? reader.first_ns() : 0;
    }
    const std::int64_t at_ns = row.at_ns - base_ns;
    if (at_ns < window.from_ns) continue;
    if (at_ns >= window.to_ns) break;
    if (info.queries == 0) {
      first_ns = last_ns = at_ns;
      stamp_ns = row.at_ns;
    } else {
      const std::int64_t gap_ns = at_ns - last_ns;
      gaps.add(gap_ns);
      if (gap_ns > shown_gap_ns) {
        keep_longest(info.silences, {to_seconds(Duration{last_ns - first_ns}), to_seconds(Duration{gap_ns})});
        if (info.silences.size() == kSilences) shown_gap_ns = to_duration(info.silences.back().length_s).count();
      }
    }
    last_ns = at_ns;
    seconds.add(at_ns - first_ns);
    minutes.add(at_ns - first_ns);
    day.add(wall_clock ? row.at_ns : at_ns - first_ns, 1);
    if (row.service_ns >= 0) service.add(to_seconds(Duration{row.service_ns}));
    if (rows_of_label.size() <= row.label_number) {
      rows_of_label.resize(row.label_number + 1);
      label_texts.resize(row.label_number + 1);
    }
    if (++rows_of_label[row.label_number] == 1) label_texts[row.label_number] = row.label;
    ++info.queries;
  }
  info.rows = reader.rows();
  info.dropped = reader.dropped().by_reason();
  info.moved = reader.moved();
  info.reorder_s = to_seconds(Duration{reader.reorder_ns()});
  info.span_s = to_seconds(Duration{last_ns - first_ns});
  info.cv_gaps = gaps.cv();
  info.longest_silence_s = gaps.max_s();
  if (reader.is_wall_clock() && info.queries > 0) info.start = format_wall_clock(stamp_ns);
  const std::int64_t day_ns = reader.is_wall_clock() ? stamp_ns : 0;
  info.day_curve_per_s = day.rates(day_ns, day_ns + last_ns - first_ns);
  for (const int percent : {5, 50, 75, 95, 99, 100})
    if (const auto value = service.quantile(percent / 100.0))
      info.service_time_quantiles_s.emplace_back(percent, *value);
  std::vector<std::pair<std::string, std::uint64_t>> labels;
  for (std::size_t number = 0; number < rows_of_label.size(); ++number)
    labels.emplace_back(label_texts[number], rows_of_label[number]);
  fill_labels(info, std::move(labels));
  fill_rates(info, &seconds, &minutes);
  return info;
}

/// Service times of counted queries from their labels' laws, of which each is taken at even shares.
void fill_durations(TraceInfo& info, const CountBins& bins,
                    const std::vector<std::pair<std::string, std::uint64_t>>& labels) {
  const std::size_t parts = std::clamp<std::size_t>(1'000'000 / std::max<std::size_t>(1, labels.size()), 8, 1000);
  std::vector<std::pair<double, double>> values;  // seconds, queries
  double all = 0;
  for (const auto& [label, queries] : labels) {
    const DurationLaw* law = queries > 0 ? bins.duration_of(label) : nullptr;
    if (law == nullptr) continue;
    const double weight = static_cast<double>(queries) / static_cast<double>(parts);
    for (std::size_t part = 0; part < parts; ++part)
      values.emplace_back(law->at((static_cast<double>(part) + 0.5) / static_cast<double>(parts)), weight);
    all += static_cast<double>(queries);
  }
  std::sort(values.begin(), values.end());
  std::size_t at = 0;
  double passed = 0;
  for (const int percent : {5, 50, 75, 95, 99}) {
    while (at < values.size() && passed + values[at].second < all * percent / 100) passed += values[at++].second;
    if (at < values.size()) info.service_time_quantiles_s.emplace_back(percent, values[at].first);
  }
}

/// Bins of the file that lie in the window whole.
TraceInfo info_of_counts(const std::unique_ptr<CountBins>& bins, const TraceSpec& trace) {
  TraceInfo info;
  const Window window = window_of(trace);
  BinCounts seconds(kSecondNs), minutes(60 * kSecondNs);
  DayCurve day;
  CountBin bin;
  std::int64_t base_ns = 0, first_ns = 0, end_ns = 0, quiet_ns = 0, widest_ns = 0;
  std::int64_t stretch_ns = -1;
  std::uint64_t stretch_queries = 0;
  double peak_per_s = 0;
  bool started = false, any = false;
  const auto close_silence = [&](std::int64_t at_ns) {
    keep_longest(info.silences, {to_seconds(Duration{quiet_ns - first_ns}), to_seconds(Duration{at_ns - quiet_ns})});
  };
  while (bins->next(bin)) {
    if (!started) base_ns = bin.begin_ns;
    started = true;
    const std::int64_t begin_ns = bin.begin_ns - base_ns;
    if (begin_ns < window.from_ns) continue;
    if (begin_ns > window.to_ns - bin.width_ns) break;
    if (!any) {
      first_ns = quiet_ns = begin_ns;
      if (bins->is_wall_clock()) info.start = format_wall_clock(bin.begin_ns);
    }
    any = true;
    end_ns = begin_ns + bin.width_ns;
    widest_ns = std::max(widest_ns, bin.width_ns);
    seconds.add(begin_ns - first_ns, bin.count);
    minutes.add(begin_ns - first_ns, bin.count);
    day.add(bins->is_wall_clock() ? bin.begin_ns : begin_ns, bin.count);
    info.queries += bin.count;
    stretch_queries = begin_ns == stretch_ns ? stretch_queries + bin.count : bin.count;  // its bins differ by label
    stretch_ns = begin_ns;
    peak_per_s = std::max(peak_per_s, static_cast<double>(stretch_queries) / to_seconds(Duration{bin.width_ns}));
    if (bin.count == 0) continue;
    close_silence(begin_ns);
    quiet_ns = end_ns;
  }
  close_silence(end_ns);
  seconds.close_until_time(end_ns - first_ns);
  minutes.close_until_time(end_ns - first_ns);
  info.rows = info.queries;
  info.dropped = bins->dropped();
  auto labels = bins->labels();
  fill_durations(info, *bins, labels);
  fill_labels(info, std::move(labels));
  info.span_s = to_seconds(Duration{end_ns - first_ns});
  info.longest_silence_s = info.silences.empty() ? 0 : info.silences.front().length_s;
  const std::int64_t day_ns = first_ns + (bins->is_wall_clock() ? base_ns : 0);
  info.day_curve_per_s = day.rates(day_ns, day_ns + end_ns - first_ns);
  fill_rates(info, widest_ns <= kSecondNs ? &seconds : nullptr, widest_ns <= 60 * kSecondNs ? &minutes : nullptr);
  if (any) info.bin_s = to_seconds(Duration{widest_ns});
  if (info.rate_mean_per_s) info.peak_over_mean_bin = peak_per_s / *info.rate_mean_per_s;
  return info;
}

/// Rates of windows: the queries are those expected, which no file counts.
TraceInfo info_of_windows(const std::string& path) {
  const WindowSum sum = sum_client_windows(path);
  TraceInfo info;
  info.format = "servegen";
  info.rows = sum.rows;
  info.bin_s = sum.width_s;
  info.span_s = sum.width_s * static_cast<double>(sum.rate_per_s.size());
  DayCurve day;
  double rate_sum = 0, peak = 0;
  std::int64_t at_ns = 0;
  const std::int64_t width_ns = to_duration(sum.width_s).count();
  std::int64_t quiet_ns = 0;
  for (const double rate : sum.rate_per_s) {
    rate_sum += rate;
    peak = std::max(peak, rate);
    day.add(at_ns, static_cast<std::uint64_t>(std::llround(rate * sum.width_s)));
    if (rate > 0) {
      keep_longest(info.silences, {to_seconds(Duration{quiet_ns}), to_seconds(Duration{at_ns - quiet_ns})});
      quiet_ns = at_ns + width_ns;
    }
    at_ns += width_ns;
  }
  keep_longest(info.silences, {to_seconds(Duration{quiet_ns}), to_seconds(Duration{at_ns - quiet_ns})});
  info.longest_silence_s = info.silences.empty() ? 0 : info.silences.front().length_s;
  info.queries = static_cast<std::uint64_t>(std::llround(rate_sum * sum.width_s));
  info.distinct_labels = sum.clients;
  const double mean = rate_sum / static_cast<double>(sum.rate_per_s.size());
  if (mean > 0) {
    info.rate_mean_per_s = mean;
    info.peak_over_mean_bin = peak / mean;
  }
  info.day_curve_per_s = day.rates(0, at_ns);
  return info;
}

}  // namespace

Result<TraceInfo> trace_info(const TraceSpec& trace) {
  if (Problems problems = check_trace_spec(trace); !problems.empty()) return problems;
  try {
    if (is_client_folder(trace.file)) return info_of_windows(trace.file);
    TextBuffer text(trace.file);
    const FormatRow& format = recognise_format(text, trace.format, trace.time_column);
    if (format.content == Content::windows) return info_of_windows(trace.file);
    TraceInfo info = format.content == Content::arrivals
                         ? info_of_rows(RowReader(std::move(text), format, trace), trace)
                         : info_of_counts(open_counts(std::move(text), format, trace), trace);
    info.format = format.name;
    return info;
  } catch (const InputError& error) {
    return error.error();
  }
}

}  // namespace windtunnel
