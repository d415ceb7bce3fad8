// scenario.resolved.yaml is a scenario like any other, and the same one.
#include <gtest/gtest.h>

#include <filesystem>

#include "harness.hpp"

namespace windtunnel {
namespace resolved_test {

using testing::kSmall;
using testing::parse;
using testing::with;

const std::string kFolder = WINDTUNNEL_SOURCE_DIR "/scenarios";

TEST(Resolved, LoadsAgainToTheSameTextAndDigest) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() != ".yaml" || entry.path().filename().string().find("_trace") != std::string::npos ||
        entry.path().parent_path().filename() == "manifests")
      continue;
    const auto first = load_scenario(entry.path());
    ASSERT_TRUE(first) << entry.path();
    const auto second = parse_scenario(first->resolved, "scenario.resolved.yaml", "/", {});
    ASSERT_TRUE(second) << entry.path() << ": " << second.problems().front().text() << "\n" << first->resolved;
    EXPECT_EQ(second->resolved, first->resolved) << entry.path();
    EXPECT_EQ(second->digest, first->digest);
    EXPECT_EQ(second->models.size(), first->models.size());
    EXPECT_EQ(second->scaling.size(), first->scaling.size());
  }
}

TEST(Resolved, WritesEveryDefaultOut) {
  const auto s = parse(kSmall);
  ASSERT_TRUE(s);
  for (const char* line : {"seed: 1", "warm_up: 0s", "on_vram_oom: exit", "scale_down_after: 10m",
                           "scrape_interval: 15s", "price: 1.006/h", "switch_cost: 5e-05s"})
    EXPECT_NE(s->resolved.find(line), std::string::npos) << line << "\n" << s->resolved;
}

TEST(Resolved, DefaultsThatWouldContradictAreLeftOut) {
  // `scv` has the default 1, which must not be said of a deterministic law; `measure` must not be said beside a
  // throughput.
  std::string text =
      with(kSmall, "{process: poisson, rate: 0.2/s}", "{process: renewal, law: deterministic, rate: 0.2/s}");
  text = with(text, "target: 3s", "target: 3s, throughput: 2/s");
  const auto first = parse(text);
  ASSERT_TRUE(first);
  const auto second = parse(first->resolved);
  ASSERT_TRUE(second) << second.problems().front().text();
  EXPECT_EQ(second->digest, first->digest);
}

TEST(Resolved, DigestFollowsWhatIsRunAndNothingElse) {
  const auto base = parse(kSmall)->digest;
  EXPECT_EQ(parse(with(kSmall, "horizon: 1h", "horizon: 60m   # the same"))->digest, base);
  EXPECT_EQ(parse(with(kSmall, "horizon: 1h", "seed: 1\nhorizon: 1h"))->digest, base);
  EXPECT_NE(parse(with(kSmall, "horizon: 1h", "horizon: 2h"))->digest, base);
  EXPECT_NE(parse(with(kSmall, "rate: 0.2/s", "rate: 0.21/s"))->digest, base);
}

TEST(Resolved, DigestDoesNotFollowWhereTheTraceLies) {
  const std::string text = with(kSmall, "arrivals: {rate: 0.1/s}", "trace: {file: data/example.csv}");
  const auto here = parse_scenario(text, "small.yaml", kFolder, {});
  const auto there = parse_scenario(with(text, "data/example.csv", "example.csv"), "small.yaml", kFolder + "/data", {});
  ASSERT_TRUE(here);
  ASSERT_TRUE(there);
  EXPECT_EQ(here->digest, there->digest);
}

}  // namespace resolved_test
}  // namespace windtunnel
