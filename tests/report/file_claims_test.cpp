#include "sim/report/file_claims.hpp"

#include <gtest/gtest.h>

#include "tests/report/example.hpp"

namespace windtunnel {
namespace file_claims_test {

namespace fs = std::filesystem;
using testing::TemporaryFolder;

TEST(FileClaims, NamesBothWhenAnOutputIsAnInput) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "c.yaml").string();
  std::ofstream(file) << "x";
  FileClaims claims;
  claims.add_input("the scenario", file);
  claims.add_output("--junit", folder.path() / "." / "c.yaml");
  ASSERT_EQ(claims.problems().size(), 1U);
  EXPECT_EQ(claims.problems()[0].text(), "--junit " + (folder.path() / "." / "c.yaml").string() +
                                             ": would overwrite the scenario " + file + "; choose another place");
}

TEST(FileClaims, KnowsAPlaceByAnyOfItsNames) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "real") << "x";
  fs::create_hard_link(folder.path() / "real", folder.path() / "hard");
  fs::create_symlink("real", folder.path() / "soft");
  fs::create_symlink("later", folder.path() / "dangling");
  fs::create_directory_symlink(".", folder.path() / "self");
  const std::vector<std::pair<const char*, const char*>> same = {
      {"real", "hard"}, {"real", "soft"}, {"later", "dangling"}, {"later", "self/later"}, {"no/x", "no/y/../x"}};
  for (const auto& [first, second] : same) {
    FileClaims claims;
    claims.add_output("--per-query", folder.path() / first);
    claims.add_output("--junit", folder.path() / second);
    ASSERT_EQ(claims.problems().size(), 1U) << second;
    EXPECT_EQ(claims.problems()[0].what, "is the same file as --per-query " + (folder.path() / first).string());
  }
}

TEST(FileClaims, TakesRelativeAndAbsoluteNamesForTheSame) {
  FileClaims claims;
  claims.add_output("--junit", "x.xml");
  claims.add_output("--markdown", fs::current_path() / "x.xml");
  EXPECT_EQ(claims.problems().size(), 1U);
}

TEST(FileClaims, LetsDifferentFilesAndTextsInMemoryBe) {
  const TemporaryFolder folder;
  FileClaims claims;
  claims.add_input("the scenario", folder.path() / "<text>");
  claims.add_output("--junit", folder.path() / "<text>");
  claims.add_output("--markdown", folder.path() / "x.md");
  EXPECT_TRUE(claims.problems().empty());
}

}  // namespace file_claims_test
}  // namespace windtunnel
