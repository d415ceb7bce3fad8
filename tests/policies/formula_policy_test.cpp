// expression: units, both forms, and what happens without a value.
#include <gtest/gtest.h>

#include "policies/expression/units_of.hpp"
#include "policies/signals.hpp"
#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using expression::dimension_of;
using testing_support::policy;
using testing_support::policy_params;
using testing_support::seen;
using testing_support::with_backlog;

std::string unit_text(const std::string& formula) {
  const auto found = dimension_of(formula, signal_variables());
  if (const auto* problem = std::get_if<expression::Problem>(&found)) return problem->message();
  const auto& dimension = std::get<expression::Dimension>(found);
  if (dimension.kind == expression::Dimension::Kind::figure) return "figure";
  if (dimension.kind == expression::Dimension::Kind::truth) return "truth";
  return expression::to_text(dimension.unit);
}

std::string complaint(const testing_support::Given& given) {
  return check_policy("expression", policy_params("expression", given));
}
std::string complaint_of(const std::string& value, const std::string& target) {
  return complaint({{"value", value}, {"target", target}});
}

TEST(Units, OfTheTwoSpellingsOfBacklogTimeAreSeconds) {
  EXPECT_EQ(unit_text("backlog * processing_time / (max(1, ready_replicas) * concurrency)"), "s");
  EXPECT_EQ(unit_text("backlog / throughput"), "s");
}

TEST(Units, OfBacklogOverProcessingTimeAreNotATime) {
  EXPECT_EQ(unit_text("backlog / processing_time"), "queries/s");
}

TEST(Units, FollowEveryConstruct) {
  EXPECT_EQ(unit_text("queued + in_service"), "queries");
  EXPECT_EQ(unit_text("backlog > 10 ? backlog : queued"), "queries");
  EXPECT_EQ(unit_text("sum([queued, in_service])"), "queries");
  EXPECT_EQ(unit_text("max([queued, in_service]) / throughput"), "s");
  EXPECT_EQ(unit_text("map([queued, in_service], # / throughput) | max()"), "s");
  EXPECT_EQ(unit_text("let work = backlog * processing_time; work / concurrency"), "s*replicas");
  EXPECT_EQ(unit_text("arrival_rate * processing_time / concurrency"), "replicas");
  EXPECT_EQ(unit_text("gpu_utilization ** 2"), "1");
  EXPECT_EQ(unit_text("backlog ** 2 / backlog"), "queries");
  EXPECT_EQ(unit_text("reduce([queued, in_service], # + #acc)"), "queries");
  EXPECT_EQ(unit_text("throughput ?? arrival_rate"), "queries/s");
  EXPECT_EQ(unit_text("count([queued, in_service], # > 2)"), "figure");
  EXPECT_EQ(unit_text("2 * 3 + 1"), "figure");
  EXPECT_EQ(unit_text("backlog > 2"), "truth");
  EXPECT_EQ(unit_text("1 / second"), "1/s");
}

TEST(Units, ThatDifferCannotBeAddedOrCompared) {
  EXPECT_EQ(unit_text("backlog + oldest_age"),
            "column 9: the sides of + are in queries and s; both sides must be in one unit");
  EXPECT_EQ(unit_text("oldest_age > ready_replicas"),
            "column 12: the sides of > are in s and replicas; both sides must be in one unit");
  EXPECT_EQ(unit_text("max(backlog, ready_replicas)").substr(0, 10), "column 14:");
  EXPECT_EQ(unit_text("backlog > 1 ? backlog : oldest_age").substr(0, 10), "column 25:");
}

TEST(Units, AreReadFromATarget) {
  const auto amount = [](std::string_view text) {
    const auto read = expression::parse_amount(text);
    return read ? std::to_string(read->value) + " " + expression::to_text(read->unit) : std::string("none");
  };
  EXPECT_EQ(amount("3s"), "3.000000 s");
  EXPECT_EQ(amount("250ms"), "0.250000 s");
  EXPECT_EQ(amount("1.5"), "1.500000 1");
  EXPECT_EQ(amount("30/min"), "0.500000 queries/s");
  EXPECT_EQ(amount("4 queries/replica"), "4.000000 queries/replica");
  EXPECT_EQ(amount("1e3 queries"), "1000.000000 queries");
  EXPECT_EQ(amount("2GiB"), "2147483648.000000 bytes");
  EXPECT_EQ(amount("3 parsecs"), "none");
  EXPECT_EQ(amount("s"), "none");
  EXPECT_EQ(amount("3s/"), "none");
}

TEST(FormulaPolicy, RefusesAWrongUnitWithColumnAndWayOut) {
  EXPECT_EQ(
      complaint_of("backlog / processing_time", "3s"),
      "value: column 1: the formula comes out in queries/s, target is in s; backlog / processing_time is a rate; a "
      "time is backlog * processing_time / (ready_replicas * concurrency), or backlog / throughput");
  EXPECT_NE(complaint_of("backlog * processing_time / ready_replicas", "3s").find("divide by concurrency"),
            std::string::npos);
  EXPECT_NE(complaint({{"replicas", std::string("ceil(backlog / 5)")}}).find("5 * query / replica"), std::string::npos);
  EXPECT_EQ(complaint({{"replicas", std::string("ceil(backlog / (5 * query / replica))")}}), "");
  EXPECT_EQ(complaint_of("backlog * processing_time / (max(1, ready_replicas) * concurrency)", "3s"), "");
  EXPECT_EQ(complaint_of("queued / ready_replicas", "4 queries/replica"), "");
  EXPECT_EQ(complaint_of("gpu_utilization", "0.7"), "");
}

TEST(FormulaPolicy, RefusesWhatItCannotUse) {
  EXPECT_NE(complaint_of("backlag", "3s").find("value: column 1: unknown name \"backlag\"; did you mean \"backlog\"?"),
            std::string::npos);
  EXPECT_NE(complaint_of("backlog", "soon").find("target: \"soon\""), std::string::npos);
  EXPECT_NE(complaint_of("backlog", "-3 queries").find("not above 0"), std::string::npos);
  EXPECT_NE(complaint_of("backlog > 3", "3 queries").find("true or false"), std::string::npos);
  EXPECT_NE(complaint({{"value", std::string("backlog")}}).find("needs a target"), std::string::npos);
  EXPECT_NE(complaint({}).find("neither value nor replicas"), std::string::npos);
  EXPECT_NE(complaint({{"replicas", std::string("1")}, {"value", std::string("1")}}).find("both given"),
            std::string::npos);
  EXPECT_NE(complaint({{"replicas", std::string("5 % 0")}}).find("replicas: column 3:"), std::string::npos);
}

TEST(FormulaPolicy, ScalesLikeTheSameRuleWrittenOut) {
  const auto written =
      policy("expression", {{"value", std::string("backlog * processing_time / (max(1, ready_replicas) "
                                                  "* concurrency)")},
                            {"target", std::string("3s")}});
  const auto built_in = policy("backlog_time", {{"target", 3.0}});
  for (int backlog = 1; backlog < 200; backlog += 7) {
    Observation o = with_backlog(seen(3, 2), backlog, 0);
    o.processing_time_s = 0.37;
    o.concurrency = 2;
    const auto mine = written->decide(o), theirs = built_in->decide(o);
    EXPECT_EQ(mine.desired_replicas, theirs.desired_replicas) << backlog;
    EXPECT_NEAR(mine.value, theirs.value, 1e-12);
  }
}

TEST(FormulaPolicy, GivesTheCountItself) {
  const auto count = policy("expression", {{"replicas", std::string("backlog / (5 * query / replica)")}});
  EXPECT_EQ(count->decide(with_backlog(seen(1, 1), 21, 0)).desired_replicas, 5);
  EXPECT_EQ(count->decide(with_backlog(seen(5, 5), 0, 0)).desired_replicas, 0);
}

TEST(FormulaPolicy, WithoutASampleItKeepsTheCountAndSaysWhere) {
  const auto rate =
      policy("expression", {{"value", std::string("backlog / throughput")}, {"target", std::string("3s")}});
  const auto decision = rate->decide(with_backlog(seen(4, 4), 10, 0));
  EXPECT_EQ(decision.desired_replicas, 4);
  EXPECT_EQ(decision.reason.substr(0, 19), "no value: column 9:");
  const auto with_default = policy(
      "expression", {{"value", std::string("backlog / (throughput ?? 2)")}, {"target", std::string("5 queries")}});
  EXPECT_EQ(with_default->decide(with_backlog(seen(1, 1), 20, 0)).desired_replicas, 2);
}

TEST(FormulaPolicy, AsksForTheSignalsItNamesAndNoOthers) {
  const auto one =
      policy("expression", {{"value", std::string("backlog / throughput")}, {"target", std::string("3s")}});
  EXPECT_TRUE(one->needs().throughput);
  EXPECT_FALSE(one->needs().processing_time || one->needs().gpu || one->needs().arrival_rate);
  const auto two = policy("expression", {{"value", std::string("gpu_utilization")}, {"target", std::string("0.7")}});
  EXPECT_TRUE(two->needs().gpu);
  EXPECT_FALSE(two->needs().throughput);
}

}  // namespace
}  // namespace windtunnel
