#include "sim/workload/row_source.hpp"

#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

using std::chrono::seconds;

class RowSources : public TraceFiles {
 protected:
  /// A recording with a busy and a quiet stretch: gaps of about 1 s, then of about 10 s, then an hour of nothing.
  std::string stretches() {
    Rng rng(1);
    double at = 0;
    std::string content = "timestamp,model\n";
    for (int i = 0; i < 3000; ++i) {
      at += i == 1500 ? 7200 : (i / 500 % 2 == 0 ? 2 : 20) * rng.uniform();
      content += std::to_string(at) + "," + (i % 3 == 0 ? "a" : "b") + "\n";
    }
    return write(content);
  }
};

TEST_F(RowSources, MapSendsLabelsToItsRowsAndTheStarTakesTheRest) {
  auto spec = recorded(write("timestamp,model\n0,a\n1,b\n2,c\n3,a\n4,\n"));
  trace_of(spec).map = {{"b", "cond"}, {"*", "quality"}, {"a", "room-scene"}};
  std::vector<std::uint32_t> targets;
  for (const Arrival& a : arrivals_of(spec)) targets.push_back(a.target);
  EXPECT_EQ(targets, (std::vector<std::uint32_t>{2, 0, 1, 2, 1}));
}

TEST_F(RowSources, LabelsNotInTheMapAreDroppedAndCounted) {
  auto spec = recorded(write("timestamp,model\n0,a\n1,b\n2,c\n3,a\n4,\n"));
  trace_of(spec).map = {{"b", "cond"}, {"a", "room-scene"}};
  const auto source = make_source(spec, RngStreams(7), 1);
  EXPECT_EQ(seconds_of(collect(*source)), (std::vector<double>{0, 1, 3}));
  EXPECT_EQ(source->counts().rows, 3U);
  EXPECT_EQ(source->counts().dropped, (std::vector<std::pair<std::string, std::uint64_t>>{{"not in map", 2}}));
}

TEST_F(RowSources, LabelsOfTheMapThatNoRowHasAreToldWithThoseItDoesNotName) {
  auto spec = recorded(write("timestamp,model\n0,scene\n1,b\n2,c\n3,scene\n"));
  trace_of(spec).map = {{"scen", "room-scene"}, {"b", "cond"}, {"*", "quality"}};
  const auto source = make_source(spec, RngStreams(7), 1);
  collect(*source);
  EXPECT_EQ(source->counts().unused_labels, (std::vector<std::string>{"scen"}));
  EXPECT_EQ(source->counts().other_labels, (std::vector<std::string>{"scene", "c"}));
  trace_of(spec).map = {{"scene", "room-scene"}, {"b", "cond"}};
  const auto fine = make_source(spec, RngStreams(7), 1);
  collect(*fine);
  EXPECT_TRUE(fine->counts().unused_labels.empty());
  EXPECT_EQ(fine->counts().other_labels, (std::vector<std::string>{"c"})) << "which is dropped";
}

TEST_F(RowSources, TheFirstRowOfTheFileIsTimeZeroEvenIfTheMapDropsIt) {
  auto spec = recorded(write("timestamp,model\n100,x\n102,a\n"));
  trace_of(spec).map = {{"a", "quality"}};
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{2}));
}

TEST_F(RowSources, TheWindowsStartBecomesTimeZeroAndItsEndIsLeftOut) {
  auto spec = recorded(write("timestamp\n100\n105\n110\n115\n120\n"));
  trace_of(spec).from = seconds(5);
  trace_of(spec).to = seconds(15);
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{0, 5}));
}

TEST_F(RowSources, WithoutRebasingTimesStayAsRecorded) {
  auto spec = recorded(write("timestamp\n100\n105\n110\n"));
  trace_of(spec).rebase = false;
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{100, 105, 110}));
  trace_of(spec).from = seconds(105);
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{105, 110}));
}

TEST_F(RowSources, BehindTheWindowOnlyWhatMayStillBeLateIsRead) {
  auto spec = recorded(write("timestamp\n0\n5\n10\n20\nrubbish\n"));
  trace_of(spec).to = seconds(10);
  EXPECT_EQ(arrivals_of(spec).size(), 2U);
}

TEST_F(RowSources, ATracesOwnSizeWinsOverTheLawAndTheLawFillsInWhereThereIsNone) {
  auto spec = recorded(write("timestamp,size\n0,5\n1,6\n"));
  spec.size = Law{.kind = LawKind::deterministic, .mean = 9};
  EXPECT_EQ(arrivals_of(spec)[0].size, 5);
  spec = recorded(write("timestamp\n0\n1\n"));
  spec.size = Law{.kind = LawKind::deterministic, .mean = 9};
  EXPECT_EQ(arrivals_of(spec)[0].size, 9);
}

TEST_F(RowSources, TargetsAreDrawnWhereThereIsNoMap) {
  std::vector<double> hits(3);
  for (const Arrival& a : arrivals_of(recorded(stretches()), 10'000, 7, 3)) hits.at(a.target) += 1;
  for (const double count : hits) EXPECT_NEAR(count, 1000, 5 * std::sqrt(3000 * 2.0 / 9));
}

TEST_F(RowSources, StopsAfterTheQueriesAskedFor) {
  auto spec = recorded(stretches());
  spec.queries = 1234;
  EXPECT_EQ(arrivals_of(spec).size(), 1234U);
}

TEST_F(RowSources, TheSizeOfBlocksDoesNotChangeTheStream) {
  for (const double factor : {0.4, 1.0, 2.4}) {
    auto spec = recorded(stretches());
    trace_of(spec).rate_scale.factor = factor;
    spec.size = Law{.kind = LawKind::exponential, .mean = 1};
    const auto expected = as_text(arrivals_of(spec, 10'000, 7, 3, 1024));
    EXPECT_EQ(as_text(arrivals_of(spec, 10'000, 7, 3, 1)), expected);
    EXPECT_EQ(as_text(arrivals_of(spec, 10'000, 7, 3, 13)), expected);
  }
}

TEST_F(RowSources, ScaleOneIgnoresTheSeed) {
  const auto spec = recorded(stretches());
  EXPECT_EQ(as_text(arrivals_of(spec, 10'000, 7)), as_text(arrivals_of(spec, 10'000, 8)));
}

TEST_F(RowSources, ScalingDownKeepsAShareOfTheRowsAndNoOthers) {
  auto spec = recorded(stretches());
  const auto all = seconds_of(arrivals_of(spec));
  trace_of(spec).rate_scale.factor = 0.3;
  const auto kept = seconds_of(arrivals_of(spec));
  EXPECT_NEAR(static_cast<double>(kept.size()), 900, 5 * std::sqrt(3000 * 0.3 * 0.7));
  EXPECT_TRUE(std::includes(all.begin(), all.end(), kept.begin(), kept.end()));
}

TEST_F(RowSources, ThinningDoesNotMoveWhenTheMapDoes) {
  auto spec = recorded(stretches());
  trace_of(spec).rate_scale.factor = 0.3;
  trace_of(spec).map = {{"a", "cond"}, {"b", "quality"}};
  std::vector<double> both;
  for (const Arrival& a : arrivals_of(spec))
    if (a.target == 0) both.push_back(to_seconds(a.at));
  trace_of(spec).map = {{"a", "cond"}};
  EXPECT_EQ(seconds_of(arrivals_of(spec)), both);
}

TEST_F(RowSources, ScalingUpByAWholeNumberGivesExactlyThatManyAndKeepsTheRecordedInstants) {
  auto spec = recorded(stretches());
  const auto all = seconds_of(arrivals_of(spec));
  trace_of(spec).rate_scale.factor = 4;
  const auto scaled = seconds_of(arrivals_of(spec));
  EXPECT_EQ(scaled.size(), 4 * all.size());
  EXPECT_TRUE(std::is_sorted(scaled.begin(), scaled.end()));
  EXPECT_TRUE(std::includes(scaled.begin(), scaled.end(), all.begin(), all.end()));
}

TEST_F(RowSources, ScalingUpByAFractionHasTheRightMean) {
  auto spec = recorded(stretches());
  trace_of(spec).rate_scale.factor = 2.4;
  EXPECT_NEAR(static_cast<double>(arrivals_of(spec).size()), 2.4 * 3000, 5 * std::sqrt(3000 * 0.4 * 0.6));
}

TEST_F(RowSources, ScalingUpFollowsBusyAndQuietStretchesAndLeavesLongSilencesAlone) {
  auto spec = recorded(stretches());
  const auto all = bin_counts(arrivals_of(spec), 1000);
  trace_of(spec).rate_scale.factor = 20;
  const auto scaled = bin_counts(arrivals_of(spec), 1000);
  for (std::size_t bin = 0; bin < all.size(); ++bin)
    EXPECT_NEAR(scaled[bin], 20 * all[bin], 20 * 64) << "bin " << bin;  // copies stray over 64 rows at most
  const auto silent = std::count(scaled.begin(), scaled.end(), 0);
  EXPECT_GE(silent, 5) << "two hours of silence are seven bins, one may be cut on either side";
}

TEST_F(RowSources, CopiesFillTheGapsInsteadOfPilingUp) {
  auto spec = recorded(stretches());
  trace_of(spec).rate_scale.factor = 10;
  auto at = seconds_of(arrivals_of(spec, 4500));
  at.erase(at.begin(), at.begin() + 1000);  // rows 100 to 450, past the start: gaps even in [0, 2) s
  std::vector<double> scvs;
  for (std::size_t begin = 0; begin + 350 <= at.size(); begin += 350) {
    double squares = 0;
    for (std::size_t i = begin + 1; i < begin + 350; ++i) squares += (at[i] - at[i - 1]) * (at[i] - at[i - 1]);
    const double mean = (at[begin + 349] - at[begin]) / 349;
    scvs.push_back(squares / 349 / (mean * mean) - 1);
  }
  const Interval scv = interval_of(scvs);
  EXPECT_NEAR(scv.mean, 1, scv.half_width) << "many independent copies look like Poisson arrivals close up";
  EXPECT_LT(scv.half_width, 0.35);
}

TEST_F(RowSources, CopiesStayInsideTheWindow) {
  auto spec = recorded(stretches());
  trace_of(spec).rate_scale.factor = 50;
  trace_of(spec).from = seconds(100);
  trace_of(spec).to = seconds(300);
  const auto at = seconds_of(arrivals_of(spec));
  EXPECT_GT(at.size(), 5000U);
  EXPECT_LT(at.back(), 200);
  EXPECT_GE(at.front(), 0);
}

TEST_F(RowSources, AShortRecordingCanBeScaledToo) {
  auto spec = recorded(write("timestamp\n0\n10\n20\n"));
  trace_of(spec).rate_scale.factor = 100;
  const auto at = seconds_of(arrivals_of(spec));
  EXPECT_EQ(at.size(), 300U);
  EXPECT_LE(at.back(), 40);
  spec = recorded(write("timestamp\n5\n"));
  trace_of(spec).rate_scale.factor = 3;
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{0, 0, 0}));
}

}  // namespace
}  // namespace windtunnel::testing
