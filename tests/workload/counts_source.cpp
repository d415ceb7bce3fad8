#include "sim/workload/counts_source.hpp"

#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class CountsSources : public TraceFiles {
 protected:
  WorkloadSpec counts(std::string_view content, const std::string& placement) {
    auto spec = recorded(write(content, "counts.txt"));
    trace_of(spec).placement = placement;
    return spec;
  }
  static std::vector<int> per_second(const std::vector<Arrival>& arrivals) {
    std::vector<int> out;
    for (const Arrival& a : arrivals) {
      const auto second = static_cast<std::size_t>(a.at.time_since_epoch() / seconds(1));
      if (out.size() <= second) out.resize(second + 1);
      ++out[second];
    }
    return out;
  }
  static std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  }
};

TEST_F(CountsSources, EvenPlacementPutsQueriesAtTheMiddlesOfEqualParts) {
  EXPECT_EQ(seconds_of(arrivals_of(counts("2 0 1 4.0\n", "even"))),
            (std::vector<double>{0.25, 0.75, 2.5, 3.125, 3.375, 3.625, 3.875}));
}

TEST_F(CountsSources, UniformPlacementKeepsEverySecondsCount) {
  EXPECT_EQ(per_second(arrivals_of(counts("2 0 7\n1 300\n\n5", "uniform"))), (std::vector<int>{2, 0, 7, 1, 300, 5}));
}

TEST_F(CountsSources, UniformPlacementIsEvenInTheMeanAndInOrder) {
  const auto arrivals = arrivals_of(counts(repeated("5 ", 10'000), "uniform"));
  EXPECT_TRUE(std::is_sorted(arrivals.begin(), arrivals.end(), [](auto& a, auto& b) { return a.at < b.at; }));
  std::vector<double> tenths(10);
  for (const Arrival& a : arrivals)
    tenths.at(static_cast<std::size_t>(a.at.time_since_epoch().count() / 100'000'000 % 10)) += 1;
  for (const double count : tenths) EXPECT_NEAR(count, 5000, 5 * std::sqrt(50'000 * 0.1 * 0.9));
}

TEST_F(CountsSources, PoissonPlacementHasTheMeanAndADispersionOfOne) {
  const auto bins = per_second(arrivals_of(counts(repeated("6 ", 20'000), "poisson")));
  double sum = 0, squares = 0;
  for (const int bin : bins) {
    sum += bin;
    squares += static_cast<double>(bin) * bin;
  }
  const double n = 20'000, mean = sum / n, variance = squares / n - mean * mean;
  EXPECT_NEAR(mean, 6, 5 * std::sqrt(6 / n));
  EXPECT_NEAR(variance / mean, 1, 5 * std::sqrt(2 / n));
}

TEST_F(CountsSources, TheSizeOfBlocksDoesNotChangeTheStream) {
  for (const char* placement : {"even", "uniform", "poisson"}) {
    const auto spec = counts(repeated("3 0 9 1 ", 200), placement);
    const auto expected = as_text(arrivals_of(spec, 10'000, 7, 3, 1024));
    EXPECT_EQ(as_text(arrivals_of(spec, 10'000, 7, 3, 1)), expected);
    EXPECT_EQ(as_text(arrivals_of(spec, 10'000, 7, 3, 10)), expected);
  }
}

TEST_F(CountsSources, WindowsMayCutSeconds) {
  auto spec = counts("2 2 2 2", "even");
  trace_of(spec).from = milliseconds(500);
  trace_of(spec).to = milliseconds(2500);
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{0.25, 0.75, 1.25, 1.75}));
  trace_of(spec).rebase = false;
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{0.75, 1.25, 1.75, 2.25}));
}

TEST_F(CountsSources, ScalingMultipliesEverySecondsCount) {
  auto spec = counts("2 0 7", "uniform");
  trace_of(spec).rate_scale.factor = 3;
  EXPECT_EQ(per_second(arrivals_of(spec)), (std::vector<int>{6, 0, 21}));
}

TEST_F(CountsSources, ScalingByAFractionHasTheRightMean) {
  for (const char* placement : {"even", "uniform", "poisson"}) {
    auto spec = counts(repeated("5 ", 4000), placement);
    trace_of(spec).rate_scale.factor = 0.3;
    EXPECT_NEAR(static_cast<double>(arrivals_of(spec).size()), 6000, 5 * std::sqrt(6000)) << placement;
    trace_of(spec).rate_scale.factor = 2.3;
    EXPECT_NEAR(static_cast<double>(arrivals_of(spec).size()), 46'000, 5 * std::sqrt(46'000)) << placement;
  }
}

TEST_F(CountsSources, OneLineOfManyMiBIsReadAndNumbersThatCrossBlocksAreWhole) {
  const int n = 600'000;
  const auto spec = counts(gzipped(repeated("1 0 2 ", n / 2)), "even");
  EXPECT_EQ(arrivals_of(spec).size(), static_cast<std::size_t>(3 * n / 2));
  std::string numbers;  // 5 characters each, so that the block's end falls inside one
  for (int i = 0; i < 300'000; ++i) numbers += i % 1000 == 0 ? "0012 " : "0000 ";
  EXPECT_EQ(arrivals_of(counts(numbers, "even")).size(), 12U * 300);
}

TEST_F(CountsSources, AMapsStarRowTakesAll) {
  auto spec = counts("2 1", "even");
  trace_of(spec).map = {{"a", "cond"}, {"*", "quality"}};
  for (const Arrival& a : arrivals_of(spec)) EXPECT_EQ(a.target, 1U);
}

TEST_F(CountsSources, SaysHowManyQueriesWereRecorded) {
  auto spec = counts("2 1 4", "uniform");
  trace_of(spec).rate_scale.factor = 2;
  const auto source = make_source(spec, RngStreams(7), 1);
  collect(*source);
  EXPECT_EQ(source->counts().rows, 7U);
  EXPECT_TRUE(source->counts().dropped.empty());
}

TEST_F(CountsSources, MoreQueriesInASecondThanMemoryAllowsAreRefused) {
  auto spec = counts("2000000", "uniform");
  trace_of(spec).rate_scale.factor = 1000;
  EXPECT_THROW(arrivals_of(spec), InputError);
  trace_of(spec).placement = "poisson";
  EXPECT_THROW(arrivals_of(spec), InputError);
}

}  // namespace
}  // namespace windtunnel::testing
