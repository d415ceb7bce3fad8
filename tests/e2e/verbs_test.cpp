// Verbs, help and their errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace verbs_test {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

TEST(Help, IsThereForEveryVerbWithinEightyColumns) {
  const std::vector<Words> asked = {{"help"},
                                    {"--help"},
                                    {"help", "run"},
                                    {"run", "--help"},
                                    {"compare", "-h"},
                                    {"list", "--help"},
                                    {"schema", "--help"},
                                    {"trace", "--help"},
                                    {"run", "x.yaml", "--help"},
                                    {"help", "compare"},
                                    {"check", "--help"},
                                    {"profile", "--help"},
                                    {"validate", "--help"}};
  for (const Words& words : asked) {
    const Finished finished = run_program(words);
    EXPECT_EQ(finished.exit_code, 0) << words[0];
    EXPECT_THAT(finished.out, HasSubstr("usage: windtunnel")) << words[0];
    EXPECT_THAT(finished.err, IsEmpty());
    EXPECT_LE(widest_line(finished.out), 80) << finished.out;
  }
}

TEST(Help, GoesToStandardErrorWhenNothingWasAsked) {
  const Finished finished = run_program({});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.out, IsEmpty());
  EXPECT_THAT(finished.err, HasSubstr("usage: windtunnel"));
}

TEST(Version, IsOneLine) {
  EXPECT_EQ(run_program({"version"}).out, run_program({"--version"}).out);
  EXPECT_THAT(run_program({"version"}).out, HasSubstr("windtunnel 0."));
}

TEST(CommandLine, NamesTheNearestVerbAndOption) {
  const Finished verb = run_program({"comapre", "x.yaml"});
  EXPECT_EQ(verb.exit_code, 2);
  EXPECT_THAT(verb.err, HasSubstr("windtunnel: unknown verb \"comapre\"; did you mean \"compare\"?"));
  const Finished option = run_program({"run", "x.yaml", "--replicatons=3"});
  EXPECT_EQ(option.exit_code, 2);
  EXPECT_THAT(option.err, HasSubstr("unknown option \"--replicatons\"; did you mean \"--replications\"?"));
  const Finished action = run_program({"trace", "inof", "x.csv"});
  EXPECT_EQ(action.exit_code, 2);
  EXPECT_THAT(action.err, HasSubstr("unknown action \"inof\"; did you mean \"info\"?"));
}

TEST(CommandLine, DoesNotGuessAnOptionThatIsCutShort) {
  EXPECT_EQ(run_program({"run", "x.yaml", "--repl=3"}).exit_code, 2);
}

TEST(CommandLine, RefusesBadValuesAllAtOnceWithALineEach) {
  const Finished finished = run_program(
      {"run", "x.yaml", "--seed=-3", "--replications", "0", "--threads=many", "--format=xml", "--set", "nonsense"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("--seed: \"-3\" is not a whole number from 0 up\n"));
  EXPECT_THAT(finished.err, HasSubstr("--replications: \"0\" is not a whole number from 1 up\n"));
  EXPECT_THAT(finished.err, HasSubstr("--threads: \"many\" is not a whole number from 1 up\n"));
  EXPECT_THAT(finished.err, HasSubstr("--format: unknown format \"xml\"; known: table, json\n"));
  EXPECT_THAT(finished.err, HasSubstr("--set: \"nonsense\" is not path=value"));
  EXPECT_EQ(lines_in(finished.err), 5U);
}

TEST(CommandLine, RefusesMissingAndTooManyArguments) {
  EXPECT_THAT(run_program({"run"}).err, HasSubstr("an argument is missing; name a scenario file, or --manifests DIR"));
  EXPECT_THAT(run_program({"run", "a", "b"}).err, HasSubstr("too many arguments"));
  EXPECT_EQ(run_program({"run", "a.yaml", "--seed"}).exit_code, 2);
}

TEST(List, ShowsEveryKindWithinEightyColumnsAndAsJson) {
  const Finished all = run_program({"list"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_THAT(all.out, HasSubstr("backlog_time"));
  EXPECT_THAT(all.out, HasSubstr("time_slicing"));
  std::istringstream lines(all.out);
  for (std::string line; std::getline(lines, line);) {
    const auto word = line.find_first_not_of(' ');
    if (word != std::string::npos && line.find(' ', word) == std::string::npos) continue;  // a name is not broken
    EXPECT_LE(line.size(), 80U) << line;
  }
  const Json json = Json::parse(run_program({"list", "--format", "json"}).out);
  EXPECT_TRUE(json.contains("policies"));
  const Finished one = run_program({"list", "policies", "backlog_time"});
  EXPECT_THAT(one.out, HasSubstr("target"));
  EXPECT_LE(widest_line(one.out), 80);
  const Finished wrong = run_program({"list", "policys"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("policies"));
}

TEST(Schema, IsJson) {
  EXPECT_TRUE(Json::parse(run_program({"schema"}).out).is_object());
}

TEST(TraceInfo, GivesTheContractsNames) {
  const Workplace place("");
  std::ofstream(place.path() / "t.csv") << "timestamp,model\n0,a\n1,b\n3,a\n";
  const Finished json = place.run({"trace", "info", "t.csv", "--format", "json"});
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const Json info = Json::parse(json.out);
  for (const char* key : {"format", "rows", "dropped", "span_s", "rate_mean_per_s", "peak_over_mean_1s",
                          "peak_over_mean_60s", "idc_1s", "idc_60s", "cv_gaps", "longest_silence_s", "start"})
    EXPECT_TRUE(info.contains(key)) << key;
  EXPECT_EQ(info["rows"], 3);
  EXPECT_EQ(info["longest_silence_s"], 2.0);
  EXPECT_TRUE(info["start"].is_null());
  const Finished table = place.run({"trace", "info", "t.csv"});
  EXPECT_THAT(table.out, HasSubstr("longest silence             2s\n"));
  EXPECT_LE(widest_line(table.out), 80);
}

TEST(TraceInfo, RefusesAMissingFile) {
  const Finished finished = run_program({"trace", "info", "no-such-file.csv"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("no-such-file.csv"));
  EXPECT_EQ(lines_in(finished.err), 1U);
}

}  // namespace verbs_test
}  // namespace windtunnel::e2e
