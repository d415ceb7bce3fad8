// Output files that would do harm: refused before anything runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace output_test {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::string>;

std::string promising(std::string text) {
  return text + "expect: [{metric: totals.kills.total, at_most: 0}]\n";
}

/// The endless scenario on a trace: if it ran, it would not come back.
class Refusal : public ::testing::Test {
 protected:
  /// Expects exit 2 with one line, and everything as it was.
  void expect(const Words& words, const std::string& message) {
    const std::string before = read_file(place_.path() / "scenario.yaml");
    const auto names = place_.left_behind();
    const Finished finished = place_.run(words);
    EXPECT_EQ(finished.exit_code, 2) << finished.err;
    EXPECT_THAT(finished.out, IsEmpty());
    EXPECT_EQ(finished.err, message + "\n");
    EXPECT_EQ(read_file(place_.path() / "scenario.yaml"), before);
    EXPECT_EQ(place_.left_behind(), names);
  }
  Workplace place_{promising(endless_scenario())};
};

using Overwriting = Refusal;
using NoRegularFile = Refusal;
using StandardOutput = Refusal;

TEST_F(Overwriting, OfTheScenarioIsRefused) {
  const std::string ending = "would overwrite the scenario scenario.yaml; choose another place";
  expect({"check", "scenario.yaml", "--junit", "scenario.yaml"}, "--junit scenario.yaml: " + ending);
  expect({"check", "scenario.yaml", "--markdown", "./scenario.yaml"}, "--markdown ./scenario.yaml: " + ending);
  expect({"run", "scenario.yaml", "--per-query", "scenario.yaml"}, "--per-query scenario.yaml: " + ending);
}

TEST_F(Overwriting, OfAVariantsOrAFoldersFileIsRefused) {
  fs::create_directory(place_.path() / "out");
  fs::copy_file(place_.path() / "scenario.yaml", place_.path() / "q.alone.csv");
  fs::copy_file(place_.path() / "scenario.yaml", place_.path() / "out/scenario.resolved.yaml");
  expect({"compare", "q.alone.csv", "--per-query", "q.csv"},
         "--per-query q.alone.csv: would overwrite the scenario q.alone.csv; choose another place");
  expect(
      {"run", "out/scenario.resolved.yaml", "-o", "out"},
      "the result out/scenario.resolved.yaml: would overwrite the scenario out/scenario.resolved.yaml; choose another "
      "place");
  expect({"check", "scenario.yaml", "-o", "out", "--junit", "out/summary.json"},
         "--junit out/summary.json: is the same file as the result out/summary.json; give each its own");
}

TEST_F(Overwriting, OfAnotherOutputIsRefused) {
  expect({"check", "scenario.yaml", "--per-query", "q.csv", "--junit", "q.csv"},
         "--junit q.csv: is the same file as --per-query q.csv; give each its own");
  expect({"check", "scenario.yaml", "--junit", "x.xml", "--markdown", "./x.xml"},
         "--markdown ./x.xml: is the same file as --junit x.xml; give each its own");
}

TEST(OverwritingATrace, IsRefused) {
  std::string text = small_scenario();
  const std::string arrivals = "arrivals: {process: poisson, rate: 1.5/s}";
  text.replace(text.find(arrivals), arrivals.size(), "trace: {file: t.csv}");
  const Workplace place(text);
  std::ofstream(place.path() / "t.csv") << "timestamp\n1\n2\n";
  const Finished finished = place.run({"run", "scenario.yaml", "--per-query", "t.csv"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("--per-query t.csv: would overwrite the trace "));
  EXPECT_EQ(read_file(place.path() / "t.csv"), "timestamp\n1\n2\n");
}

TEST_F(NoRegularFile, IsRefused) {
  ASSERT_EQ(::mkfifo((place_.path() / "fifo").c_str(), 0600), 0);
  fs::create_symlink("fifo", place_.path() / "link");
  const std::string ending =
      ": is a pipe, not a regular file; give a regular file's name; to pass a result on, print it (--format json) and "
      "redirect that";
  expect({"check", "scenario.yaml", "--junit", "fifo"}, "fifo" + ending);
  expect({"check", "scenario.yaml", "--markdown", "link"}, "link" + ending);
  expect({"run", "scenario.yaml", "--per-query", "fifo", "-o", "out"}, "fifo" + ending);
}

TEST_F(StandardOutput, IsNotWrittenAsADash) {
  const std::string ending =
      ": \"-\" is no name here: these files do not go to standard output; give a name; --format json prints the result";
  expect({"check", "scenario.yaml", "--junit", "-"}, "--junit" + ending);
  expect({"check", "scenario.yaml", "--markdown=-"}, "--markdown" + ending);
  expect({"compare", "scenario.yaml", "--per-query", "-"}, "--per-query" + ending);
  expect({"run", "scenario.yaml", "-o", "-"}, "--output" + ending);
}

TEST(RedirectedOutput, IsNotReplacedByAFileOfTheSameName) {
  const Workplace place(promising(small_scenario()));
  const std::string command = "cd '" + place.path().string() + "' && '" + WINDTUNNEL_PROGRAM +
                              "' check scenario.yaml --junit r.txt > r.txt 2> err.txt";
  EXPECT_NE(std::system(command.c_str()), 0);
  EXPECT_EQ(read_file(place.path() / "err.txt"),
            "--junit r.txt: is the same file as standard output; give each its own\n");
}

TEST(VerdictFiles, MayLieInTheFolderThatTheRunMakes) {
  const Workplace place(promising(small_scenario()));
  const Finished finished =
      place.run({"check", "scenario.yaml", "-o", "out", "--junit", "out/verdict.xml", "--per-query", "out/q.csv"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(place.left_behind(), ElementsAre("out", "out/q.csv", "out/result.h5", "out/scenario.resolved.yaml",
                                               "out/summary.json", "out/verdict.xml"));
}

TEST(VerdictFiles, InTheFolderGoWithItWhenTheRunIsInterrupted) {
  const Workplace place(promising(endless_scenario()));
  const Finished finished =
      place.run({"check", "scenario.yaml", "-o", "out", "--junit", "out/v.xml"}, {.meanwhile = [&](int pid) {
                  for (int i = 0; i < 500 && place.left_behind().empty(); ++i)
                    std::this_thread::sleep_for(std::chrono::milliseconds(10));
                  std::this_thread::sleep_for(std::chrono::milliseconds(300));
                  ::kill(pid, SIGINT);
                }});
  EXPECT_EQ(finished.exit_code, 130);
  EXPECT_THAT(place.left_behind(), IsEmpty());
}

TEST(TwoRuns, IntoOneFolderDoNotMix) {
  const Workplace place(endless_scenario());
  Finished second;
  const Finished first = place.run({"run", "scenario.yaml", "-o", "out"}, {.meanwhile = [&](int pid) {
                                     for (int i = 0; i < 500 && place.left_behind().size() < 5; ++i)
                                       std::this_thread::sleep_for(std::chrono::milliseconds(10));
                                     second = place.run({"run", "scenario.yaml", "-o", "out"});
                                     ::kill(pid, SIGINT);
                                   }});
  EXPECT_EQ(second.exit_code, 2);
  EXPECT_EQ(second.err, "out: another run is writing to it; wait for it, or choose another folder\n");
  EXPECT_EQ(first.exit_code, 130);
  EXPECT_THAT(place.left_behind(), IsEmpty());
}

TEST(SymbolicLink, StaysAndItsTargetIsReplaced) {
  const Workplace place(promising(small_scenario()));
  fs::create_symlink("later.xml", place.path() / "latest.xml");
  EXPECT_EQ(place.run({"check", "scenario.yaml", "--junit", "latest.xml"}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(place.path() / "latest.xml"));
  EXPECT_THAT(read_file(place.path() / "later.xml"), HasSubstr("<testsuites"));
}

}  // namespace output_test
}  // namespace windtunnel::e2e
