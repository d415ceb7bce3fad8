// What queries say of a store filled by hand. The same functions against a real Prometheus: prometheus_test.py.
#include "tests/metrics/harness.hpp"

namespace windtunnel::testing {
namespace {

using Answer = std::map<std::string, double>;
const double kGap = std::nan("");

TEST(PromRate, ExtrapolatesToTheWindowsEdges) {
  SeriesStore store;
  fill(store, "c_total", {}, {0, 15, 30, 45, 60});
  // All of [0, 60] is sampled: exactly 1/s, increase 60.
  EXPECT_DOUBLE_EQ(one(store, "rate(c_total[1m])", 60), 1);
  EXPECT_DOUBLE_EQ(one(store, "increase(c_total[1m])", 60), 60);
  // At 65 the window is [5, 65], samples 15 to 60: 10 s before and 5 s after are nearer than 1.1 steps.
  EXPECT_DOUBLE_EQ(one(store, "increase(c_total[1m])", 65), 45.0 * (45 + 10 + 5) / 45);
}

TEST(PromRate, ExtendsByHalfAStepWhereNoSampleIsNear) {
  SeriesStore store;
  fill(store, "c_total", {}, {kGap, kGap, kGap, 100, 110, 120});
  // Window [0, 100], samples 45, 60, 75: 45 s before and 25 s after are further than 16.5 s, so 7.5 s each.
  EXPECT_DOUBLE_EQ(one(store, "increase(c_total[100s])", 100), 20.0 * (30 + 7.5 + 7.5) / 30);
}

TEST(PromRate, NeverExtrapolatesACounterBelowZero) {
  SeriesStore store;
  fill(store, "c_total", {}, {kGap, 5, 20, 35});
  // 5 at 15 s, 1/s: zero was 5 s before the first sample, not 15.
  EXPECT_DOUBLE_EQ(one(store, "increase(c_total[1m])", 60 - 15), 30.0 * (30 + 5) / 30);
  EXPECT_DOUBLE_EQ(one(store, "delta(c_total[45s])", 45), 30.0 * (30 + 15) / 30);  // a gauge may have been below
}

TEST(PromRate, AddsWhatAResetTookAway) {
  SeriesStore store;
  fill(store, "c_total", {}, {10, 20, 5, 15});
  EXPECT_DOUBLE_EQ(one(store, "increase(c_total[45s])", 45), 10 + 5 + 10);
  EXPECT_DOUBLE_EQ(one(store, "resets(c_total[45s])", 45), 1);
  EXPECT_DOUBLE_EQ(one(store, "irate(c_total[45s])", 45), 10.0 / 15);
  EXPECT_DOUBLE_EQ(one(store, "irate(c_total[45s])", 30), 5.0 / 15);
}

TEST(PromRate, NeedsTwoSamples) {
  SeriesStore store;
  fill(store, "c_total", {}, {10, 20});
  EXPECT_EQ(ask(store, "rate(c_total[10s])", 15), Answer{});
  EXPECT_EQ(ask(store, "rate(c_total[15s])", 15).size(), 1U);  // windows are closed on both sides
}

TEST(PromOverTime, TakesTheSamplesOfTheWindow) {
  SeriesStore store;
  fill(store, "g", {}, {4, 1, 3, 2});
  EXPECT_DOUBLE_EQ(one(store, "avg_over_time(g[30s])", 45), 2);
  EXPECT_DOUBLE_EQ(one(store, "max_over_time(g[30s])", 45), 3);
  EXPECT_DOUBLE_EQ(one(store, "min_over_time(g[1m])", 45), 1);
  EXPECT_DOUBLE_EQ(one(store, "sum_over_time(g[1m])", 45), 10);
  EXPECT_DOUBLE_EQ(one(store, "count_over_time(g[1m])", 45), 4);
  EXPECT_DOUBLE_EQ(one(store, "last_over_time(g[1m])", 45), 2);
  EXPECT_DOUBLE_EQ(one(store, "quantile_over_time(0.5, g[1m])", 45), 2.5);
  EXPECT_DOUBLE_EQ(one(store, "avg_over_time(g[30s] offset 15s)", 45), 8.0 / 3);
  EXPECT_DOUBLE_EQ(one(store, "changes(g[1m])", 45), 3);
  EXPECT_DOUBLE_EQ(one(store, "stdvar_over_time(g[1m])", 45), 1.25);
}

TEST(PromSelector, LooksBackFiveMinutesAndNoFurther) {
  SeriesStore store;
  fill(store, "g", {}, {7});
  EXPECT_DOUBLE_EQ(one(store, "g", 300), 7);
  EXPECT_EQ(ask(store, "g", 300.001), Answer{});
  EXPECT_DOUBLE_EQ(one(store, "absent(g{a=\"b\"})", 0), 1);
}

TEST(PromSelector, AStaleMarkerEndsASeriesAtOnce) {
  SeriesStore store;
  fill(store, "g", {}, {7, 8});
  store.end(store.by_name().at("g").front(), 30000);
  EXPECT_DOUBLE_EQ(one(store, "g", 29.999), 8);
  EXPECT_EQ(ask(store, "g", 30), Answer{});
  EXPECT_DOUBLE_EQ(one(store, "count_over_time(g[1m])", 45), 2);  // a marker is no sample
}

TEST(PromSelector, MatchesLabels) {
  SeriesStore store;
  fill(store, "g", {{"pod", "a-1"}}, {1});
  fill(store, "g", {{"pod", "a-20"}}, {2});
  fill(store, "g", {{"pod", "b-1"}}, {4});
  EXPECT_DOUBLE_EQ(one(store, "sum(g{pod=~\"a-[0-9]+\"})", 0), 3);
  EXPECT_DOUBLE_EQ(one(store, "sum(g{pod!~\"a.*\"})", 0), 4);
  EXPECT_DOUBLE_EQ(one(store, "sum(g{pod!=\"b-1\"})", 0), 3);
  EXPECT_EQ(ask(store, "g{pod=~\"a\"}", 0), Answer{}) << "a pattern matches the whole value";
  EXPECT_DOUBLE_EQ(one(store, "sum({__name__=~\"g|h\",none=\"\"})", 0), 7);
}

TEST(PromAggregate, GroupsByAndWithout) {
  SeriesStore store;
  fill(store, "g", {{"m", "x"}, {"pod", "1"}}, {1});
  fill(store, "g", {{"m", "x"}, {"pod", "2"}}, {5});
  fill(store, "g", {{"m", "y"}, {"pod", "3"}}, {9});
  const Answer sums{{"{m=\"x\"}", 6}, {"{m=\"y\"}", 9}};
  EXPECT_EQ(ask(store, "sum by (m) (g)", 0), sums);
  EXPECT_EQ(ask(store, "sum(g) without (pod)", 0), sums);
  EXPECT_EQ(ask(store, "avg(g)", 0), (Answer{{"{}", 5}}));
  EXPECT_EQ(ask(store, "count(g > 2)", 0), (Answer{{"{}", 2}}));
  EXPECT_EQ(ask(store, "max by (m) (g)", 0), (Answer{{"{m=\"x\"}", 5}, {"{m=\"y\"}", 9}}));
  EXPECT_EQ(ask(store, "quantile(0.5, g)", 0), (Answer{{"{}", 5}}));
  EXPECT_EQ(ask(store, "sum(nothing)", 0), Answer{});
}

TEST(PromBinary, MatchesOneToOneAndManyToOne) {
  SeriesStore store;
  fill(store, "work", {{"m", "x"}, {"pod", "1"}}, {6});
  fill(store, "work", {{"m", "x"}, {"pod", "2"}}, {8});
  fill(store, "rate", {{"m", "x"}}, {2});
  fill(store, "twin", {{"m", "x"}, {"pod", "1"}}, {4});
  EXPECT_EQ(ask(store, "work / twin", 0), (Answer{{"{m=\"x\",pod=\"1\"}", 1.5}}));
  EXPECT_EQ(ask(store, "work / on(m) group_left rate", 0),
            (Answer{{"{m=\"x\",pod=\"1\"}", 3}, {"{m=\"x\",pod=\"2\"}", 4}}));
  EXPECT_EQ(ask(store, "work > bool 7", 0), (Answer{{"{m=\"x\",pod=\"1\"}", 0}, {"{m=\"x\",pod=\"2\"}", 1}}));
  EXPECT_EQ(ask(store, "7 < work", 0), (Answer{{"work{m=\"x\",pod=\"2\"}", 8}}));
  EXPECT_EQ(ask(store, "work unless twin", 0), (Answer{{"work{m=\"x\",pod=\"2\"}", 8}}));
  EXPECT_EQ(ask(store, "sum(nothing) or vector(0)", 0), (Answer{{"{}", 0}}));
  const auto refused = ask(store, "work / on(m) rate", 0);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_NE(refused.begin()->first.find("column 6"), std::string::npos) << refused.begin()->first;
  EXPECT_NE(refused.begin()->first.find("group_left"), std::string::npos) << refused.begin()->first;
}

TEST(PromBinary, BindsAsPrometheusDoes) {
  SeriesStore store;
  EXPECT_DOUBLE_EQ(one(store, "2 ^ 3 ^ 2", 0), 512);
  EXPECT_DOUBLE_EQ(one(store, "-2 ^ 2", 0), -4);
  EXPECT_DOUBLE_EQ(one(store, "1 + 2 * 3 - 4 % 3", 0), 6);
  EXPECT_DOUBLE_EQ(one(store, "10 - 2 - 3", 0), 5);
  EXPECT_DOUBLE_EQ(one(store, "1 == bool 1", 0), 1);
  EXPECT_DOUBLE_EQ(one(store, "scalar(clamp_min(vector(3), 5)) + time()", 2), 7);
  EXPECT_DOUBLE_EQ(one(store, "round(vector(2.5))", 0), 3);
  EXPECT_DOUBLE_EQ(one(store, "0x1F + 1e1 + .5", 0), 41.5);
}

TEST(PromHistogram, QuantileIsLinearInsideABucket) {
  SeriesStore store;
  fill(store, "h_bucket", {{"le", "1"}}, {10});
  fill(store, "h_bucket", {{"le", "2"}}, {30});
  fill(store, "h_bucket", {{"le", "+Inf"}}, {40});
  EXPECT_DOUBLE_EQ(one(store, "histogram_quantile(0.5, h_bucket)", 0), 1.5);
  EXPECT_DOUBLE_EQ(one(store, "histogram_quantile(0.1, sum by (le) (h_bucket))", 0), 0.4);
  EXPECT_DOUBLE_EQ(one(store, "histogram_quantile(0.99, h_bucket)", 0), 2) << "beyond the last bound: that bound";
  EXPECT_TRUE(std::isnan(one(store, "histogram_quantile(0.9, h_bucket * 0)", 0))) << "no traffic";
}

TEST(SeriesStore, KeepsNoMoreThanQueriesLookBack) {
  SeriesStore store;
  store.keep_for(600'000);
  const SeriesId id = store.open({{"__name__", "g"}});
  for (std::int64_t i = 0; i < 100'000; ++i) store.append(id, i * 15'000, 1);
  EXPECT_EQ(store.samples(id).size(), 41U);
  store.append(id, 0, 5);
  EXPECT_EQ(store.samples(id).back().value, 1) << "an older sample is dropped";
}

TEST(SeriesStore, ForgetsSeriesOfPodsLongGone) {
  SeriesStore store;
  auto query = promql::parse_query("sum by (pod) (g)");
  PreparedQuery prepared(std::move(*query), store);
  for (std::int64_t i = 0; i < 20'000; ++i) {
    const SeriesId id = store.open({{"__name__", "g"}, {"pod", std::to_string(i)}});
    store.append(id, i * 60'000, static_cast<double>(i));
    store.drop_old(i * 60'000);
    const QueryAnswer answer = prepared.at(i * 60'000);
    ASSERT_EQ(answer.vector.size(), std::min<std::size_t>(static_cast<std::size_t>(i) + 1, 6));
    ASSERT_EQ(label_value(store.labels()[answer.vector.back().labels], "pod"), std::to_string(i));
  }
  EXPECT_EQ(store.size(), 6U);
  EXPECT_LT(store.labels().size(), 10'000U);
}

}  // namespace
}  // namespace windtunnel::testing
