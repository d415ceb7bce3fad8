#include "sim/workload/gauge_info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/core/time.hpp"
#include "sim/workload/client_windows.hpp"
#include "sim/workload/gauge_reader.hpp"
#include "sim/workload/timestamp.hpp"
#include "sim/workload/trace_check.hpp"
#include "sim/workload/value_sample.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostSeries = 65'536;
constexpr std::size_t kShownSeries = 20;
constexpr std::size_t kMostSteps = 1024;

class GaugePicture {
 public:
  void take(const GaugeSample& sample) {
    values_.add(sample.value);
    if (sample.at_ns) {
      first_ns_ = values_.count() == 1 || !first_ns_ ? *sample.at_ns : std::min(*first_ns_, *sample.at_ns);
      last_ns_ = std::max(last_ns_.value_or(*sample.at_ns), *sample.at_ns);
    }
    auto found = series_.find(sample.series);
    if (found == series_.end()) {
      if (series_.size() == kMostSeries) return;
      found = series_.emplace(std::string(sample.series), Seen{}).first;
    }
    Seen& seen = found->second;
    SeriesInfo& info = seen.info;
    info.min = info.samples == 0 ? sample.value : std::min(info.min, sample.value);
    info.max = info.samples == 0 ? sample.value : std::max(info.max, sample.value);
    ++info.samples;
    info.mean += (sample.value - info.mean) / static_cast<double>(info.samples);
    info.last = sample.value;
    if (sample.at_ns && seen.at_ns && *sample.at_ns > *seen.at_ns && steps_.size() < kMostSteps)
      ++steps_[*sample.at_ns - *seen.at_ns];
    seen.at_ns = sample.at_ns;
  }

  GaugeInfo info(const GaugeFacts& facts) {
    GaugeInfo out;
    out.rows = facts.rows;
    out.samples = values_.count();
    out.distinct_series = series_.size();
    out.dropped = facts.dropped.by_reason();
    out.min = values_.min();
    out.mean = values_.mean();
    out.max = values_.max();
    for (const int percent : {5, 25, 50, 75, 95, 99})
      if (const auto value = values_.quantile(percent / 100.0)) out.quantiles.emplace_back(percent, *value);
    out.quantiles_exact = values_.is_whole();
    if (first_ns_) {
      out.span_s = to_seconds(Duration{*last_ns_ - *first_ns_});
      if (*first_ns_ > 100'000'000'000'000'000) out.start = format_wall_clock(*first_ns_);  // after 1973: a date
    }
    const auto most = std::max_element(steps_.begin(), steps_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != steps_.end()) out.step_s = to_seconds(Duration{most->first});
    for (auto& [name, seen] : series_) {
      seen.info.name = name;
      out.series.push_back(seen.info);
    }
    std::stable_sort(out.series.begin(), out.series.end(),
                     [](const SeriesInfo& a, const SeriesInfo& b) { return a.samples > b.samples; });
    if (out.series.size() > kShownSeries) out.series.resize(kShownSeries);
    return out;
  }

 private:
  struct Seen {
    SeriesInfo info;
    std::optional<std::int64_t> at_ns;
  };
  ValueSample values_;
  std::map<std::string, Seen, std::less<>> series_;
  std::map<std::int64_t, std::uint64_t> steps_;
  std::optional<std::int64_t> first_ns_, last_ns_;
};

}  // namespace

Result<GaugeInfo> gauge_info(const TraceSpec& trace) {
  if (Problems problems = check_trace_spec(trace); !problems.empty()) return problems;
  try {
    TextBuffer text(trace.file);
    const FormatRow& format = recognise_format(text, trace.format, trace.time_column);
    if (format.content != Content::gauges)
      return Error{trace.file, fmt::format("format {} holds no measured values", format.name), {}};
    GaugePicture picture;
    const GaugeFacts facts =
        read_gauges(std::move(text), format, trace, [&](const GaugeSample& sample) { picture.take(sample); });
    GaugeInfo info = picture.info(facts);
    info.format = format.name;
    info.unit = format.value_unit;
    return info;
  } catch (const InputError& error) {
    return error.error();
  }
}

Result<Content> trace_content(const TraceSpec& trace) {
  if (Problems problems = check_trace_spec(trace); !problems.empty()) return problems;
  try {
    if (is_client_folder(trace.file)) return Content::windows;
    TextBuffer text(trace.file);
    return recognise_format(text, trace.format, trace.time_column).content;
  } catch (const InputError& error) {
    return error.error();
  }
}

}  // namespace windtunnel
