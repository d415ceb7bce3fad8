// windtunnel profile and windtunnel validate, as a user meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace profile_test {

using ::testing::HasSubstr;

// Made by t = ((5 ms)^2 + (0.4 ms b / s)^2)^(1/2).
constexpr const char* kSolo =
    "model,batch,share,latency_ms\nnet,1,1,5.015974482\nnet,8,1,5.936328832\nnet,32,1,13.741906709\nnet,1,0.2,5."
    "385164807\nnet,8,0.2,16.763054614\nnet,32,0.2,64.195015383\nnet,8,0.5,8.121576202\n";

TEST(ProfileFit, PrintsAProfileOrWritesItWhole) {
  Workplace place(small_scenario());
  std::ofstream(place.path() / "solo.csv") << kSolo;
  const Finished shown = place.run({"profile", "fit", "solo.csv"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("law: work_span\n      a: 5ms\n"));
  EXPECT_THAT(shown.out, HasSubstr("w: 0.4ms\n      p: 2\n"));
  EXPECT_EQ(place.run({"profile", "fit", "solo.csv", "-o", "net.yaml"}).exit_code, 0);
  EXPECT_EQ(read_file(place.path() / "net.yaml"), shown.out);
}

TEST(ProfileFit, SaysInOneMessageWhatATableOfNoKindLacks) {
  Workplace place(small_scenario());
  std::ofstream(place.path() / "odd.csv") << "model,batch,latency\nnet,1,5\n";
  const Finished finished = place.run({"profile", "fit", "odd.csv"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(lines_in(finished.err), 1U);
  EXPECT_THAT(finished.err, HasSubstr("the nearest, caps, misses active_thread_pct, latency_ms"));
  EXPECT_THAT(finished.err, HasSubstr("known kinds: "));
}

TEST(Validate, EndsWithTheCountAndListsWhatItDoesNotUnderstand) {
  Workplace place(small_scenario());
  std::filesystem::create_directory(place.path() / "tables");
  std::ofstream(place.path() / "tables" / "solo.csv") << "batch,latency_ms\n1,5\n2,5.5\n4,7\n8,11\n16,20\n";
  std::ofstream(place.path() / "tables" / "prices.csv") << "gpu,usd\nA10G,1\n";
  const Finished finished = place.run({"validate", "tables"});
  EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("not understood: tables/prices.csv"));
  EXPECT_TRUE(finished.out.ends_with("\n1 passed, 0 failed, 1 not understood\n")) << finished.out;
  const auto json = nlohmann::json::parse(place.run({"validate", "tables", "--format", "json"}).out);
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["table"], "solo.csv");
  EXPECT_EQ(json[0]["predicted"], 2);
  EXPECT_TRUE(json[0]["oom"].is_null());
}

TEST(Validate, WithoutAFolderSaysHowToNameOne) {
  const Finished finished = run_program({"validate"}, {.environment = {{"WINDTUNNEL_TABLES", ""}}});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, HasSubstr("WINDTUNNEL_TABLES is not set"));
}

}  // namespace profile_test
}  // namespace windtunnel::e2e
