#include <gtest/gtest.h>

#include "tests/conformance/check_row.hpp"

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

/// A rule that answers with its own field "answer".
Registry echo_registry() {
  return {{"echo", [](const Fields& row) { return row.at("answer"); }},
          {"window_average", [](const Fields& row) { return row.at("answer"); }}};
}

RowState state_of(const json& row) {
  return check_row(row, "row", echo_registry()).state;
}

TEST(ConformanceRow, ComparesOnlyTheKeysPresentInExpect) {
  const json row{
      {"id", "a"}, {"op", "echo"}, {"answer", {{"replicas", 3}, {"reason", "x"}}}, {"expect", {{"replicas", 3}}}};
  EXPECT_EQ(state_of(row), RowState::passed);
}

TEST(ConformanceRow, FailsOnAnIntegerThatIsOffByOneAndSaysWhich) {
  const json row{{"id", "a"}, {"op", "echo"}, {"answer", {{"replicas", 4}}}, {"expect", {{"replicas", 3}}}};
  const auto verdict = check_row(row, "row", echo_registry());
  EXPECT_EQ(verdict.state, RowState::failed);
  EXPECT_EQ(verdict.note, "replicas: expected 3, got 4");
}

TEST(ConformanceRow, ComparesLargeIntegersWithoutRoundingThem) {
  const std::int64_t large = 9007199254740993;  // 2^53 + 1
  const json row{{"id", "a"}, {"op", "echo"}, {"answer", {{"n", large}}}, {"expect", {{"n", large - 1}}}};
  EXPECT_EQ(state_of(row), RowState::failed);
}

TEST(ConformanceRow, TakesNullForAbsent) {
  const json row{{"id", "a"}, {"op", "echo"}, {"answer", {{"replicas", 3}}}, {"expect", {{"proposal", nullptr}}}};
  EXPECT_EQ(state_of(row), RowState::passed);
}

TEST(ConformanceRow, FailsOnAResultNoCheckerKnows) {
  const json row{{"id", "a"}, {"op", "echo"}, {"answer", json::object()}, {"expect", {{"colour", "red"}}}};
  EXPECT_EQ(state_of(row), RowState::failed);
}

TEST(ConformanceRow, CountsAnUnknownRuleAsNotUnderstood) {
  EXPECT_EQ(state_of({{"id", "a"}, {"op", "unheard-of"}, {"expect", {{"a", 1}}}}), RowState::not_understood);
}

TEST(ConformanceRow, FailsOnAMalformedRowWithThePlace) {
  const auto verdict = check_row(json{{"id", "a"}, {"op", "echo"}, {"expect", 1}}, "file.json[7]", echo_registry());
  EXPECT_EQ(verdict.state, RowState::failed);
  EXPECT_EQ(verdict.note, "file.json[7].answer is missing");
  EXPECT_EQ(state_of(json(7)), RowState::failed);
  EXPECT_EQ(state_of({{"id", "a"}, {"op", "echo"}, {"answer", 1}}), RowState::failed) << "nothing to expect";
}

TEST(ConformanceRow, ComparesEveryStepThatExpectsSomething) {
  json row{{"id", "a"}, {"op", "echo"}};
  row["steps"] = json::array({json{{"t_s", 0}}, json{{"t_s", 1}, {"expect", {{"replicas", 2}}}}});
  row["answer"] = json::array({nullptr, {{"replicas", 2}}});
  EXPECT_EQ(state_of(row), RowState::passed);
  row["answer"][1]["replicas"] = 3;
  EXPECT_EQ(check_row(row, "row", echo_registry()).note, "steps[1].replicas: expected 2, got 3");
}

TEST(ConformanceRow, AllowsTheStatedBurstToleranceAndNoMore) {
  json row{{"id", "a"}, {"op", "echo"}, {"excess_burst_capacity_tolerance", 1}};
  row["expect"] = {{"excess_burst_capacity", -84}};
  row["answer"] = {{"excess_burst_capacity", -85}};
  EXPECT_EQ(state_of(row), RowState::passed);
  row["answer"] = {{"excess_burst_capacity", -86}};
  EXPECT_EQ(state_of(row), RowState::failed);
}

TEST(ConformanceRow, RoundsWindowAveragesToSixDecimals) {
  json row{{"id", "a"}, {"op", "window_average"}, {"expect", 1.333333}, {"answer", 4.0 / 3}};
  EXPECT_EQ(state_of(row), RowState::passed);
  row["answer"] = 1.333335;
  EXPECT_EQ(state_of(row), RowState::failed);
}

}  // namespace
}  // namespace windtunnel::conformance
