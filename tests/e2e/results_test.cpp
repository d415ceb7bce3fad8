// What a run prints and writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::ordered_json;
using Output = Start::Output;

/// A summary without the only fields that may differ between runs.
std::string without_engine(Json json) {
  if (json.contains("variants"))
    for (Json& variant : json["variants"]) variant["summary"].erase("engine");
  json.erase("engine");
  return json.dump();
}

TEST(Run, ShowsATableOfEightyColumnsOnStandardOutput) {
  const Workplace place(small_scenario());
  const Finished finished = place.run({"run", "scenario.yaml"});
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("small: seed 3, horizon 10m, warm-up 1m"));
  EXPECT_THAT(finished.out, ContainsRegex("\nrender "));
  EXPECT_THAT(finished.out, ContainsRegex("\nscene "));
  EXPECT_LE(widest_line(finished.out), 80);
  EXPECT_EQ(place.run({"run", "scenario.yaml"}).out, finished.out);
  EXPECT_THAT(place.run({"run", "scenario.yaml", "--quiet"}).err, IsEmpty());
  EXPECT_THAT(place.left_behind(), IsEmpty());
}

TEST(Run, PrintsTheSummaryAsJson) {
  const Workplace place(small_scenario());
  const Json summary = Json::parse(place.run({"run", "scenario.yaml", "--format", "json"}).out);
  EXPECT_EQ(summary["scenario"], "small");
  EXPECT_EQ(summary["seed"], 3);
  const Json& queries = summary["totals"]["queries"];
  const auto count = [&](const char* key) { return queries[key].get<std::uint64_t>(); };
  EXPECT_GT(count("arrived"), 500U);
  EXPECT_EQ(count("arrived"), count("completed") + count("failed") + count("timed_out") + count("rejected") +
                                  count("in_flight") + count("queued"));
  EXPECT_EQ(queries["arrived"], summary["pipelines"]["render"]["queries"]["arrived"]);
}

TEST(Run, WritesItsFilesToTheFolder) {
  const Workplace place(small_scenario());
  const Finished finished = place.run({"run", "scenario.yaml", "-o", "out", "--per-query", "queries.csv"});
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(place.left_behind(),
              ElementsAre("out", "out/result.h5", "out/scenario.resolved.yaml", "out/summary.json", "queries.csv"));
  const Json written = Json::parse(read_file(place.path() / "out/summary.json"));
  const Json printed = Json::parse(place.run({"run", "scenario.yaml", "--format", "json"}).out);
  EXPECT_EQ(without_engine(written), without_engine(printed));
  EXPECT_THAT(read_file(place.path() / "out/result.h5").substr(1, 3), "HDF");
  EXPECT_GT(lines_in(read_file(place.path() / "queries.csv")), 500U);
}

TEST(Run, OfTheResolvedScenarioGivesTheSameResult) {
  const Workplace place(small_scenario());
  ASSERT_EQ(place.run({"run", "scenario.yaml", "-o", "out", "--seed", "12"}).exit_code, 0);
  const Finished again = place.run({"run", "out/scenario.resolved.yaml", "--format", "json"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(without_engine(Json::parse(again.out)),
            without_engine(Json::parse(read_file(place.path() / "out/summary.json"))));
}

TEST(Run, TakesSettingsAndSeedFromTheCommandLine) {
  const Workplace place(small_scenario());
  const Json summary = Json::parse(
      place.run({"run", "scenario.yaml", "--format=json", "--seed=99", "--set", "horizon=2m", "--set", "warm_up=0s"})
          .out);
  EXPECT_EQ(summary["seed"], 99);
  EXPECT_EQ(summary["horizon_s"], 120.0);
}

TEST(Run, GivesTheSameBytesOnOneAndTwoThreads) {
  const Workplace place(small_scenario());
  const std::vector<std::string> words = {"run", "scenario.yaml", "--replications", "5", "--format", "json"};
  auto one = words, two = words;
  one.insert(one.end(), {"--threads", "1", "-o", "one"});
  two.insert(two.end(), {"--threads", "2", "-o", "two"});
  const Finished first = place.run(one), second = place.run(two);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(without_engine(Json::parse(first.out)), without_engine(Json::parse(second.out)));
  for (const char* file : {"result.h5", "scenario.resolved.yaml"})
    EXPECT_TRUE(read_file(place.path() / "one" / file) == read_file(place.path() / "two" / file)) << file;
  const Json summary = Json::parse(first.out);
  EXPECT_EQ(summary["seeds"].size(), 5U);
  EXPECT_GT(summary["totals"]["queries"]["arrived_ci95"].get<double>(), 0);
}

TEST(Run, OfReplicationsShowsIntervalsWithinEightyColumns) {
  const Workplace place(small_scenario());
  const Finished finished = place.run({"run", "scenario.yaml", "--replications", "3"});
  EXPECT_THAT(finished.out, HasSubstr("\xc2\xb1"));
  EXPECT_LE(widest_line(finished.out), 80);
}

TEST(Compare, ShowsAColumnForEachVariant) {
  const Workplace place(small_scenario());
  const Finished finished = place.run({"compare", "scenario.yaml"});
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.out, ContainsRegex("alone +time slicing\n"));
  EXPECT_LE(widest_line(finished.out), 80);
}

TEST(Compare, GivesEveryVariantTheSameSeedsAndWritesAFolderForEach) {
  const Workplace place(small_scenario());
  const std::vector<std::string> words = {"compare", "scenario.yaml", "--replications", "2", "--format", "json"};
  auto one = words, two = words;
  one.insert(one.end(), {"--threads", "1", "-o", "out", "--per-query", "q.csv"});
  two.insert(two.end(), {"--threads", "2"});
  const Finished first = place.run(one), second = place.run(two);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const Json variants = Json::parse(first.out)["variants"];
  ASSERT_EQ(variants.size(), 2U);
  EXPECT_EQ(variants[0]["name"], "alone");
  EXPECT_EQ(variants[0]["summary"]["seeds"], variants[1]["summary"]["seeds"]);
  EXPECT_EQ(without_engine(Json::parse(first.out)), without_engine(Json::parse(second.out)));
  EXPECT_THAT(place.left_behind(),
              ElementsAre("out", "out/alone", "out/alone/result.h5", "out/alone/scenario.resolved.yaml",
                          "out/alone/summary.json", "out/compare.json", "out/time-slicing",
                          "out/time-slicing/result.h5", "out/time-slicing/scenario.resolved.yaml",
                          "out/time-slicing/summary.json", "q.alone.csv", "q.time-slicing.csv"));
}

TEST(Output, ToAReaderThatWentAwayIsNoCrash) {
  const Workplace place(small_scenario());
  for (const char* verb : {"run", "compare"}) {
    const Finished finished = place.run({verb, "scenario.yaml", "--quiet"}, {.output = Output::reader_gone});
    EXPECT_EQ(finished.exit_code, 0);
    EXPECT_THAT(finished.err, IsEmpty());
  }
}

TEST(Output, ToAFullDiskIsAnIoFailure) {
  const Workplace place(small_scenario());
  const Finished finished = place.run({"run", "scenario.yaml", "--quiet"}, {.output = Output::full_disk});
  EXPECT_EQ(finished.exit_code, 70);
  EXPECT_EQ(finished.err, "windtunnel: standard output: No space left on device\n");
}

}  // namespace
}  // namespace windtunnel::e2e
