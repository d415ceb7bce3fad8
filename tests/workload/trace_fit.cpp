// Fits of recordings: what is found again in what a known process made.
#include "sim/workload/trace_fit.hpp"

#include <numeric>

#include "sim/workload/arrival_writer.hpp"
#include "sim/workload/level_fit.hpp"
#include "sim/workload/transform.hpp"
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

/// A synthetic entry that ends.
WorkloadSpec until(WorkloadSpec spec, double seconds) {
  TransformSpec window{.kind = "window", .params = {}, .sources = {}};
  window.params.set("to", seconds, true);
  spec.transforms.push_back(std::move(window));
  return spec;
}

const ArrivalSpec& process_of(const FittedArrivals& fitted) {
  return std::get<ArrivalSpec>(fitted.workload.source);
}

FittedArrivals fit_of(const WorkloadSpec& recording, FitCourse course = FitCourse::levels) {
  auto fitted = fit_arrivals(recording, {.course = course});
  EXPECT_TRUE(fitted) << fitted.problems().front().text();
  return *fitted;
}

TEST(TraceFit, FindsTheStatesOfAnMmppAgain) {
  // Cycles of 150 s: the mean sojourn of 400 is known to one part in 20, a rate far better.
  const double cycles = kSanitized ? 150 : 400;
  const auto recording = until(
      synthetic("mmpp",
                {{"rate", 5.0}, {"levels", std::vector<double>{1, 6}}, {"sojourn", std::vector<double>{120, 30}}}),
      150 * cycles);
  const FittedArrivals fitted = fit_of(recording, FitCourse::none);
  const ParamSet& p = process_of(fitted).params;
  ASSERT_EQ(process_of(fitted).process, "mmpp");
  ASSERT_EQ(fitted.states, 2);
  auto levels = p.numbers("levels"), sojourn = p.numbers("sojourn");
  if (levels[0] > levels[1]) std::swap(levels[0], levels[1]), std::swap(sojourn[0], sojourn[1]);
  EXPECT_NEAR(levels[1] / levels[0], 6, 0.3);
  EXPECT_NEAR(sojourn[0], 120, 5 * 120 / std::sqrt(cycles));
  EXPECT_NEAR(sojourn[1], 30, 5 * 30 / std::sqrt(cycles));
  EXPECT_NEAR(p.number("rate"), 5, 5 * std::sqrt(240 * 5 / (150 * cycles)));  // index of dispersion 240
  const auto figures = compare_fit(recording, fitted, 1, 5);
  ASSERT_TRUE(figures);
  for (std::size_t i = 2; i < 4; ++i) {  // indices of dispersion
    EXPECT_NEAR(figures->fitted[i].value / figures->recorded[i].value, 1, 5 / std::sqrt(cycles))
        << figures->recorded[i].name;
    EXPECT_GT(figures->recorded[i].value, 2);
  }
}

TEST(TraceFit, APoissonRecordingStaysFlatAndHasOneState) {
  const FittedArrivals fitted = fit_of(until(synthetic("poisson", {{"rate", 4.0}}), 20'000));
  EXPECT_EQ(process_of(fitted).process, "poisson");
  EXPECT_EQ(fitted.states, 1);
  EXPECT_NEAR(process_of(fitted).params.number("rate"), 4, 5 * std::sqrt(4.0 / 20'000));
  ASSERT_TRUE(process_of(fitted).curve);
  double squares = 0;  // of relative departures; chance alone would show 1 / 240 in each minute
  for (const double point : process_of(fitted).curve->points) squares += (point - 1) * (point - 1);
  EXPECT_LT(squares / static_cast<double>(process_of(fitted).curve->points.size()), 0.3 / 240);
}

TEST(TraceFit, ACourseIsFollowedAndItsVarianceKept) {
  auto recording = synthetic("poisson", {{"rate", 4.0}});
  std::get<ArrivalSpec>(recording.source).curve =
      RateCurve{.period_s = 20'000, .points = {0.5, 2, 1, 0.1}, .step = true};
  const FittedArrivals fitted = fit_of(until(recording, 20'000));
  EXPECT_EQ(fitted.states, 1) << "three changes are a course, not bursts";
  const auto& curve = *process_of(fitted).curve;
  for (const auto& [second, level] : {std::pair{2500.0, 2.0}, {7500.0, 8.0}, {12'500.0, 4.0}, {17'500.0, 0.4}}) {
    const auto step = static_cast<std::size_t>(second / fitted.level_width_s);
    EXPECT_NEAR(curve.points[step] * process_of(fitted).params.number("rate"), level,
                5 * std::sqrt(level / fitted.level_width_s) + 0.05);
  }
}

TEST(TraceFit, TheCountsOfSpansComeBackAsRecordedInEveryRun) {
  auto recording = synthetic("poisson", {{"rate", 4.0}});
  std::get<ArrivalSpec>(recording.source).curve =
      RateCurve{.period_s = 20'000, .points = {0.5, 2, 1, 0.1}, .step = true};
  recording = until(recording, 20'000);
  const FittedArrivals fitted = fit_of(recording, FitCourse::counts);
  EXPECT_EQ(process_of(fitted).process, "span_counts");
  EXPECT_EQ(fitted.states, 1);
  EXPECT_EQ(fitted.level_width_s, 64);
  const auto recorded_counts = bin_counts(arrivals_of(recording, 10'000'000, 1), 64);  // the seed that a fit reads
  for (const std::uint64_t seed : {1, 2}) {
    const auto counts = bin_counts(arrivals_of(fitted.workload, 10'000'000, seed), 64);
    ASSERT_EQ(counts.size(), recorded_counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) EXPECT_NEAR(counts[i], recorded_counts[i], 1) << i;
  }
}

TEST(TraceFit, BurstsInsideSpansKeepTheirDispersion) {
  const auto recording =
      until(synthetic("mmpp",
                      {{"rate", 5.0}, {"levels", std::vector<double>{1, 9}}, {"sojourn", std::vector<double>{12, 4}}}),
            kSanitized ? 10'000 : 20'000);
  const FittedArrivals fitted = fit_of(recording, FitCourse::counts);
  EXPECT_EQ(process_of(fitted).process, "span_counts");
  EXPECT_GE(fitted.states, 2);  // against its span's own mean a state is not always equally busy
  const auto figures = compare_fit(recording, fitted, 1, 5);
  ASSERT_TRUE(figures);
  EXPECT_GT(figures->recorded[2].value, 2);
  EXPECT_NEAR(figures->fitted[2].value / figures->recorded[2].value, 1, 0.15) << "index of dispersion, 1 s";
  EXPECT_NEAR(figures->fitted[3].value / figures->recorded[3].value, 1, 0.05) << "60 s: the recording's own counts";
}

TEST(TraceFit, FindsTheGridOfTheStampsAndDoesNotTakeItsGroupsForBatches) {
  auto recording = until(synthetic("poisson", {{"rate", 4.0}}), 3000);
  TransformSpec grid{.kind = "grid", .params = {}, .sources = {}};
  grid.params.set("step", 3.0, true);
  recording.transforms.push_back(grid);
  const FittedArrivals fitted = fit_of(recording);
  EXPECT_FALSE(process_of(fitted).batch);
  ASSERT_EQ(fitted.workload.transforms.size(), 2u);
  EXPECT_EQ(fitted.workload.transforms[0].kind, "grid");
  EXPECT_EQ(fitted.workload.transforms[0].params.number("step"), 3);
}

TEST(TraceFit, FindsTheSizesOfBatches) {
  auto recording = synthetic("poisson", {{"rate", 0.5}});
  std::get<ArrivalSpec>(recording.source).batch = Law{.kind = LawKind::discrete, .values = {1, 4}, .weights = {3, 1}};
  const FittedArrivals fitted = fit_of(until(recording, 40'000));
  ASSERT_TRUE(process_of(fitted).batch);
  EXPECT_EQ(process_of(fitted).batch->values, (std::vector<double>{1, 4}));
  const auto& weights = process_of(fitted).batch->weights;
  EXPECT_NEAR(weights[1] / (weights[0] + weights[1]), 0.25, 5 * std::sqrt(0.25 * 0.75 / 11'400));
  EXPECT_NEAR(process_of(fitted).params.number("rate"), 0.5, 5 * std::sqrt(0.5 * 2.71 / 40'000));
  EXPECT_EQ(fitted.states, 1);
}

TEST(TraceFit, FewQueriesAreRefused) {
  const auto few = fit_arrivals(until(synthetic("poisson", {{"rate", 0.1}}), 50), {});
  ASSERT_FALSE(few);
  EXPECT_NE(few.problems().front().text().find("at least 20"), std::string::npos);
  const auto short_one =
      fit_arrivals(until(synthetic("poisson", {{"rate", 1.0}}), 5000), {.course = FitCourse::day_curve});
  ASSERT_FALSE(short_one);
  EXPECT_NE(short_one.problems().front().text().find("needs two days"), std::string::npos);
}

TEST(TraceFit, TheDayCurveIsThatOfTheDays) {
  auto recording = synthetic("poisson", {{"rate", 0.05}});
  RateCurve day{.period_s = 86'400, .step = true};
  for (int hour = 0; hour < 24; ++hour) day.points.push_back(hour < 8 ? 0.25 : 1.375);
  std::get<ArrivalSpec>(recording.source).curve = day;
  const FittedArrivals fitted = fit_of(until(recording, 4 * 86'400.0), FitCourse::day_curve);
  ASSERT_EQ(process_of(fitted).curve->points.size(), 24u);
  for (std::size_t hour = 0; hour < 24; ++hour)
    EXPECT_NEAR(process_of(fitted).curve->points[hour], day.points[hour],
                5 * std::sqrt(day.points[hour] / (0.05 * 4 * 3600)) + 0.03);
}

class WrittenArrivals : public TraceFiles {};

TEST_F(WrittenArrivals, ReadBackToTheSameNanosecondAndSize) {
  auto spec = synthetic(
      "mmpp", {{"rate", 50.0}, {"levels", std::vector<double>{1, 6}}, {"sojourn", std::vector<double>{120, 30}}});
  spec.size = Law{.kind = LawKind::lognormal, .mean = 2, .scv = 1};
  const auto arrivals = arrivals_of(spec, 20'000);
  const ArrivalWriter writer({"quality"}, false);
  std::string text = writer.header();
  writer.append(text, arrivals);
  auto read = recorded(write(text));
  trace_of(read).rebase = false;
  EXPECT_EQ(as_text(arrivals_of(read)), as_text(arrivals));
}

TEST_F(WrittenArrivals, CarryTheirTargetsAndDeadlines) {
  std::vector<Arrival> arrivals = {
      {.at = SimTime{Duration{1}}, .size = 0.1F, .target = 1, .deadline = Duration{2'500'000'000}},
      {.at = SimTime{Duration{4'000'000'000'000'000'007}}, .size = 3, .target = 0}};
  const ArrivalWriter writer({"a", "b, the second"}, true);
  std::string text = writer.header();
  writer.append(text, arrivals);
  auto read = recorded(write(text));
  trace_of(read).rebase = false;
  trace_of(read).map = {{"a", "a"}, {"b, the second", "b"}};
  EXPECT_EQ(as_text(arrivals_of(read)), as_text(arrivals));
}

}  // namespace
}  // namespace windtunnel::testing
