#include "sim/workload/synthetic_source.hpp"

#include "sources.hpp"

namespace windtunnel::testing {
namespace {

WorkloadSpec with_curve(WorkloadSpec spec, RateCurve curve) {
  std::get<ArrivalSpec>(spec.source).curve = std::move(curve);
  return spec;
}

std::vector<WorkloadSpec> one_of_each() {
  const RateCurve day{.period_s = 60, .amplitude = 0.8};
  std::vector<WorkloadSpec> specs{synthetic("poisson", {{"rate", 5.0}}),
                                  synthetic("renewal", {{"rate", 5.0}, {"law", std::string("gamma")}, {"scv", 3.0}}),
                                  synthetic("batch_poisson", {{"rate", 5.0}, {"batch_mean", 4.0}})};
  for (std::size_t i = 0; i < 3; ++i) specs.push_back(with_curve(specs[i], day));
  for (auto& spec : specs) spec.size = Law{.kind = LawKind::lognormal, .mean = 2, .scv = 1};
  return specs;
}

TEST(SyntheticSource, TheSizeOfBlocksDoesNotChangeTheStream) {
  for (const auto& spec : one_of_each()) {
    const std::string expected = as_text(arrivals_of(spec, 3000, 7, 3, 1024));
    EXPECT_EQ(as_text(arrivals_of(spec, 3000, 7, 3, 1)), expected);
    EXPECT_EQ(as_text(arrivals_of(spec, 3000, 7, 3, 77)), expected);
  }
}

TEST(SyntheticSource, TimesNeverRunBack) {
  for (const auto& spec : one_of_each()) {
    const auto arrivals = arrivals_of(spec, 5000);
    EXPECT_TRUE(std::is_sorted(arrivals.begin(), arrivals.end(), [](auto& a, auto& b) { return a.at < b.at; }));
    EXPECT_GE(arrivals.front().at, SimTime{});
  }
}

TEST(SyntheticSource, SameSeedAndNameGiveTheSameArrivalsAndOthersDoNot) {
  auto spec = synthetic("poisson", {{"rate", 5.0}});
  const std::string first = as_text(arrivals_of(spec, 500, 7));
  EXPECT_EQ(as_text(arrivals_of(spec, 500, 7)), first);
  EXPECT_NE(as_text(arrivals_of(spec, 500, 8)), first);
  spec.name = "cond";
  EXPECT_NE(as_text(arrivals_of(spec, 500, 7)), first);
}

TEST(SyntheticSource, InstantsDoNotMoveWhenSizesOrTargetsAreDrawn) {
  auto spec = with_curve(synthetic("poisson", {{"rate", 5.0}}), {.period_s = 60, .amplitude = 0.8});
  const auto bare = seconds_of(arrivals_of(spec, 500));
  spec.size = Law{.kind = LawKind::exponential, .mean = 2};
  const auto sized = arrivals_of(spec, 500);
  EXPECT_EQ(seconds_of(sized), bare);
  const auto spread = arrivals_of(spec, 500, 7, 4);
  EXPECT_EQ(seconds_of(spread), bare);
  for (std::size_t i = 0; i < sized.size(); ++i) EXPECT_EQ(spread[i].size, sized[i].size);
}

TEST(SyntheticSource, SizesAndTargetsDoNotMoveWhenTheRateOrTheProcessChanges) {
  auto slow = synthetic("poisson", {{"rate", 5.0}});
  auto fast = synthetic("renewal", {{"rate", 50.0}, {"law", std::string("gamma")}, {"scv", 2.0}});
  slow.size = fast.size = Law{.kind = LawKind::exponential, .mean = 2};
  const auto a = arrivals_of(slow, 500, 7, 3), b = arrivals_of(fast, 500, 7, 3);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].size, b[i].size);
    EXPECT_EQ(a[i].target, b[i].target);
  }
}

TEST(SyntheticSource, WithoutASizeLawEveryQueryHasSizeOneAndNoDeadline) {
  for (const Arrival& a : arrivals_of(synthetic("poisson", {{"rate", 5.0}}), 100)) {
    EXPECT_EQ(a.size, 1);
    EXPECT_EQ(a.target, 0U);
    EXPECT_EQ(a.deadline, Duration{});
  }
}

TEST(SyntheticSource, TargetsAreDrawnEvenly) {
  std::vector<double> hits(4);
  const int n = 40'000;
  for (const Arrival& a : arrivals_of(synthetic("poisson", {{"rate", 5.0}}), n, 7, 4)) hits.at(a.target) += 1;
  for (const double count : hits) EXPECT_NEAR(count, n / 4, 5 * std::sqrt(n * 0.25 * 0.75));
}

TEST(SyntheticSource, EndsAfterTheQueriesAskedForAndStaysEnded) {
  auto spec = synthetic("batch_poisson", {{"rate", 5.0}, {"batch_mean", 4.0}});
  spec.queries = 1001;
  const auto source = make_source(spec, RngStreams(7), 1);
  EXPECT_EQ(collect(*source).size(), 1001U);
  Arrival one;
  EXPECT_EQ(source->next({&one, 1}), 0U);
  EXPECT_EQ(source->counts().rows, 1001U);
}

TEST(SyntheticSource, AFlatCurveChangesNothing) {
  const auto spec = synthetic("poisson", {{"rate", 5.0}});
  EXPECT_EQ(as_text(arrivals_of(with_curve(spec, {.period_s = 60, .amplitude = 0}), 500)),
            as_text(arrivals_of(spec, 500)));
}

/// Counts of each tenth of the period over many periods, against the integral of the rate.
void expect_thinned_rate(const WorkloadSpec& spec, double rate, double period, const CurveReader& curve, int periods) {
  const double bin = period / 10;
  const auto counts =
      bin_counts(arrivals_of(spec, static_cast<std::size_t>(rate * curve.mean() * period * periods)), bin);
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {
    double expected = 0;  // midpoint rule, far finer than the interval
    for (int i = 0; i < 1000; ++i)
      expected += rate * curve.at(bin * (static_cast<double>(tenth) + (i + 0.5) / 1000)) * bin / 1000;
    std::vector<double> seen;
    for (std::size_t at = tenth; at < counts.size(); at += 10) seen.push_back(counts[at]);
    const Interval interval = interval_of(seen);
    EXPECT_NEAR(interval.mean, expected, interval.half_width) << "tenth " << tenth;
    EXPECT_LT(interval.half_width, 0.25 * expected + 1) << "tenth " << tenth;
  }
}

TEST(SyntheticSource, ThinningFollowsTheSinusoidForEveryProcess) {
  const RateCurve wave{.period_s = 60, .amplitude = 0.8};
  for (const auto& spec :
       {synthetic("poisson", {{"rate", 10.0}}),
        synthetic("renewal", {{"rate", 10.0}, {"law", std::string("hyperexponential")}, {"scv", 4.0}}),
        synthetic("batch_poisson", {{"rate", 10.0}, {"batch_mean", 3.0}})})
    expect_thinned_rate(with_curve(spec, wave), 10, 60, CurveReader(wave), 600);
}

TEST(SyntheticSource, ThinningFollowsPointsOfADay) {
  const RateCurve day{.period_s = 50, .points = {0.2, 1, 2, 0.5}};
  expect_thinned_rate(with_curve(synthetic("poisson", {{"rate", 10.0}}), day), 10, 50, CurveReader(day), 600);
}

TEST(SyntheticSource, ThinningKeepsBatchesWhole) {
  const auto spec = with_curve(
      synthetic("batch_poisson", {{"rate", 6.0}, {"batch_mean", 3.0}, {"batch_law", std::string("constant")}}),
      {.period_s = 60, .amplitude = 0.9});
  const auto arrivals = arrivals_of(spec, 3000);
  for (std::size_t i = 0; i + 2 < arrivals.size(); i += 3) EXPECT_EQ(arrivals[i].at, arrivals[i + 2].at);
}

TEST(SyntheticSource, AVeryLowRateEndsInsteadOfOverflowing) {
  const auto arrivals = arrivals_of(synthetic("poisson", {{"rate", 1e-9}}), 1000);
  EXPECT_LT(arrivals.size(), 100U);
  EXPECT_TRUE(std::is_sorted(arrivals.begin(), arrivals.end(), [](auto& a, auto& b) { return a.at < b.at; }));
  EXPECT_TRUE(arrivals_of(synthetic("deterministic", {{"rate", 1e-12}}), 1000).empty());
}

}  // namespace
}  // namespace windtunnel::testing
