// Tables in, figures out: recognised by columns, fitted to what is known to be true.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/fit/fit_contention.hpp"
#include "models/fit/fit_work_span.hpp"
#include "models/fit/nelder_mead.hpp"
#include "models/fit/peak_memory.hpp"
#include "models/fit/profile_text.hpp"

namespace windtunnel {
namespace {

using ::testing::HasSubstr;

TEST(NelderMead, FindsTheBottomOfRosenbrocksValley) {
  const auto valley = [](std::span<const double> x) {
    return 100 * std::pow(x[1] - x[0] * x[0], 2) + std::pow(1 - x[0], 2);
  };
  const Minimum found = nelder_mead(valley, {-1.2, 1}, {{-2, -2}, {2, 2}});
  EXPECT_NEAR(found.at[0], 1, 1e-5);
  EXPECT_NEAR(found.at[1], 1, 1e-5);
}

TEST(NelderMead, StopsAtTheWallAndNeverAsksBeyondIt) {
  bool inside = true;
  const auto slope = [&](std::span<const double> x) {
    inside = inside && x[0] >= 0 && x[0] <= 1 && x[1] >= 0 && x[1] <= 1;
    return x[0] + 2 * x[1];
  };
  const Minimum found = nelder_mead(slope, {0.7, 0.9}, {{0, 0}, {1, 1}});
  EXPECT_NEAR(found.value, 0, 1e-9);
  EXPECT_TRUE(inside);
}

std::vector<Measurement> rows_of(const WorkSpan& law, std::initializer_list<double> shares) {
  std::vector<Measurement> rows;
  for (const double share : shares)
    for (const double items : {1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0}) {
      Measurement row;
      row.items = items;
      row.share = share;
      row.time_s = law.time_s(items, share);
      rows.push_back(row);
    }
  return rows;
}

TEST(FitWorkSpan, FindsTheLawThatMadeTheRows) {
  for (const WorkSpan& law : {WorkSpan{4.7e-3, 0, 0.386e-3, 2.29}, WorkSpan{10e-3, 3e-3, 1.1e-3, 2.1},
                              WorkSpan{0.02, 0.1e-3, 0.5e-3, 9}, WorkSpan{1e-3, 0, 0.6e-3, 1}}) {
    const auto fit = fit_work_span(rows_of(law, {1.0 / 7, 1}));
    ASSERT_TRUE(fit);
    EXPECT_LT(fit->worst, 2e-3);
    EXPECT_NEAR(fit->law.a_s, law.a_s, 0.02 * law.a_s);
    EXPECT_NEAR(fit->law.w_s, law.w_s, 0.02 * law.w_s);
    EXPECT_EQ(fit->least_share, 1.0 / 7);
    EXPECT_EQ(fit->most_items, 64);
  }
}

TEST(FitWorkSpan, IsTheSameEveryTime) {
  const auto rows = rows_of({4.7e-3, 1e-5, 0.386e-3, 2.29}, {0.2, 0.7, 1});
  EXPECT_EQ(fit_work_span(rows)->law.p, fit_work_span(rows)->law.p);
}

TEST(FitWorkSpan, RefusesTwoSettings) {
  auto rows = rows_of({4.7e-3, 0, 0.386e-3, 2.29}, {1});
  rows.resize(2);
  const auto fit = fit_work_span(rows);
  ASSERT_FALSE(fit);
  EXPECT_THAT(fit.problems().front().text(), HasSubstr("2 different settings"));
}

TEST(FitContention, FindsTheFiguresThatMadeThePairs) {
  const Contention a{.slowdown = 0.02, .launch_s = 0.1e-3, .pressure_s = 2e-5, .exposure_s = 3e-5};
  const Contention b{.slowdown = 0.05, .launch_s = 0.4e-3, .pressure_s = 1e-4, .exposure_s = 1e-5};
  std::vector<PairMeasurement> pairs;
  for (const double items_a : {1.0, 4.0, 16.0})
    for (const double items_b : {1.0, 8.0, 32.0})
      for (const double share : {0.3, 0.7}) {
        PairMeasurement p;
        p.sides[0] = {"a", items_a, share, 0.5e-3 + 0.1e-3 * items_a / share, 0};
        p.sides[1] = {"b", items_b, 1 - share, 2e-3 + 0.5e-3 * items_b / (1 - share), 0};
        const double rate_a = items_a / p.sides[0].solo_s, rate_b = items_b / p.sides[1].solo_s;
        p.sides[0].company_s =
            p.sides[0].solo_s * contention_factor(a, {items_a, p.sides[0].solo_s, 1, b.pressure_s * rate_b});
        p.sides[1].company_s =
            p.sides[1].solo_s * contention_factor(b, {items_b, p.sides[1].solo_s, 1, a.pressure_s * rate_a});
        pairs.push_back(p);
      }
  const ContentionFit fit = fit_contention(pairs);
  EXPECT_LT(fit.mape, 1e-6);
  EXPECT_NEAR(fit.models.at("b").pressure_s, b.pressure_s, 1e-3 * b.pressure_s);
  EXPECT_NEAR(fit.models.at("a").launch_s, a.launch_s, 1e-3 * a.launch_s);
  EXPECT_GT(fit.constant_mape, 0.01);
}

TEST(PeakMemory, GrowsInProportionBeyondTheLastPeakEvenWhereThatFell) {
  std::vector<Measurement> rows(3);
  const double items[] = {1, 2, 32}, bytes[] = {3e9, 4e9, 10e9};
  for (std::size_t i = 0; i < 3; ++i) {
    rows[i].items = items[i];
    rows[i].memory_bytes = bytes[i];
  }
  const PeakMemory peaks(rows);
  EXPECT_DOUBLE_EQ(peaks.fixed_bytes(), 2e9);
  EXPECT_DOUBLE_EQ(peaks.at(2), 4e9);
  EXPECT_DOUBLE_EQ(peaks.at(17), 7e9);
  EXPECT_DOUBLE_EQ(peaks.at(64), 18e9);
}

CsvTable table(std::string_view text) {
  auto parsed = parse_csv(text, "t.csv");
  if (!parsed) throw std::invalid_argument(parsed.problems().front().text());
  return *parsed;
}

TEST(Tables, AreKnownByTheirColumnsInAnyOrder) {
  EXPECT_EQ(*recognise(table("latency_ms,share,batch\n").columns, "x"), TableKind::solo);
  EXPECT_EQ(*recognise(table("active_thread_pct,latency_ms,model,batch\n").columns, "x"), TableKind::caps);
  EXPECT_EQ(*recognise(table("status,peak_memory_gb,latency_s,images_per_batch,device\n").columns, "x"),
            TableKind::images);
}

TEST(Tables, WithOtherColumnsGetOneMessageWithTheNearestKind) {
  const auto kind = recognise(table("model,batch,active_thread,latency_ms\n1,1,1,1\n").columns, "mine.csv");
  ASSERT_FALSE(kind);
  ASSERT_EQ(kind.problems().size(), 1u);
  const std::string text = kind.problems().front().text();
  EXPECT_THAT(text, HasSubstr("mine.csv: no kind of table has the columns model, batch, active_thread, latency_ms"));
  EXPECT_THAT(text, HasSubstr("the nearest, caps, misses active_thread_pct"));
  EXPECT_THAT(text, HasSubstr("known kinds: "));
}

TEST(Tables, BadCellsAreAllNamedAtOnce) {
  const auto rows = measurements(table("batch,latency_ms,share\n1,fast,1\n2,5,70\n,5,1\n"), TableKind::solo);
  ASSERT_FALSE(rows);
  std::string all;
  for (const auto& p : rows.problems()) all += p.text() + "\n";
  EXPECT_THAT(all, HasSubstr("t.csv:2: latency_ms \"fast\" is not a number"));
  EXPECT_THAT(all, HasSubstr("t.csv:3: share 70 is outside (0, 1]"));
  EXPECT_THAT(all, HasSubstr("t.csv:4: batch is empty"));
}

TEST(Csv, QuotedCellsHoldCommasAndShortRowsAreRefused) {
  EXPECT_EQ(table("a,b\r\n\"1,2\",\"x\"\"y\"\r\n").rows[0].cells, (std::vector<std::string>{"1,2", "x\"y"}));
  const auto bad = parse_csv("a,b\n1\n", "t.csv");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.problems().front().text(),
            "t.csv:2: has 1 cells, the header 2; give every row as many cells as the header");
}

TEST(ProfileText, SaysResidualsAndRange) {
  const auto text =
      fitted_profiles(table("model,batch,share,latency_ms\nm 1,1,1,5\nm 1,8,1,6\nm 1,32,1,14\nm 1,1,0.2,6\n"
                            "m 1,32,0.2,65\n"));
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr("  m-1:\n"));
  EXPECT_THAT(*text, HasSubstr("law: work_span"));
  EXPECT_THAT(*text, HasSubstr("measured: {items: [1, 32], shares: [0.2, 1]}"));
  EXPECT_THAT(*text, HasSubstr("# mean error"));
}

}  // namespace
}  // namespace windtunnel
