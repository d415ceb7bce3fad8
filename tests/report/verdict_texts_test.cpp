// The verdict as table, JSON, JUnit and Markdown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "sim/report/summary.hpp"
#include "sim/report/text_escape.hpp"
#include "sim/report/verdict_json.hpp"
#include "sim/report/verdict_junit.hpp"
#include "sim/report/verdict_markdown.hpp"
#include "sim/report/verdict_table.hpp"
#include "sim/report/verdict_text.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace verdict_texts_test {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::widest_line;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Judgement judged(std::string metric, const char* bound, double asked, Figure measured) {
  return judge({.metric = std::move(metric), .bound = bound, .value = asked, .line = 7}, measured, false);
}

/// One of each outcome.
Verdict example_verdict() {
  return {.scenario = "room-pipeline",
          .variant = "",
          .file = "room.yaml",
          .digest = "0123456789abcdef",
          .seed = 7,
          .replications = 5,
          .judgements = {judged("totals.kills.oom", "at_most", 20, {25.2, 3.12}),
                         judged("pipelines.render.response_time_s.p95", "below", 15, {14.9, 0.31}),
                         judged("totals.restarts", "at_most", 0, {0, 0}),
                         judged("models.quality.response_time_s.p95", "below", 15, {kNone, kNone})},
          .notes = {"the run was cut short"}};
}

TEST(VerdictTable, ShowsAskedMeasuredAndMissingAndEndsInTheVerdict) {
  const std::string text = verdict_table(example_verdict());
  EXPECT_EQ(text.substr(0, text.find("\xc2\xb1 is half")),
            "room-pipeline: seed 7, 5 replications, digest 0123456789abcdef\n\n"
            "                   asked       measured       missing by\n"
            "totals.kills.oom\n"
            "  missed      at most 20      25.2 \xc2\xb1\x33.1      5.20 (26 %)\n"
            "pipelines.render.response_time_s.p95\n"
            "  unsure      below 15 s  14.90 \xc2\xb1\x30.31 s  0.210 s (1.4 %)\n"
            "totals.restarts\n"
            "  met          at most 0           0 \xc2\xb1\x30                -\n"
            "models.quality.response_time_s.p95\n"
            "  unmeasured  below 15 s        nothing                -\n\n");
  EXPECT_THAT(text, HasSubstr("Note: the run was cut short\n"));
  EXPECT_THAT(text, EndsWith("\nverdict: not met, 1 of 4 expectations missed, 1 unsure, 1 unmeasured\n"));
  EXPECT_LE(widest_line(text), 80);
}

TEST(VerdictTable, ShowsLongPathsWholeWithinEightyColumns) {
  Verdict verdict = example_verdict();
  const std::string name(150, 'n');
  verdict.scenario = name;
  verdict.judgements = {judged("models." + name + ".queries.arrived", "at_most", 1e15, {1.2345678e17, 2.5e16}),
                        judged("cluster.memory_used_max_bytes", "at_most", 17e9 / 3, {2e10 / 3, 1e8 / 3})};
  const std::string text = verdict_table(verdict);
  EXPECT_LE(widest_line(text), 80);
  std::string joined = text;
  for (std::size_t at; (at = joined.find("\n    n")) != std::string::npos;) joined.erase(at, 5);
  EXPECT_THAT(joined, HasSubstr(name + ".queries"));
}

TEST(VerdictTable, SaysWhenThereIsNoInterval) {
  Verdict verdict = example_verdict();
  verdict.replications = 1;
  verdict.judgements = {judge({.metric = "totals.restarts", .bound = "below", .value = 2}, {1, kNone}, true)};
  const std::string text = verdict_table(verdict);
  EXPECT_THAT(text, HasSubstr("One replication has no interval: the values alone were judged."));
  EXPECT_THAT(text, EndsWith("\nverdict: met, 1 of 1 expectation\n"));
}

TEST(VerdictText, SaysWhatACountOfZeroLeavesOpen) {
  const std::string zero = "0 in 5 runs: up to 0.6 a run cannot be excluded (95 %)";
  EXPECT_EQ(zero_text(judged("totals.restarts", "at_most", 0, {0, 0}), 5), zero);
  EXPECT_EQ(zero_text(judged("models.m.kills.by_exit_code.137", "below", 1, {0, kNone}), 1),
            "0 in 1 run: up to 3 a run cannot be excluded (95 %)");
  EXPECT_EQ(zero_text(judged("totals.restarts", "at_most", 1, {0.2, 0.5}), 5), "");
  EXPECT_EQ(zero_text(judged("totals.restarts", "at_most", 1, {kNone, kNone}), 5), "");
  for (const char* metric : {"totals.lost_work_s", "models.m.replicas.min", "models.kills.slo.attainment"})
    EXPECT_EQ(zero_text(judged(metric, "at_most", 1, {0, 0}), 5), "") << metric;
  const Verdict verdict = example_verdict();
  EXPECT_THAT(verdict_table(verdict), HasSubstr("\ntotals.restarts: " + zero + "\n"));
  EXPECT_THAT(verdict_markdown(verdict), HasSubstr("0 in 5 runs"));
  const auto rows = verdict_json(verdict, {})["expectations"];
  EXPECT_EQ(rows[2]["note"], zero);
  EXPECT_TRUE(rows[0]["note"].is_null());
}

TEST(VerdictText, GivesAReasonThatStandsAlone) {
  const auto reason = [](std::size_t i) { return reason_text(example_verdict().judgements[i]); };
  EXPECT_EQ(reason(0), "totals.kills.oom is 25.2 \xc2\xb1\x33.1, asked at most 20: missed by 5.20 (26 %)");
  EXPECT_THAT(reason(1), HasSubstr("inside, but not shown, its 95 % interval ends 0.21"));
  EXPECT_THAT(reason(3), HasSubstr("was not measured: asked below 15 s"));
  EXPECT_THAT(reason_text(judged("totals.restarts", "below", 0, {0, 0})), EndsWith("the bound itself is not allowed"));
  EXPECT_THAT(reason_text(judged("totals.restarts", "below", 2, {0, kNone})), HasSubstr("only one replication"));
}

TEST(VerdictJson, HasEveryNameOfTheContract) {
  const Verdict verdict = example_verdict();
  const auto json = verdict_json(verdict, {{"schema", 1}});
  EXPECT_EQ(json["scenario"], "room-pipeline");
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["replications"], 5);
  EXPECT_EQ(json["met"], false);
  EXPECT_EQ(json["summary"]["schema"], 1);
  const auto& first = json["expectations"][0];
  EXPECT_EQ(first["metric"], "totals.kills.oom");
  EXPECT_EQ(first["bound"], "at_most");
  EXPECT_EQ(first["asked"], 20.0);
  EXPECT_EQ(first["measured"], 25.2);
  EXPECT_EQ(first["ci95"], 3.12);
  EXPECT_NEAR(first["missing_by"].get<double>(), 5.2, 1e-12);
  EXPECT_EQ(first["verdict"], "missed");
  EXPECT_EQ(json["expectations"][2]["missing_by"], 0.0);
  EXPECT_TRUE(json["expectations"][3]["measured"].is_null());
  EXPECT_EQ(json["expectations"][3]["verdict"], "unmeasured");
}

TEST(VerdictJunit, HasACaseForEachExpectationAndAFailureForEachThatIsNotMet) {
  const std::string xml = verdict_junit(example_verdict());
  EXPECT_THAT(xml, HasSubstr("tests=\"4\" failures=\"3\""));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"room-pipeline\" name=\"totals.kills.oom at_most 20\" "
                             "file=\"room.yaml\" line=\"7\">"));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"totals.kills.oom is 25.2 \xc2\xb1\x33.1, asked at most 20"));
  EXPECT_THAT(xml, HasSubstr("type=\"unsure\""));
  EXPECT_THAT(xml, HasSubstr("<property name=\"digest\" value=\"0123456789abcdef\"/>"));
}

TEST(VerdictJunit, TellsVariantsApart) {
  Verdict verdict = example_verdict();
  verdict.variant = "MPS";
  EXPECT_THAT(verdict_junit(verdict), HasSubstr("classname=\"room-pipeline.MPS\""));
}

TEST(VerdictMarkdown, KeepsNamesFromBeingMarkup) {
  Verdict verdict = example_verdict();
  verdict.scenario = "a|b `c` <script> @team";
  verdict.judgements = {judged("models.\"x|y.z\".waited", "at_most", 0, {1, 0})};
  const std::string text = verdict_markdown(verdict);
  EXPECT_THAT(text, HasSubstr("`` a\\|b `c` <script> @team ``"));
  EXPECT_THAT(text, HasSubstr("| **missed** | `models.\"x\\|y.z\".waited` | at most 0 | 1 \xc2\xb1\x30 | 1 |\n"));
}

TEST(CleanText, LeavesNothingThatXmlRefuses) {
  EXPECT_EQ(clean_text("a\x1b[31mb\n\t\xff\xef\xbf\xbe\xc3\xa9"), "a?[31mb????\xc3\xa9");
  EXPECT_EQ(xml_text("<a & \"b\" 'c'>"), "&lt;a &amp; &quot;b&quot; &apos;c&apos;&gt;");
  EXPECT_EQ(clean_text(""), "");
}

}  // namespace verdict_texts_test
}  // namespace windtunnel
