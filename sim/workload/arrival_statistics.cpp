#include "sim/workload/arrival_statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "sim/workload/trace_statistics.hpp"

namespace windtunnel {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostMinutes = 1 << 20;

/// Counts in windows of one width, all held.
class HeldCounts {
 public:
  HeldCounts(double width_s, double span_s)
      : width_s_(width_s * std::max(1.0, std::ceil(span_s / width_s / kMostMinutes))),
        whole_(static_cast<std::size_t>(span_s / width_s_)),
        counts_(std::max<std::size_t>(whole_, 1)) {}
  void add(double at_s) {
    if (const auto bin = static_cast<std::size_t>(at_s / width_s_); bin < whole_) ++counts_[bin];
  }
  [[nodiscard]] double width_s() const { return width_s_; }

  /// Between windows `lag` apart.
  [[nodiscard]] double autocorrelation(std::size_t lag) const {
    if (whole_ < lag + 10) return kUnknown;
    double mean = 0, variance = 0, product = 0;
    for (const std::uint32_t count : counts_) mean += count;
    mean /= static_cast<double>(whole_);
    for (std::size_t i = 0; i < whole_; ++i) {
      const double off = counts_[i] - mean;
      variance += off * off;
      if (i >= lag) product += off * (counts_[i - lag] - mean);
    }
    return variance > 0 ? product / variance : kUnknown;
  }
  [[nodiscard]] double quantile(double share) const {
    if (whole_ == 0) return kUnknown;
    std::vector<std::uint32_t> sorted(counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(whole_));
    const auto place = static_cast<std::size_t>(share * static_cast<double>(whole_ - 1) + 0.5);
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(place), sorted.end());
    return sorted[place];
  }

 private:
  double width_s_;
  std::size_t whole_;
  std::vector<std::uint32_t> counts_;
};

std::string width_text(double seconds) {
  return fmt::format("{:g} s", seconds);
}

}  // namespace

std::vector<ArrivalFigure> arrival_figures(ArrivalSource& source, SimTime until) {
  constexpr std::int64_t second_ns = 1'000'000'000;
  const double span_s = to_seconds(until);
  BinCounts seconds(second_ns), minutes(60 * second_ns);
  HeldCounts tens(10, span_s), sixties(60, span_s);
  GapSums gaps;
  std::array<Arrival, 512> block;
  std::uint64_t queries = 0;
  std::int64_t last_ns = 0;
  bool more = true;
  while (more) {
    const std::size_t count = source.next(block);
    more = count > 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t at_ns = block[i].at.time_since_epoch().count();
      if (block[i].at > until) {
        more = false;
        break;
      }
      if (queries++ > 0) gaps.add(at_ns - last_ns);
      last_ns = at_ns;
      seconds.add(at_ns);
      minutes.add(at_ns);
      tens.add(to_seconds(block[i].at));
      sixties.add(to_seconds(block[i].at));
    }
  }
  seconds.close_until_time(until.time_since_epoch().count());
  minutes.close_until_time(until.time_since_epoch().count());
  const double rate = span_s > 0 ? static_cast<double>(queries) / span_s : 0;
  const auto peak = [&](const BinCounts& bins) {
    return rate > 0 ? static_cast<double>(bins.max()) / (rate * bins.width_s()) : kUnknown;
  };
  const std::string minute = width_text(sixties.width_s()), ten = width_text(tens.width_s());
  std::vector<ArrivalFigure> out = {
      {"queries", static_cast<double>(queries)},
      {"mean rate, queries/s", rate},
      {"index of dispersion, 1 s", seconds.dispersion().value_or(kUnknown)},
      {"index of dispersion, 60 s", minutes.dispersion().value_or(kUnknown)},
      {"gaps, std over mean", gaps.cv().value_or(kUnknown)},
      {"peak over mean, 1 s", peak(seconds)},
      {"peak over mean, 60 s", peak(minutes)},
      {fmt::format("autocorrelation of counts, {}", minute), sixties.autocorrelation(1)},
      {fmt::format("autocorrelation of counts, 10 x {}", minute), sixties.autocorrelation(10)},
  };
  for (const double share : {0.5, 0.95, 0.99}) {
    out.push_back({fmt::format("p{:g} of counts in {}", 100 * share, ten), tens.quantile(share)});
    out.push_back({fmt::format("p{:g} of counts in {}", 100 * share, minute), sixties.quantile(share)});
  }
  return out;
}

std::vector<ArrivalFigure> mean_figures(const std::vector<std::vector<ArrivalFigure>>& runs) {
  std::vector<ArrivalFigure> out = runs.front();
  for (std::size_t i = 0; i < out.size(); ++i) {
    double sum = 0;
    for (const auto& run : runs) sum += run[i].value;
    out[i].value = sum / static_cast<double>(runs.size());
  }
  return out;
}

}  // namespace windtunnel
