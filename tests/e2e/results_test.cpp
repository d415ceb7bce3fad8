// What a run prints and writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace results_test {

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

/// What python prints for `script` on the file; nothing where it has no h5py.
std::optional<std::string> read_with_h5py(const std::string& script, const std::filesystem::path& file) {
  const char* given = std::getenv("WINDTUNNEL_PYTHON");
  const std::string python = given != nullptr ? given : "/usr/bin/python3";
  if (std::system((python + " -c 'import h5py' 2>/dev/null").c_str()) != 0) return std::nullopt;
  const std::filesystem::path out = file.string() + ".txt";
  const std::string command = python + " -c '" + script + "' '" + file.string() + "' > '" + out.string() + "' 2>&1";
  (void)std::system(command.c_str());
  return read_file(out);
}

// The observers between the simulation and the file passed kills on, and not who held what.
TEST(Run, WritesWhoHeldWhatAtEachKillAndWhoseDoingItWas) {
  const Workplace place(R"(schema: 1
horizon: 200s
models:
  a: {latency: {fixed: 100ms}, memory: {context: 300MiB, context_mps: 200MiB, weights: 2GiB}, faults: {fatal_fault: {mean_time_between: 20s}}}
  b: {latency: {fixed: 100ms}, memory: {context: 300MiB, context_mps: 200MiB, weights: 1GiB}}
workload: [{model: a, arrivals: {rate: 5/s}}, {model: b, arrivals: {rate: 1/s}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: mps, replicas: 2}}}}
)");
  ASSERT_EQ(place.run({"run", "scenario.yaml", "-o", "out", "--quiet"}).exit_code, 0);
  const auto seen = read_with_h5py(
      "import h5py, sys; f = h5py.File(sys.argv[1]); k = f[\"kills\"]; l = f[\"kill_ledger\"]; "
      "assert len(k[\"at_s\"]) > 3; "
      "print([(k[c][0], k[c][1]) for c in (\"model\", \"cause\", \"culprit_model\", \"blast_radius\")]); "
      "print([int(l[c][0]) >> 20 for c in (\"kill\", \"context_bytes\", \"weights_bytes\", \"reserved_bytes\")]); "
      "print(list(l[\"kill\"][:3]), list(l[\"model\"][:3]), l.attrs[\"kills_dropped\"])",
      place.path() / "out/result.h5");
  if (!seen) GTEST_SKIP() << "no h5py; install python3-h5py or set WINDTUNNEL_PYTHON";
  EXPECT_EQ(*seen,
            "[(b'a', b'b'), (b'gpu_fault', b'neighbour_fault'), (b'a', b'a'), (1, 1)]\n"
            "[0, 200, 2048, 0]\n"
            "[0, 0, 1] [b'a', b'b', b'a'] 0\n");
}

}  // namespace results_test
}  // namespace windtunnel::e2e
