// Given numbers of queries in spans: that many come, and inside a span they come as they should.
#include "sim/workload/span_counts.hpp"

#include "sources.hpp"

namespace windtunnel::testing {
namespace {

using SpanNumbers = std::vector<double>;

WorkloadSpec span_counts(double rate, double width, SpanNumbers counts,
                         std::map<std::string, ParamSet::Value> more = {}) {
  more.insert({{"rate", rate}, {"width", width}, {"counts", std::move(counts)}});
  return synthetic("span_counts", more);
}

/// Counts in bins of one width over the first `bins` of them.
SpanNumbers counts_in(const WorkloadSpec& spec, double width_s, std::size_t bins, std::uint64_t seed) {
  SpanNumbers out(bins);
  const auto source = make_source(spec, RngStreams(seed), 1);
  Arrival query;
  while (source->next({&query, 1}) == 1) {
    const auto bin = static_cast<std::size_t>(to_seconds(query.at) / width_s);
    if (bin >= bins) break;
    out[bin] += 1;
  }
  return out;
}

TEST(SpanCounts, EverySpanBringsItsOwnAndThenTheFirstComesAgain) {
  // A mean of 20 in 10 s is what [10, 0, 50] gives at 2/s; whole numbers leave nothing over to the next span.
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    EXPECT_EQ(counts_in(span_counts(2, 10, {1, 0, 5}), 10, 6, seed), (SpanNumbers{10, 0, 50, 10, 0, 50}));
}

TEST(SpanCounts, FractionsAreCarriedSoThatNoSpanIsOffByOne) {
  double in_all = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto counts = counts_in(span_counts(0.03, 10, {1}), 10, 7, seed);
    double sum = 0;
    for (const double count : counts) {
      EXPECT_LE(count, 1);
      sum += count;
    }
    EXPECT_LT(std::abs(sum - 2.1), 1);
    in_all += sum;
  }
  EXPECT_NEAR(in_all / 400, 2.1, 5 * std::sqrt(0.1 * 0.9 / 400));
}

TEST(SpanCounts, InsideASpanTheyLieEvenly) {
  SpanNumbers tenths(10);
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto counts = counts_in(span_counts(10, 100, {1}), 10, 10, seed);
    for (std::size_t i = 0; i < 10; ++i) tenths[i] += counts[i];
  }
  for (const double count : tenths) EXPECT_NEAR(count, 5000, 5 * std::sqrt(50'000 * 0.1 * 0.9));
}

TEST(SpanCounts, AChainSharesOutTheSpansQueriesAndAddsNone) {
  const auto spec = span_counts(10, 100, {1, 3}, {{"levels", SpanNumbers{0, 1}}, {"sojourn", SpanNumbers{4, 2}}});
  double silent = 0, seconds = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    EXPECT_EQ(counts_in(spec, 100, 4, seed), (SpanNumbers{500, 1500, 500, 1500}));
    for (const double count : counts_in(spec, 1, 400, seed)) silent += count == 0 ? 1 : 0;
    seconds += 400;
  }
  // A second lies wholly in a silent state (share 2/3, which lasts 4 s) with probability 2/3 exp(-1/4). Of 16,000
  // seconds with a correlation time of 4/3 s: 1 / (1/2 + 1/4).
  const double share = 2.0 / 3 * std::exp(-0.25);
  EXPECT_NEAR(silent / seconds, share, 5 * std::sqrt(share * (1 - share) * 2 * 4.0 / 3 / seconds));
}

TEST(SpanCounts, AChainThatIsSilentThroughoutASpanLeavesItsQueriesEven) {
  const auto spec = span_counts(1, 1, {1}, {{"levels", SpanNumbers{0, 1}}, {"sojourn", SpanNumbers{1000, 1}}});
  EXPECT_EQ(counts_in(spec, 1, 50, 3), SpanNumbers(50, 1));
}

TEST(SpanCounts, ACurveThinsThem) {
  auto spec = span_counts(5, 10, {1});
  std::get<ArrivalSpec>(spec.source).curve = RateCurve{.period_s = 20, .points = {2, 0}, .step = true};
  const auto counts = counts_in(spec, 10, 4, 1);
  EXPECT_EQ(counts, (SpanNumbers{100, 0, 100, 0}));  // the curve's largest value keeps all
}

TEST(SpanCounts, BatchesCountAgainstTheirSpansNumber) {
  auto spec = span_counts(2, 10, {1, 0, 5});
  std::get<ArrivalSpec>(spec.source).batch = Law{.kind = LawKind::discrete, .values = {1, 4}, .weights = {1, 1}};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    double due = 0, came = 0;
    const auto counts = counts_in(spec, 10, 6, seed);
    for (std::size_t i = 0; i < 6; ++i) {
      due += SpanNumbers{10, 0, 50}[i % 3];
      came += counts[i];
      EXPECT_GE(came, due);  // a batch is not cut
      EXPECT_LE(came, due + 3);
    }
  }
}

TEST(SpanCounts, WhatCannotBeIsRefusedWithTheWayOut) {
  const auto wrong = [](const std::map<std::string, ParamSet::Value>& given) {
    return check_process("span_counts", params_of("span_counts", given));
  };
  const std::map<std::string, ParamSet::Value> fine{{"rate", 1.0}, {"width", 10.0}, {"counts", SpanNumbers{1, 2}}};
  const auto with = [&](std::map<std::string, ParamSet::Value> more) {
    more.insert(fine.begin(), fine.end());
    return wrong(more);
  };
  EXPECT_EQ(wrong(fine), "");
  EXPECT_NE(with({{"counts", SpanNumbers{0, 0}}}).find("all are 0"), std::string::npos);
  EXPECT_NE(with({{"counts", SpanNumbers{}}}).find("no span"), std::string::npos);
  EXPECT_NE(with({{"sojourn", SpanNumbers{1}}}).find("without levels"), std::string::npos);
  EXPECT_NE(with({{"levels", SpanNumbers{1, 2}}}).find("give one"), std::string::npos);
  EXPECT_NE(with({{"levels", SpanNumbers{0, 0}}, {"sojourn", SpanNumbers{1, 1}}}).find("all are 0"), std::string::npos);
  EXPECT_NE(with({{"levels", SpanNumbers{1, 2}}, {"sojourn", SpanNumbers{1e-6, 1}}}).find("over a million"),
            std::string::npos);
  EXPECT_NE(with({{"rate", 1e-8}, {"width", 1.0}}).find("longer"), std::string::npos);
}

}  // namespace
}  // namespace windtunnel::testing
