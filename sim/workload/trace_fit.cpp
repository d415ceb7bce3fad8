#include "sim/workload/trace_fit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "sim/workload/batched_process.hpp"
#include "sim/workload/level_fit.hpp"
#include "sim/workload/markov_chain.hpp"
#include "sim/workload/poisson_hmm.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostLevels = 2048;
constexpr double kDay_s = 86'400;
constexpr std::size_t kMostBatchSizes = 48;

/// The slow course as the curve of a process, and its mean in each bin.
struct Course {
  std::optional<RateCurve> curve;
  double width_s = 0;            ///< of the spans whose counts are kept
  std::vector<double> counts;    ///< queries in each whole span; empty where a rate is all that is kept
  std::vector<double> expected;  ///< points in time per bin
};

double mean_rate(const RecordedCounts& counts) {
  return std::accumulate(counts.bins.begin(), counts.bins.end(), 0.0) / counts.span_s;
}

Course flat_course(const RecordedCounts& counts) {
  Course out;
  const double rate = mean_rate(counts);
  for (std::size_t bin = 0; bin < counts.bins.size(); ++bin) out.expected.push_back(rate * counts.length_of(bin));
  return out;
}

std::size_t bins_per_level(const LevelFit& levels, const RecordedCounts& counts) {
  return static_cast<std::size_t>(std::llround(levels.width_s / counts.bin_s));
}

Course course_of(const LevelFit& levels, const RecordedCounts& counts) {
  const double rate = mean_rate(counts);
  Course out = flat_course(counts);
  for (std::size_t bin = 0; bin < counts.bins.size(); ++bin)
    out.expected[bin] *= std::max(levels.rates_per_s[bin / bins_per_level(levels, counts)] / rate, 1e-9);
  if (levels.rates_per_s.size() == 1) return out;
  RateCurve curve{.period_s = levels.width_s * static_cast<double>(levels.rates_per_s.size()), .step = true};
  for (const double level : levels.rates_per_s) curve.points.push_back(level / rate);
  out.curve = std::move(curve);
  return out;
}

/// The level's counts as the chain alone would spread them, of a level like those that most queries lie in.
double dispersion_of(const PoissonHmm& hmm, const LevelFit& levels, const RecordedCounts& counts) {
  double queries = 0, squares = 0;
  for (const double count : levels.queries) {
    queries += count;
    squares += count * count;
  }
  return hmm.dispersion(bins_per_level(levels, counts), squares / queries);
}

/// Levels that are more than Poisson chance, the chain inside them, and then of the levels what is more than the chain.
Course level_course(const RecordedCounts& counts, int most_states, FittedArrivals& fitted, PoissonHmm& hmm) {
  LevelFit levels = fit_levels(counts, kMostLevels, 1);
  hmm = select_poisson_hmm(counts.bins, course_of(levels, counts).expected, most_states);
  const double phi = dispersion_of(hmm, levels, counts);
  levels = fit_levels(counts, kMostLevels, std::max(phi, 1.0));
  fitted.level_width_s = levels.width_s;
  fitted.level_count = levels.rates_per_s.size();
  fitted.notes.push_back(
      fmt::format("course: {} levels of {:g} s; in one of them bursts spread the counts {:.3g} times "
                  "as much as Poisson ones",
                  levels.rates_per_s.size(), levels.width_s, phi));
  return course_of(levels, counts);
}

/// Every span's queries as recorded, and the chain inside the spans.
Course span_course(const RecordedCounts& counts, int most_states, FittedArrivals& fitted, PoissonHmm& hmm) {
  const LevelFit spans = fit_levels(counts, kMostLevels, 0);
  Course out = course_of(spans, counts);
  out.curve.reset();
  hmm = select_poisson_hmm(counts.bins, out.expected, most_states);
  if (hmm.size() > 1) {
    const double share = share_of_spans(hmm, counts.bins, out.expected, bins_per_level(spans, counts));
    if (share < 0.5) hmm = fit_poisson_hmm(counts.bins, out.expected, 1);
    fitted.notes.push_back(fmt::format("bursts inside spans show in {:.0f} % of them{}", 100 * share,
                                       share < 0.5 ? ": events, which the counts hold; left out" : ""));
  }
  RecordedCounts queries = counts;
  if (!counts.query_bins.empty()) queries.bins = counts.query_bins;
  for (const double rate : fit_levels(queries, kMostLevels, 0).rates_per_s) out.counts.push_back(rate * spans.width_s);
  out.width_s = fitted.level_width_s = spans.width_s;
  fitted.level_count = out.counts.size();
  fitted.notes.push_back(
      fmt::format("course: the counts of {} spans of {:g} s as recorded; runs differ inside a span "
                  "only (--course levels draws the counts, too)",
                  out.counts.size(), spans.width_s));
  return out;
}

/// Hourly levels, one mean for each hour of the day counted from the recording's start.
Course day_course(const RecordedCounts& counts, FittedArrivals& fitted) {
  std::vector<double> queries(24), seconds(24);
  const auto hour_of = [&](std::size_t bin) {
    const double middle = (static_cast<double>(bin) + 0.5) * counts.bin_s;
    return static_cast<std::size_t>(std::fmod(middle, kDay_s) / 3600) % 24;
  };
  for (std::size_t bin = 0; bin < counts.bins.size(); ++bin) {
    queries[hour_of(bin)] += counts.bins[bin];
    seconds[hour_of(bin)] += counts.length_of(bin);
  }
  Course out;
  const double rate = mean_rate(counts);
  RateCurve curve{.period_s = kDay_s, .step = true};
  for (std::size_t hour = 0; hour < 24; ++hour)
    curve.points.push_back(seconds[hour] > 0 ? queries[hour] / seconds[hour] / rate : 0);
  for (std::size_t bin = 0; bin < counts.bins.size(); ++bin)
    out.expected.push_back(rate * std::max(curve.points[hour_of(bin)], 1e-9) * counts.length_of(bin));
  fitted.level_width_s = 3600;
  fitted.level_count = 24;
  fitted.notes.push_back(fmt::format("course: 24 hours, the mean of {:.3g} days", counts.span_s / kDay_s));
  out.curve = std::move(curve);
  return out;
}

/// Sizes of batches with their frequencies; many sizes are joined by twos, each group at its mean.
Law batch_law(const RecordedCounts& counts) {
  std::vector<std::pair<double, double>> sizes;
  for (const auto& [size, instants] : counts.batches)
    sizes.emplace_back(static_cast<double>(size), static_cast<double>(instants));
  while (sizes.size() > kMostBatchSizes) {
    std::vector<std::pair<double, double>> joined;
    for (std::size_t i = 0; i < sizes.size(); i += 2) {
      auto [size, weight] = sizes[i];
      if (i + 1 < sizes.size()) {
        const auto [more, heavy] = sizes[i + 1];
        size = std::round((size * weight + more * heavy) / (weight + heavy));
        weight += heavy;
      }
      joined.emplace_back(size, weight);
    }
    sizes = std::move(joined);
  }
  Law law{.kind = LawKind::discrete};
  for (const auto& [size, weight] : sizes) {
    law.values.push_back(size);
    law.weights.push_back(weight);
  }
  law.mean = *mean_batch(law);
  return law;
}

/// Sizes as recorded, each drawn by itself; empty where every query has size 1.
std::optional<Law> size_law_of(const RecordedCounts& counts) {
  if (counts.size_mean == 1 && counts.size_scv == 0) return std::nullopt;
  if (counts.sizes.empty()) return Law{.kind = LawKind::lognormal, .mean = counts.size_mean, .scv = counts.size_scv};
  Law law{.kind = LawKind::discrete, .mean = counts.size_mean};
  for (const auto& [size, queries] : counts.sizes) {
    law.values.push_back(size);
    law.weights.push_back(static_cast<double>(queries));
  }
  return law;
}

/// The chain from bin to bin as one in continuous time: a state's mean stay is bin / (1 - P(stay)).
void set_chain(const PoissonHmm& hmm, const RecordedCounts& counts, ParamSet& params) {
  const std::size_t n = hmm.size();
  std::vector<double> sojourns, transitions(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    double leave = 0;
    for (std::size_t j = 0; j < n; ++j) leave += i == j ? 0 : hmm.steps[i * n + j];
    sojourns.push_back(std::min(counts.bin_s / std::max(leave, 1e-9), 100 * counts.span_s));
    for (std::size_t j = 0; j < n; ++j)
      if (i != j) transitions[i * n + j] = std::max(hmm.steps[i * n + j] / leave, 1e-6);
    double row = 0;
    for (std::size_t j = 0; j < n; ++j) row += transitions[i * n + j];
    for (std::size_t j = 0; j < n; ++j) transitions[i * n + j] /= row;
  }
  params.set("levels", hmm.factors, true);
  params.set("sojourn", std::move(sojourns), true);
  if (n > 2) params.set("transitions", std::move(transitions), true);
}

TransformSpec one_transform(std::string kind, std::string_view name, double value) {
  TransformSpec out{.kind = std::move(kind), .params = {}, .sources = {}};
  out.params.set(name, value, true);
  return out;
}

Course find_course(const RecordedCounts& counts, const FitOptions& options, FittedArrivals& fitted, PoissonHmm& hmm) {
  if (options.course == FitCourse::counts) return span_course(counts, options.most_states, fitted, hmm);
  if (options.course == FitCourse::levels) return level_course(counts, options.most_states, fitted, hmm);
  Course course = options.course == FitCourse::day_curve ? day_course(counts, fitted) : flat_course(counts);
  hmm = select_poisson_hmm(counts.bins, course.expected, options.most_states);
  return course;
}

/// @param batch  queries at each point in time, on average
ArrivalSpec process_of(const Course& course, const PoissonHmm& hmm, const RecordedCounts& counts, double batch) {
  ArrivalSpec out;
  out.process = !course.counts.empty() ? "span_counts" : hmm.size() == 1 ? "poisson" : "mmpp";
  double rate = batch * mean_rate(counts) * mean_rate(counts) * counts.span_s /
                std::accumulate(course.expected.begin(), course.expected.end(), 0.0);
  if (!course.counts.empty()) {
    const double all = std::accumulate(course.counts.begin(), course.counts.end(), 0.0);
    rate = all / static_cast<double>(course.counts.size()) / course.width_s;
    out.params.set("width", course.width_s, true);
    out.params.set("counts", course.counts, true);
  }
  out.params.set("rate", rate, true);
  if (hmm.size() > 1) set_chain(hmm, counts, out.params);
  out.curve = course.curve;
  return out;
}

FittedArrivals fit_counts(const RecordedCounts& counts, const FitOptions& options) {
  FittedArrivals fitted;
  fitted.span_s = counts.span_s;
  fitted.bin_s = counts.bin_s;
  if (counts.grid_s) fitted.notes.push_back(fmt::format("grid: the stamps lie {:g} s apart", *counts.grid_s));
  if (!counts.batches.empty())
    fitted.notes.push_back(fmt::format("batches: {:.4g} queries share an instant on average", counts.mean_batch()));
  PoissonHmm hmm;
  const Course course = find_course(counts, options, fitted, hmm);
  fitted.states = static_cast<int>(hmm.size());
  fitted.notes.push_back(fmt::format("bursts: {} state{} by Schwarz's criterion (of up to {}), on counts in {:g} s",
                                     hmm.size(), hmm.size() == 1 ? "" : "s", options.most_states, counts.bin_s));

  std::optional<Law> batch;
  if (!counts.batches.empty()) batch = batch_law(counts);
  ArrivalSpec arrivals = process_of(course, hmm, counts, batch ? batch->mean : 1);
  arrivals.batch = std::move(batch);
  fitted.workload.name = "fitted";
  fitted.workload.source = std::move(arrivals);
  fitted.workload.size = size_law_of(counts);
  if (counts.grid_s) fitted.workload.transforms.push_back(one_transform("grid", "step", *counts.grid_s));
  fitted.workload.transforms.push_back(one_transform("window", "to", counts.span_s));
  return fitted;
}

}  // namespace

WorkloadSpec recording_of(const TraceSpec& trace) {
  WorkloadSpec spec;
  spec.name = "recording";
  TraceSpec plain = trace;
  plain.rate_scale = {};
  plain.map.clear();
  spec.source = std::move(plain);
  return spec;
}

Result<FittedArrivals> fit_arrivals(const WorkloadSpec& recording, const FitOptions& options) {
  try {
    const RecordedCounts counts = count_recording([&] { return make_source(recording, RngStreams(1), 1); });
    if (options.course == FitCourse::day_curve && counts.span_s < 2 * kDay_s)
      return Error{recording.name,
                   fmt::format("the recording covers {:.3g} h; a day curve needs two days", counts.span_s / 3600),
                   "fit levels instead"};
    return fit_counts(counts, options);
  } catch (const InputError& error) {
    return error.error();
  }
}

Result<FitComparison> compare_fit(const WorkloadSpec& recording, const FittedArrivals& fitted, std::uint64_t seed,
                                  int seeds) {
  try {
    const SimTime until{to_duration(fitted.span_s)};
    const auto recorded = make_source(recording, RngStreams(1), 1);
    FitComparison out{.recorded = arrival_figures(*recorded, until), .fitted = {}};
    std::vector<std::vector<ArrivalFigure>> runs;
    for (int run = 0; run < seeds; ++run) {
      const auto source = make_source(fitted.workload, RngStreams(seed + static_cast<std::uint64_t>(run)), 1);
      runs.push_back(arrival_figures(*source, until));
    }
    out.fitted = mean_figures(runs);
    return out;
  } catch (const InputError& error) {
    return error.error();
  }
}

}  // namespace windtunnel
