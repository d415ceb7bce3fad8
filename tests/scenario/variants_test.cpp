#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "harness.hpp"

namespace windtunnel {
namespace variants_test {

using testing::kSmall;

/// A file of its own for each test, removed afterwards.
class Variants : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    file_ = std::filesystem::temp_directory_path() / (std::string("windtunnel_") + info->name() + ".yaml");
  }
  void TearDown() override { std::filesystem::remove(file_); }
  auto load(const std::string& text, const LoadOptions& options = {}) {
    std::ofstream(file_) << text;
    return load_variants(file_, options);
  }
  std::filesystem::path file_;
};

const std::string kCompare = R"(compare:
  - {name: slices}
  - {name: MPS, set: {cluster.node_pools.a10.sharing: {mode: mps, replicas: 3}}}
  - {name: limits, set: {cluster.node_pools.a10.sharing: {mode: hard_limit, replicas: 2}, horizon: 2h}}
)";

TEST_F(Variants, EachIsTheFileWithItsSettingsLaidOver) {
  const auto all = load(kSmall + kCompare);
  ASSERT_TRUE(all) << all.problems().front().text();
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].first, "slices");
  EXPECT_EQ((*all)[0].second.node_pools[0].sharing.mode, "time_slicing");
  EXPECT_EQ((*all)[1].second.node_pools[0].sharing.mode, "mps");
  EXPECT_EQ((*all)[2].second.horizon, std::chrono::hours(2));
  EXPECT_TRUE((*all)[1].second.compare.empty());
  EXPECT_NE((*all)[0].second.digest, (*all)[1].second.digest);
}

TEST_F(Variants, TheUsersSettingsLieOverAll) {
  const auto all = load(kSmall + kCompare, {.set = {{"horizon", "3h"}, {"compare.1.name", "mps"}}});
  ASSERT_TRUE(all);
  for (const auto& [name, scenario] : *all) EXPECT_EQ(scenario.horizon, std::chrono::hours(3));
  EXPECT_EQ((*all)[1].first, "mps");
}

TEST_F(Variants, AProblemOfOneVariantBeginsWithItsName) {
  const auto all = load(kSmall + testing::with(kCompare, "mode: mps", "mode: mpss"));
  ASSERT_FALSE(all);
  ASSERT_EQ(all.problems().size(), 1u);
  EXPECT_EQ(all.problems()[0].text().substr(0, 15), "variant \"MPS\": ");
  EXPECT_NE(all.problems()[0].text().find(
                ":19: cluster.node_pools.a10.sharing.mode: unknown sharing mode \"mpss\"; did you mean \"mps\"?"),
            std::string::npos)
      << all.problems()[0].text();
}

TEST_F(Variants, AProblemOfAllVariantsIsSaidOnce) {
  const auto all = load(testing::with(kSmall, "rate: 0.2/s", "rate: -1/s") + kCompare);
  ASSERT_FALSE(all);
  ASSERT_EQ(all.problems().size(), 1u);
  EXPECT_EQ(all.problems()[0].text().find("variant"), std::string::npos);
}

TEST_F(Variants, AFileWithoutThemSaysHowToAddThem) {
  const auto all = load(kSmall);
  ASSERT_FALSE(all);
  EXPECT_NE(all.problems()[0].text().find("has no variants to compare; add `compare: [{name: MPS"), std::string::npos);
}

TEST_F(Variants, NamesMustDiffer) {
  const auto all = load(kSmall + testing::with(kCompare, "name: limits", "name: MPS"));
  ASSERT_FALSE(all);
  EXPECT_NE(all.problems()[0].text().find("compare.2: the name \"MPS\" is taken by an earlier variant"),
            std::string::npos);
}

TEST_F(Variants, OneIsLoadedByItsName) {
  const auto all = load(kSmall + kCompare);
  const auto one = load_variant(file_, "MPS", {.set = {{"horizon", "3h"}}});
  ASSERT_TRUE(one) << one.problems().front().text();
  EXPECT_EQ(one->node_pools[0].sharing.mode, "mps");
  EXPECT_EQ(one->horizon, std::chrono::hours(3));
  EXPECT_EQ(load_variant(file_, "MPS")->digest, (*all)[1].second.digest);
}

TEST_F(Variants, OneThatIsNotThereNamesTheNearestAndTheKnownOnes) {
  (void)load(kSmall + kCompare);
  const auto one = load_variant(file_, "limit");
  ASSERT_FALSE(one);
  EXPECT_EQ(
      one.problems()[0].text(),
      file_.string() + ":18: compare: has no variant \"limit\"; did you mean \"limits\"? (known: slices, MPS, limits)");
}

TEST_F(Variants, OneOfAFileWithoutThemSaysHowToAddThem) {
  (void)load(kSmall);
  EXPECT_NE(load_variant(file_, "MPS").problems()[0].text().find("has no variants to compare"), std::string::npos);
}

TEST_F(Variants, APathIntoAPoolThatIsNotThereNamesTheNearest) {
  const auto all = load(kSmall + testing::with(kCompare, "set: {cluster.node_pools.a10.sharing: {mode: mps",
                                               "set: {cluster.node_pools.a01.sharing: {mode: mps"));
  ASSERT_FALSE(all);
  EXPECT_NE(all.problems()[0].text().find("cluster.node_pools has no \"a01\"; did you mean \"a10\"?"),
            std::string::npos)
      << all.problems()[0].text();
}

}  // namespace variants_test
}  // namespace windtunnel
