#include "sim/report/compare_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <regex>

#include "sim/report/summary.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace compare_table_test {

using ::testing::ContainsRegex;
using testing::example_run;
using testing::example_scenario;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::widest_line;
using Json = nlohmann::ordered_json;

int blocks_in(const std::string& text) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find("\nQueries\n", at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(CompareTable, HasAColumnForEachVariantAndSaysWhyTheyDiffer) {
  RunResult calm = example_run(1000, 1);
  calm.models[0].kills = {};
  calm.notes.clear();
  const Json killed = summarize(example_scenario(), example_run()), none = summarize(example_scenario(), calm);
  const std::array variants = {ComparedVariant{"time-slicing", &killed}, ComparedVariant{"hard limits", &none}};
  const std::string text = compare_table(variants);
  EXPECT_THAT(text, ContainsRegex("time-slicing +hard limits"));
  EXPECT_THAT(text, ContainsRegex("arrived, or inside at 10m +1,000 +1,000"));
  EXPECT_THAT(text, ContainsRegex("completed +990 +1,000"));
  EXPECT_THAT(text, ContainsRegex("cause: device full +5 +0"));
  EXPECT_THAT(text, ContainsRegex("exit code 137 +4 +0"));
  EXPECT_THAT(text, ContainsRegex("render in 15s +0.990 +1"));
  EXPECT_THAT(text, ContainsRegex("memory max, GiB +22.5 +22.5"));
  EXPECT_THAT(text, Not(HasSubstr("cause: probe")));
  EXPECT_THAT(text, HasSubstr("Note (time-slicing): rate_scale"));
  EXPECT_LE(widest_line(text), 80);
}

TEST(CompareTable, PutsFiveVariantsInOneBlockAndMoreInFurtherOnes) {
  const Json summary = summarize(example_scenario(), example_run());
  std::vector<ComparedVariant> variants;
  for (int i = 1; i <= 12; ++i) {
    variants.push_back({"variant-with-a-long-name-" + std::to_string(i), &summary});
    const std::string text = compare_table(variants);
    EXPECT_LE(widest_line(text), 80) << i;
    EXPECT_EQ(blocks_in(text), (i + 4) / 5) << text;
  }
}

TEST(CompareTable, OfReplicationsFitsToo) {
  const std::array runs = {example_run(990, 5, 7), example_run(980, 7, 8)};
  const Json summary = summarize(example_scenario(), runs);
  const std::vector<ComparedVariant> variants(5, {"mode", &summary});
  const std::string text = compare_table(variants);
  EXPECT_LE(widest_line(text), 80);
  EXPECT_THAT(text, ContainsRegex("completed +985 \xc2\xb1"));
}

TEST(CompareTable, CutsALongNameButNotWhatIsSaidAboutIt) {
  RunResult run = example_run();
  run.models[0].name = "a-model-with-a-name-longer-than-the-column";
  const Json summary = summarize(example_scenario(), run);
  const std::array variants = {ComparedVariant{"one", &summary}};
  EXPECT_THAT(compare_table(variants), HasSubstr("\xe2\x80\xa6 p95"));
}

TEST(CompareTable, LeavesModelsBeyondADozenToTheJson) {
  RunResult run = example_run();
  for (int i = 0; i < 20; ++i) {
    run.models.push_back(run.models[1]);
    run.models.back().name = "extra-" + std::to_string(i);
  }
  const Json summary = summarize(example_scenario(), run);
  const std::array variants = {ComparedVariant{"one", &summary}};
  EXPECT_THAT(compare_table(variants), HasSubstr("(10 more models: see --format json)"));
}

}  // namespace compare_table_test
}  // namespace windtunnel
