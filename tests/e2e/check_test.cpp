// `windtunnel check`: the verdict, its files and what CI systems are told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace check_test {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

/// The small scenario, whose response times lie around 0.5 s and which kills nobody, with these `expect` lines.
std::string expecting(const std::vector<std::string>& lines) {
  std::string text = small_scenario() + "expect:\n";
  for (const std::string& line : lines) text += "  - {" + line + "}\n";
  return text;
}

/// Line 21 is missed by far, the others are met by far.
std::string failing() {
  return expecting({"metric: totals.kills.total, at_most: 0",
                    "metric: pipelines.render.response_time_s.mean, below: 100ms",
                    "metric: pipelines.render.slo.attainment, at_least: 0.5"});
}

/// Ends the test program with what a real XML parser says of the file; its counts otherwise.
std::string parsed_xml(const std::filesystem::path& file) {
  const auto out = file.parent_path() / "parsed.txt";
  const std::string program =
      "import sys, xml.etree.ElementTree as e\n"
      "root = e.parse(sys.argv[1]).getroot()\n"
      "for case in root.iter(\"testcase\"):\n"
      "    print(case.get(\"classname\"), case.get(\"name\"), [f.get(\"type\") for f in case.findall(\"failure\")])\n"
      "print({p.get(\"name\"): p.get(\"value\") for p in root.iter(\"property\")}[\"replications\"])\n";
  std::ofstream(file.parent_path() / "parse.py") << program;
  const std::string command = WINDTUNNEL_PYTHON " '" + (file.parent_path() / "parse.py").string() + "' '" +
                              file.string() + "' > '" + out.string() + "' 2>&1";
  const int code = std::system(command.c_str());
  return (code == 0 ? "" : "not XML: ") + read_file(out);
}

TEST(Check, OfAScenarioMadeToFailNamesExactlyTheMissedLine) {
  const Workplace place(failing());
  const Finished finished = place.run({"check", "scenario.yaml"});
  EXPECT_EQ(finished.exit_code, 1) << finished.err;
  EXPECT_THAT(finished.out, EndsWith("\nverdict: not met, 1 of 3 expectations missed\n"));
  EXPECT_THAT(finished.out, HasSubstr("pipelines.render.response_time_s.mean\n  missed "));
  EXPECT_THAT(finished.out, HasSubstr("totals.kills.total\n  met "));
  EXPECT_THAT(finished.out, HasSubstr("pipelines.render.slo.attainment\n  met "));
  EXPECT_THAT(finished.out, HasSubstr("small: seed 3, 5 replications, digest "));
  EXPECT_LE(widest_line(finished.out), 80);
  EXPECT_THAT(finished.err, IsEmpty());
  EXPECT_THAT(place.left_behind(), IsEmpty());
}

TEST(Check, OfAScenarioThatMeetsEveryLineIsFine) {
  const Workplace place(expecting({"metric: totals.kills.total, at_most: 0"}));
  const Finished finished = place.run({"check", "scenario.yaml"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.out, EndsWith("\nverdict: met, 1 of 1 expectation\n"));
}

TEST(Check, OfOneReplicationSaysThatTheValueAloneIsJudged) {
  const Workplace place(expecting({"metric: pipelines.render.response_time_s.mean, below: 100s"}));
  const Finished finished = place.run({"check", "scenario.yaml", "--replications", "1"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.out, HasSubstr("One replication has no interval: the values alone were judged."));
  EXPECT_THAT(finished.out, Not(HasSubstr("\xc2\xb1")));
}

TEST(Check, PrintsTheVerdictAsJsonWithTheSummary) {
  const Workplace place(failing());
  const Finished finished = place.run({"check", "scenario.yaml", "--format", "json", "--seed", "12", "-o", "out"});
  EXPECT_EQ(finished.exit_code, 1);
  const Json json = Json::parse(finished.out);
  EXPECT_EQ(json["scenario"], "small");
  EXPECT_EQ(json["seed"], 12);
  EXPECT_EQ(json["replications"], 5);
  EXPECT_EQ(json["met"], false);
  ASSERT_EQ(json["expectations"].size(), 3U);
  const Json& missed = json["expectations"][1];
  EXPECT_EQ(missed["verdict"], "missed");
  EXPECT_EQ(missed["asked"], 0.1);
  const Json& mean = json["summary"]["pipelines"]["render"]["response_time_s"];
  EXPECT_EQ(missed["measured"], mean["mean"]);
  EXPECT_EQ(missed["ci95"], mean["mean_ci95"]);
  EXPECT_EQ(Json::parse(read_file(place.path() / "out/summary.json"))["totals"], json["summary"]["totals"]);
}

TEST(Check, WritesJunitThatAParserReads) {
  const Workplace place(failing());
  const Finished finished = place.run({"check", "scenario.yaml", "--junit", "j.xml", "--markdown", "v.md"});
  EXPECT_EQ(finished.exit_code, 1) << finished.err;
  EXPECT_THAT(place.left_behind(), ElementsAre("j.xml", "v.md"));
  EXPECT_EQ(parsed_xml(place.path() / "j.xml"),
            "small totals.kills.total at_most 0 []\n"
            "small pipelines.render.response_time_s.mean below 0.1 ['missed']\n"
            "small pipelines.render.slo.attainment at_least 0.5 []\n5\n");
  const std::string markdown = read_file(place.path() / "v.md");
  EXPECT_THAT(markdown, StartsWith("### windtunnel check: not met, 1 of 3 expectations missed\n"));
  EXPECT_THAT(markdown, HasSubstr("| **missed** | `pipelines.render.response_time_s.mean` | below 0.1 s |"));
}

TEST(Check, WritesJunitThatAParserReadsWhateverTheNamesHold) {
  std::string text = expecting({R"(metric: "models.\"sc<e>n&e'|`\".queries.failed", at_most: 0)"});
  for (std::size_t at; (at = text.find("name: small")) != std::string::npos;)
    text.replace(at, 11, R"(name: "]]> \" '<&é")");
  text.replace(text.find("  scene: {"), 10, R"(  "sc<e>n&e'|`": {)");
  text.replace(text.find("[scene,"), 7, R"(["sc<e>n&e'|`",)");
  const Workplace place(text);
  const Finished finished = place.run({"check", "scenario.yaml", "--junit", "j.xml", "--markdown", "v.md"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(parsed_xml(place.path() / "j.xml"),
            "]]> \" '<&\xc3\xa9 models.\"sc<e>n&e'|`\".queries.failed at_most 0 []\n5\n");
  EXPECT_THAT(read_file(place.path() / "v.md"), HasSubstr("| met | `` models.\"sc<e>n&e'\\|`\".queries.failed `` |"));
}

TEST(Check, JudgesAVariantWithTheSettingsLaidOver) {
  const Workplace place(expecting({"metric: cluster.nodes_mean, at_most: 2"}));
  const Finished finished =
      place.run({"check", "scenario.yaml", "--variant", "time slicing", "--format", "json", "--set", "horizon=5m"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  const Json json = Json::parse(finished.out);
  EXPECT_EQ(json["variant"], "time slicing");
  EXPECT_EQ(json["summary"]["horizon_s"], 300.0);
  const Json alone = Json::parse(place.run({"check", "scenario.yaml", "--format", "json", "--set", "horizon=5m"}).out);
  EXPECT_NE(alone["summary"]["scenario_digest"], json["summary"]["scenario_digest"]);
  const Finished unknown = place.run({"check", "scenario.yaml", "--variant", "time slice"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("has no variant \"time slice\"; did you mean \"time slicing\"? (known: alone, "
                                     "time slicing)"));
}

TEST(Check, MarksTheLineOfAnExpectationThatIsNotMetForGithub) {
  const Workplace place(failing());
  const std::string summary = (place.path() / "summary.md").string();
  std::ofstream(summary) << "before\n";
  const Finished finished = place.run(
      {"check", "scenario.yaml", "--quiet"},
      {.environment = {
           {"GITHUB_ACTIONS", "true"}, {"GITHUB_WORKSPACE", place.path().string()}, {"GITHUB_STEP_SUMMARY", summary}}});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.err, StartsWith("::error file=scenario.yaml,line=21,title=small%3A missed::"
                                       "pipelines.render.response_time_s.mean is 0."));
  EXPECT_THAT(finished.err, HasSubstr("%25)\n"));  // the relative distance, its % escaped
  EXPECT_EQ(lines_in(finished.err), 1U) << finished.err;
  EXPECT_THAT(read_file(summary), StartsWith("before\n### windtunnel check: not met, 1 of 3"));
}

TEST(Check, NamesTheFileByItsPathInTheCheckout) {
  const Workplace place(failing());
  std::filesystem::create_directory(place.path() / "sub");
  const Finished finished = place.run(
      {"check", "sub/../scenario.yaml"},
      {.environment = {{"GITHUB_ACTIONS", "true"}, {"GITHUB_WORKSPACE", place.path().parent_path().string()}}});
  EXPECT_THAT(finished.err, StartsWith("::error file=" + place.path().filename().string() + "/scenario.yaml,line=21,"));
}

TEST(Check, EscapesWhatGithubWouldReadAsMarkup) {
  const Workplace place(failing());
  std::filesystem::copy_file(place.path() / "scenario.yaml", place.path() / "a,b:c%.yaml");
  const Finished finished = place.run({"check", "a,b:c%.yaml"}, {.environment = {{"GITHUB_ACTIONS", "true"}}});
  EXPECT_THAT(finished.err, StartsWith("::error file=a%2Cb%3Ac%25.yaml,line=21,title=small%3A missed::"));
}

TEST(Check, MarksTheLineForAzurePipelines) {
  const Workplace place(failing());
  const Finished finished = place.run({"check", "scenario.yaml"}, {.environment = {{"TF_BUILD", "True"}}});
  EXPECT_THAT(finished.err, StartsWith("##vso[task.logissue type=error;sourcepath=scenario.yaml;linenumber=21;]"
                                       "pipelines.render.response_time_s.mean is"));
  EXPECT_EQ(lines_in(finished.err), 1U) << finished.err;
}

TEST(Check, AJobSummaryThatCannotBeWrittenIsOnlyAWarning) {
  const Workplace place(expecting({"metric: totals.kills.total, at_most: 0"}));
  const Finished finished =
      place.run({"check", "scenario.yaml"}, {.environment = {{"GITHUB_STEP_SUMMARY", "/no/such/folder/s.md"}}});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.err,
            "windtunnel: warning: GITHUB_STEP_SUMMARY: /no/such/folder/s.md: cannot be appended to: No such file or "
            "directory\n");
}

TEST(Check, InterruptedLeavesNothingBehind) {
  const Workplace place(endless_scenario() + "expect: [{metric: totals.kills.oom, at_most: 0}]\n");
  const Finished finished =
      place.run({"check", "scenario.yaml", "--junit", "j.xml", "-o", "out"}, {.meanwhile = [](int pid) {
                  std::this_thread::sleep_for(std::chrono::milliseconds(500));
                  ::kill(pid, SIGINT);
                }});
  EXPECT_EQ(finished.exit_code, 130);
  EXPECT_THAT(finished.out, IsEmpty());
  EXPECT_THAT(place.left_behind(), IsEmpty());
}

/// The endless scenario: if it ran, it would not come back.
Finished refused(const std::vector<std::string>& lines, std::vector<std::string> options = {}) {
  std::string text = endless_scenario();
  if (!lines.empty()) text += "expect:\n";
  for (const std::string& line : lines) text += "  - {" + line + "}\n";
  const Workplace place(text);
  options.insert(options.begin(), {"check", "scenario.yaml"});
  const Finished finished = place.run(options);
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.out, IsEmpty());
  EXPECT_THAT(place.left_behind(), IsEmpty());
  return finished;
}

TEST(CheckBadInput, AScenarioThatExpectsNothingSaysHowToWriteIt) {
  EXPECT_EQ(refused({}).err,
            "scenario.yaml: expects nothing, so there is nothing to check; add `expect: [{metric: totals.kills.oom, "
            "at_most: 0}]`\n");
}

TEST(CheckBadInput, EverythingWrongIsSaidAtOnceBeforeAnyRun) {
  const Finished finished =
      refused({"metric: totals.kils.oom, at_most: 0", "metric: totals.kills.oom, at_most: 8s",
               "metric: pipelines.render.slo.attainment, at_least: 0.9"},
              {"--junit", "no/such/j.xml", "--markdown", "v.md", "-o", "out", "--per-query", "q.csv"});
  EXPECT_THAT(finished.err, HasSubstr("scenario.yaml:20: expect.0.metric: totals.kils.oom: totals has no \"kils\"; did "
                                      "you mean totals.kills.oom?\n"));
  EXPECT_THAT(finished.err, HasSubstr("scenario.yaml:21: expect.1.at_most: 8s is a duration, totals.kills.oom is a "
                                      "plain number; write the number alone\n"));
  EXPECT_THAT(finished.err, HasSubstr("no/such/j.xml: the folder no/such does not exist; create it first\n"));
  EXPECT_EQ(lines_in(finished.err), 3U) << finished.err;
}

TEST(CheckBadInput, AFolderThatCannotBeWrittenLeavesNoFileBehind) {
  const std::vector<std::string> good = {"metric: totals.kills.oom, at_most: 0"};
  EXPECT_THAT(refused(good, {"--junit", "j.xml", "-o", "no/such/out"}).err, HasSubstr("no/such"));
  EXPECT_THAT(refused(good, {"--junit", "j.xml", "--markdown", "j.xml"}).err,
              HasSubstr("--markdown j.xml: is the same file as --junit j.xml"));
  EXPECT_THAT(refused(good, {"--junit="}).err, HasSubstr("--junit"));
  EXPECT_THAT(refused(good, {"--variant", "no such"}).err, HasSubstr("has no variant \"no such\""));
}

}  // namespace check_test
}  // namespace windtunnel::e2e
