// The registry's own promises.
#include <gtest/gtest.h>

#include "tests/models/sharing/harness.hpp"

namespace windtunnel {
namespace {

TEST(SharingRegistry, ListsTheModesInOrder) {
  std::vector<std::string> names;
  for (const auto& row : sharing_registry()) names.emplace_back(row.name);
  EXPECT_EQ(names, (std::vector<std::string>{"exclusive", "time_slicing", "mps", "hard_limit", "mig"}));
}

TEST(SharingRegistry, EveryParameterHasADocAndEveryDefaultALimitItKeepsAndASource) {
  for (const auto& row : sharing_registry()) {
    EXPECT_FALSE(row.doc.empty()) << row.name;
    EXPECT_EQ(testing_support::breaches(row.params), std::vector<std::string>{}) << row.name;
  }
}

TEST(SharingRegistry, EveryFigureSaysHowWellItIsKnown) {
  for (const auto& row : sharing_registry())
    for (const auto& param : row.params) EXPECT_TRUE(param.source.starts_with('[')) << row.name << '.' << param.name;
}

}  // namespace
}  // namespace windtunnel
