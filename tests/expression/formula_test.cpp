#include "policies/expression/formula.hpp"

#include <cmath>
#include <cstdio>
#include <ctime>
#include <string>

#include <gtest/gtest.h>

#include "policies/expression/keda_formula.hpp"

namespace windtunnel::expression {
namespace {

Problem problem_of(const std::string& text, const std::vector<std::string>& names = {}) {
  const auto compiled = Formula::compile(text, names);
  const auto* problem = std::get_if<Problem>(&compiled);
  return problem == nullptr ? Problem{.column = -1, .what = "accepted"} : *problem;
}

double number_of(const std::string& text, const std::vector<std::string>& names = {},
                 const std::vector<Value>& values = {}) {
  const auto compiled = Formula::compile(text, names);
  if (std::holds_alternative<Problem>(compiled)) return std::nan("");
  const Outcome outcome = std::get<Formula>(compiled).evaluate(values);
  return outcome.problem || !outcome.value.is_number() ? std::nan("") : outcome.value.number();
}

TEST(Formula, AProblemStandsAtItsColumn) {
  EXPECT_EQ(problem_of("1 + backlag", {"backlog"}).column, 5);
  EXPECT_EQ(problem_of("1 +").column, 4);
  EXPECT_EQ(problem_of("(1 + 2").column, 7);
  EXPECT_EQ(problem_of("1 + @").column, 5);
  EXPECT_EQ(problem_of("a % 2", {"a"}).column, 3);
  EXPECT_EQ(problem_of("max(1, \"a\")").column, 8);
  EXPECT_EQ(problem_of("a ? 1 : 2", {"a"}).column, 1);
  EXPECT_EQ(problem_of("\"h\xC3\xA9llo\" + 1").column, 9) << "characters count, not bytes";
}

TEST(Formula, AProblemNamesTheWayOut) {
  EXPECT_EQ(problem_of("1 + backlag", {"backlog", "queued"}).message(),
            "column 5: unknown name \"backlag\"; did you mean \"backlog\"? (known: backlog, queued)");
  EXPECT_NE(problem_of("a % 2", {"a"}).hint.find("int(...)"), std::string::npos);
  EXPECT_NE(problem_of("a = 2", {"a"}).hint.find("=="), std::string::npos);
  EXPECT_NE(problem_of("maxx(1, 2)").hint.find("\"max\""), std::string::npos);
}

TEST(Formula, WhatTheLanguageHasAndThisDoesNotIsNamedWithItsColumn) {
  const Problem problem = problem_of("1 + a.b", {"a"});
  EXPECT_TRUE(problem.not_modelled);
  EXPECT_EQ(problem.column, 6);
  EXPECT_EQ(problem_of("1 + groupBy([1], #)").what, "the function groupBy is not modelled");
}

TEST(Formula, AFailureAtRunTimeHasAColumnToo) {
  const auto formula = std::get<Formula>(Formula::compile("b + (a + 1)", {"a", "b"}));
  const Outcome outcome = formula.evaluate(std::vector<Value>{Value(), Value(1.0)});
  ASSERT_TRUE(outcome.problem.has_value());
  EXPECT_EQ(outcome.problem->column, 8);
  EXPECT_NE(outcome.problem->hint.find("??"), std::string::npos);
}

TEST(Formula, NestingAndSizeAreBounded) {
  const std::string deep(100'000, '(');
  EXPECT_TRUE(problem_of(deep).not_modelled);
  EXPECT_TRUE(problem_of(std::string(5'000, '(')).not_modelled);
  EXPECT_TRUE(problem_of(std::string(5'000, '-') + "1").not_modelled);
  EXPECT_TRUE(problem_of(std::string(5'000, '[')).not_modelled);
  std::string chain = "1";
  for (int i = 0; i < 2'000; ++i) chain += "+1";
  EXPECT_TRUE(problem_of(chain).not_modelled);
  std::string comparisons = "1";
  for (int i = 0; i < 40; ++i) comparisons = "(" + comparisons + "<2<3?1:2)";
  EXPECT_NE(problem_of("1<" + comparisons + "<3").column, 0) << "doubling must end";
}

TEST(Formula, WorkAndMemoryAreBounded) {
  EXPECT_TRUE(std::isnan(number_of("len(1..2000000)")));
  EXPECT_TRUE(std::isnan(number_of("sum(1..900000, sum(1..900000, #))")));
  const auto formula = std::get<Formula>(Formula::compile("let a = 1..9999; sum(a, sum(a, sum(a, #)))", {}));
  const Outcome outcome = formula.evaluate({});
  ASSERT_TRUE(outcome.problem.has_value());
  EXPECT_NE(outcome.problem->what.find("steps"), std::string::npos);
}

TEST(KedaFormula, ColumnsAreThoseOfTheFormulaAsWritten) {
  const auto compiled = KedaFormula::compile("one + tvo", {"one", "two"});
  EXPECT_EQ(std::get<Problem>(compiled).column, 7);
  const auto with_default = KedaFormula::compile("one ?? tvo", {"one", "two"});
  EXPECT_EQ(std::get<Problem>(with_default).column, 8);
}

TEST(KedaFormula, NilIsNoValueAndNoProblem) {
  const auto formula = std::get<KedaFormula>(KedaFormula::compile("one ?? nil", {"one"}));
  const auto missing = formula.evaluate(std::vector<std::optional<double>>{std::nullopt});
  EXPECT_FALSE(missing.value.has_value());
  EXPECT_FALSE(missing.problem.has_value());
  EXPECT_EQ(formula.evaluate(std::vector<std::optional<double>>{2.0}).value, 2.0);
}

TEST(KedaFormula, WhatFailsWithItsTrialValuesIsRefused) {
  const auto compiled = KedaFormula::compile("int(a) % (int(b) + 1)", {"a", "b"});  // b = -1 on trial
  EXPECT_TRUE(std::holds_alternative<Problem>(compiled));
}

TEST(Formula, EvaluatesInWellUnderAMicrosecond) {
  const std::vector<std::string> names = {"backlog", "processing_time", "ready_replicas", "concurrency"};
  const auto formula =
      std::get<Formula>(Formula::compile("backlog * processing_time / (max(1, ready_replicas) * concurrency)", names));
  const std::vector<Value> values = {Value(120.0), Value(0.4), Value(4.0), Value(2.0)};
  constexpr int kTimes = 200'000;
  double sum = 0;
  const std::clock_t begin = std::clock();  // the processor's time: others may have the machine
  for (int i = 0; i < kTimes; ++i) sum += formula.evaluate(values).value.number();
  const double ns = static_cast<double>(std::clock() - begin) * (1e9 / CLOCKS_PER_SEC) / kTimes;
  EXPECT_DOUBLE_EQ(sum, 6.0 * kTimes);
  std::printf("formula: %.0f ns an evaluation\n", ns);
  EXPECT_LT(ns, 10'000);  // even under a sanitizer
}

}  // namespace
}  // namespace windtunnel::expression
