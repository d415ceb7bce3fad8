// What is no query, or none that is evaluated here, is said with its column; and no text crashes.
#include <random>

#include "sim/metrics/metric_table.hpp"
#include "sim/scenario/query_check.hpp"
#include "tests/metrics/harness.hpp"

namespace windtunnel::testing {
namespace {

std::string problem_of(const std::string& text) {
  const auto query = check_query(text);
  return query ? "" : query.problems().front().text();
}

TEST(PromProblem, NamesTheConstructAndItsColumn) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"sum(rate(http_requests_total[5m:1m]))", "column 29: a subquery is not evaluated here"},
      {"topk(3, up)", "column 1: topk is not evaluated here"},
      {"up @ 5", "column 4: the @ modifier"},
      {"rate(up)", "column 6: rate takes a range vector here, not an instant vector; give it a range"},
      {"1 + rate(up[5m", "column 15: expected \"]\""},
      {"nosuch(up)", "column 1: unknown function \"nosuch\""},
      {"up{job=~\"(\"}", "column 9: the pattern \"(\""},
      {"up[5m]", "column 1: the query is a range vector"},
      {"1 == 1", "column 3: comparisons of two scalars need the word bool"},
      {"up offset -5m", "column 4: a negative offset"},
      {"{job=~\".*\"}", "column 1: a selector needs"},
      {"sum by (pod (up)", "column 13: expected \",\""},
      {"up{job=\"x}", "column 8: a string does not end"},
      {"", "column 1: expected an expression"},
      {"clamp_max(up)", "column 1: clamp_max takes 2 arguments, not 1"},
      {"up and 1", "column 4: and, or and unless take two instant vectors"},
      {"up ^ 5x", "column 6: \"5x\" is no number"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(problem_of(text).substr(0, wanted.size()), wanted) << text;
}

TEST(PromProblem, NamesTheNearestMetricThatSomeExporterOffers) {
  const std::string problem = problem_of("sum(vllm:num_request_waiting)");
  EXPECT_NE(problem.find("column 5: no exporter offers the metric \"vllm:num_request_waiting\""), std::string::npos)
      << problem;
  EXPECT_NE(problem.find("did you mean \"vllm:num_requests_waiting\"?"), std::string::npos) << problem;
  EXPECT_EQ(problem_of("histogram_quantile(0.9, rate(http_request_duration_seconds_bucket[1m]))"), "");
}

TEST(PromProblem, DepthAndLengthAreBounded) {
  EXPECT_NE(problem_of(std::string(5000, '(')), "");
  EXPECT_NE(problem_of(std::string(5000, '-') + "1"), "");
  std::string chain = "1";
  for (int i = 0; i < 3000; ++i) chain += "+1";
  EXPECT_NE(problem_of(chain), "");
  std::string tower = "1";
  for (int i = 0; i < 3000; ++i) tower += "^1";
  EXPECT_NE(problem_of(tower), "");
  EXPECT_NE(problem_of(std::string(20000, ' ') + "1"), "");
  EXPECT_NE(problem_of("up{job=~\"((((a{999}){999}){999}){999})\"}"), "");
}

TEST(PromProblem, MutatedQueriesEndInAnAnswerOrAProblem) {
  SeriesStore store;
  fill(store, "up", {{"job", "a"}, {"le", "1"}}, {1, 2, 3});
  fill(store, "up", {{"job", "b"}, {"le", "+Inf"}}, {4, 5, 6});
  const std::vector<std::string> seeds = {
      "sum by (job) (rate(up{job=~\"a|b.*\",le!=\"\"}[1m] offset 15s)) / on(job) group_left(le) max(up) by (job, le)",
      "histogram_quantile(0.95, sum(rate(up[30s])) by (le)) > bool 1.5e3 or vector(0)",
      "clamp_min(avg_over_time(up[1m]), -2 ^ 3) unless {__name__=~\"u[p-z]\", job!~\"x{1,3}\"}",
      "scalar(absent(up)) + time() % 7 == bool 0x1F"};
  const std::string letters = "(){}[],+-*/%^<>=!~:@\"'`\\ abup05ms.#\n\x80";
  std::mt19937 random(7);
  int parsed = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = seeds[random() % seeds.size()];
    for (std::size_t n = random() % 4; n + 1 > 0 && n < 4; --n) {
      const std::size_t at = random() % text.size(), kind = random() % 3;
      if (kind == 0) text[at] = letters[random() % letters.size()];
      if (kind == 1) text.insert(at, 1, letters[random() % letters.size()]);
      if (kind == 2 && text.size() > 1) text.erase(at, 1 + random() % 3);
      if (n == 0) break;
    }
    auto query = promql::parse_query(text);
    if (!query) {
      EXPECT_EQ(query.problems().front().where.substr(0, 7), "column ") << text;
      continue;
    }
    ++parsed;
    PreparedQuery prepared(std::move(*query), store);
    (void)prepared.at(30000);
  }
  EXPECT_GT(parsed, 1000);
  EXPECT_LT(parsed, 19000);
}

TEST(PromPattern, MatchesWhatRe2Does) {
  const auto matches = [](const std::string& pattern, const std::string& text) {
    const auto compiled = promql::Pattern::compile(pattern);
    EXPECT_TRUE(compiled.has_value()) << pattern;
    return compiled && compiled->matches(text);
  };
  EXPECT_TRUE(matches("a|bc|d", "bc"));
  EXPECT_FALSE(matches("a|bc|d", "b"));
  EXPECT_TRUE(matches("(a|b)*c+d?", "abbacc"));
  EXPECT_FALSE(matches("(a|b)*c+d?", "abba"));
  EXPECT_TRUE(matches("x{2,3}y{2}", "xxxyy"));
  EXPECT_FALSE(matches("x{2,3}y{2}", "xyy"));
  EXPECT_TRUE(matches("x{2,}", "xxxxx"));
  EXPECT_TRUE(matches("[^0-9_-]+", "abc"));
  EXPECT_FALSE(matches("[^0-9_-]+", "a-c"));
  EXPECT_TRUE(matches("^pod-\\d+$", "pod-12"));
  EXPECT_TRUE(matches("(?i)GPU", "gpu"));
  EXPECT_TRUE(matches("", ""));
  EXPECT_TRUE(matches("(a*)*", "aaaa"));
  EXPECT_TRUE(matches("a.c", "abc"));
  EXPECT_FALSE(matches("a\\.c", "abc"));
  // Linear where backtracking would take for ever.
  EXPECT_FALSE(matches("(a*)*b", std::string(2000, 'a')));
}

TEST(MetricTable, RowsStandInTheOrderOfTheirIds) {
  const auto rows = metric_table();
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(rows[i].id), i) << rows[i].name;
  ASSERT_LT(rows.size(), 64U);
  EXPECT_EQ(latency_bounds().size(), 16U);
}

}  // namespace
}  // namespace windtunnel::testing
