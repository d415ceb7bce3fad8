#include "sim/workload/duration_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/core/error.hpp"
#include "sim/workload/label_table.hpp"
#include "sim/workload/record_reader.hpp"
#include "sim/workload/stamp_reader.hpp"

namespace windtunnel {
namespace {

constexpr double kLeastDuration_s = 1e-6;
constexpr double kMostDuration_s = 1e9;

/// A cell as seconds; the record is refused for what is no duration.
double duration_cell(const RecordReader& records, std::size_t column, double s_per_unit) {
  const std::string_view cell = records.cell(column);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || cell.empty() || !std::isfinite(value))
    records.fail(fmt::format("{}: {} is not a number", records.name(column), in_quotes(cell)),
                 "a duration is a number, 0 or more");
  if (value < 0 || value * s_per_unit > kMostDuration_s)
    records.fail(fmt::format("{}: {} is outside 0 to {:g} s", records.name(column), in_quotes(cell), kMostDuration_s),
                 "a duration is a number, 0 or more");
  return value * s_per_unit;
}

}  // namespace

DurationLaw::DurationLaw(double mean_s, std::vector<double> quantiles_s, const std::vector<double>& shares)
    : mean_s_(std::max(mean_s, kLeastDuration_s)), quantiles_s_(std::move(quantiles_s)), shares_(&shares) {
  double mean_of_curve_s = 0;
  for (std::size_t i = 1; i < quantiles_s_.size(); ++i)
    mean_of_curve_s += (shares[i] - shares[i - 1]) * (quantiles_s_[i] + quantiles_s_[i - 1]) / 2;
  if (mean_of_curve_s <= 0) quantiles_s_.clear();
  for (double& quantile : quantiles_s_) quantile *= mean_s_ / mean_of_curve_s;
}

double DurationLaw::at(double u) const {
  if (quantiles_s_.empty()) return mean_s_;
  std::size_t i = 1;
  while (i + 1 < quantiles_s_.size() && u >= (*shares_)[i]) ++i;
  const double part = (u - (*shares_)[i - 1]) / ((*shares_)[i] - (*shares_)[i - 1]);
  return std::max(kLeastDuration_s, quantiles_s_[i - 1] + part * (quantiles_s_[i] - quantiles_s_[i - 1]));
}

double DurationLaw::most_s() const {
  return quantiles_s_.empty() ? mean_s_ : std::max(mean_s_, quantiles_s_.back());
}

DurationTable::DurationTable(const TraceSpec& trace, std::string_view wanted) {
  TextBuffer text(trace.durations);
  const FormatRow& format = recognise_format(text, "auto");
  if (format.name != wanted)
    throw InputError({trace.durations,
                      fmt::format("is a table of format {}, not of durations ({})", format.name, wanted),
                      fmt::format("the first line of such a table: {}", find_format(wanted)->header)});
  RecordReader records(std::move(text), format);
  const std::string needed_by = fmt::format("format {}", format.name);
  const std::size_t label = *records.column(format.series.front(), needed_by);
  const std::size_t mean = *records.column(format.value, needed_by);
  std::vector<std::size_t> columns;
  if (trace.durations_as != "mean")
    for (const auto& [name, share] : format.quantiles)
      if (const auto column = records.column(name)) {
        columns.push_back(*column);
        shares_.push_back(share);
      }
  const bool whole = shares_.size() > 1 && shares_.front() == 0 && shares_.back() == 1;
  if (!whole) columns.clear();  // without both ends there is no curve
  const double s_per_unit = static_cast<double>(ns_per_unit(format.value_unit)) * 1e-9;
  while (records.next()) {
    const double mean_s = duration_cell(records, mean, s_per_unit);
    std::vector<double> quantiles_s;
    for (const std::size_t column : columns) quantiles_s.push_back(duration_cell(records, column, s_per_unit));
    if (!std::is_sorted(quantiles_s.begin(), quantiles_s.end()))
      records.fail("the percentiles do not ascend", "a larger share has a longer duration");
    if (laws_.size() == LabelTable::kMost) records.fail("over 1 000 000 different labels", "leave out some");
    // A label that comes again (a function of that name in another app) keeps its first row.
    const auto [law, is_new] =
        laws_.try_emplace(std::string(records.cell(label)), mean_s, std::move(quantiles_s), shares_);
    if (is_new && law->second.most_s() * trace.size_per_unit > kMostDuration_s)
      records.fail(fmt::format("durations up to {:g} s times size_per_unit {:g} are over 1e9 items",
                               law->second.most_s(), trace.size_per_unit),
                   "choose a smaller size_per_unit");
  }
  if (laws_.empty()) records.fail("the file has a header and no row", "a table has at least one row");
}

const DurationLaw* DurationTable::find(std::string_view label) const {
  const auto found = laws_.find(label);
  return found == laws_.end() ? nullptr : &found->second;
}

}  // namespace windtunnel
