// Input that cannot be used: one clear message, exit 2, nothing written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace bad_input_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string changed(const std::string& from, const std::string& to) {
  std::string text = small_scenario();
  text.replace(text.find(from), from.size(), to);
  return text;
}

/// Runs with outputs asked for and expects one line that holds `message`.
void expect_refused(const Workplace& place, const std::string& verb, const std::string& message) {
  const Finished finished = place.run({verb, "scenario.yaml", "-o", "out", "--per-query", "q.csv"});
  EXPECT_EQ(finished.exit_code, 2) << finished.err;
  EXPECT_THAT(finished.out, IsEmpty());
  EXPECT_THAT(finished.err, HasSubstr(message));
  EXPECT_EQ(lines_in(finished.err), 1U) << finished.err;
  EXPECT_THAT(place.left_behind(), IsEmpty());
}

TEST(BadInput, UnknownKeyNamesLineAndNearestKnownKey) {
  const Workplace place(changed("warm_up: 1m", "warm_upp: 1m"));
  expect_refused(place, "run", "scenario.yaml:5: ");
  expect_refused(place, "run", "did you mean \"warm_up\"?");
}

TEST(BadInput, WrongUnitIsRefused) {
  expect_refused(Workplace(changed("1.5/s", "1.5GiB")), "run", "1.5GiB");
}

TEST(BadInput, NegativeRateIsRefused) {
  expect_refused(Workplace(changed("1.5/s", "-1.5/s")), "run", "-1.5");
}

TEST(BadInput, EverythingWrongIsSaidAtOnce) {
  const Workplace place(changed("1.5/s", "-1.5/s") + "nonsense: 1\n");
  const Finished finished = place.run({"run", "scenario.yaml"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(lines_in(finished.err), 2U) << finished.err;
}

TEST(BadInput, MissingScenarioIsRefused) {
  const Workplace place(small_scenario());
  const Finished finished = place.run({"run", "no-such.yaml", "-o", "out"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("no-such.yaml"));
  EXPECT_EQ(lines_in(finished.err), 1U);
  EXPECT_THAT(place.left_behind(), IsEmpty());
}

TEST(BadInput, MissingTraceIsRefused) {
  expect_refused(Workplace(changed("arrivals: {process: poisson, rate: 1.5/s}", "trace: {file: no-such.csv}")), "run",
                 "no-such.csv");
}

TEST(BadInput, ATraceThatShowsToBeBadInTheMiddleLeavesNothingBehind) {
  const Workplace place(changed("arrivals: {process: poisson, rate: 1.5/s}", "trace: {file: t.csv}"));
  std::ofstream trace(place.path() / "t.csv");
  trace << "timestamp\n";
  for (int i = 0; i < 500; ++i) trace << i << "\n";
  trace << "7\n";
  trace.close();
  const Finished finished = place.run({"run", "scenario.yaml", "-o", "out", "--per-query", "q.csv"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("t.csv:502: "));
  EXPECT_EQ(lines_in(finished.err), 1U) << finished.err;
  EXPECT_THAT(place.left_behind(), ElementsAre("t.csv"));
}

TEST(BadInput, CompareWithoutVariantsSaysWhatToWrite) {
  std::string text = small_scenario();
  text.erase(text.find("compare:"));
  expect_refused(Workplace(text), "compare", "compare");
}

TEST(BadInput, AFolderThatCannotBeWrittenEndsItBeforeTheRun) {
  const Workplace place(endless_scenario());  // if it ran, it would not come back
  for (const char* folder : {"/dev/null/x", "no/such/folder", "scenario.yaml"}) {
    const Finished finished = place.run({"run", "scenario.yaml", "-o", folder, "--per-query", "q.csv"});
    EXPECT_EQ(finished.exit_code, 2) << folder;
    EXPECT_THAT(finished.err, HasSubstr(folder));
    EXPECT_EQ(lines_in(finished.err), 1U) << finished.err;
    EXPECT_THAT(place.left_behind(), IsEmpty());
  }
}

TEST(BadInput, AQueryFileThatCannotBeWrittenEndsItBeforeTheRun) {
  const Workplace place(endless_scenario());
  const Finished finished = place.run({"run", "scenario.yaml", "-o", "out", "--per-query", "no/such/q.csv"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("no/such/q.csv: the folder no/such does not exist; create it first"));
  EXPECT_THAT(place.left_behind(), IsEmpty());
}

}  // namespace bad_input_test
}  // namespace windtunnel::e2e
