#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/conformance/check_row.hpp"

namespace windtunnel::conformance {
namespace {

TEST(ConformanceVectors, NoRowOfTheFolderFails) {
  const char* folder = std::getenv("WINDTUNNEL_VECTORS");
  if (folder == nullptr) GTEST_SKIP() << "set WINDTUNNEL_VECTORS to a folder of vector files";
  const auto registry = all_checkers();
  int rows = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path());
    const auto file = nlohmann::json::parse(in);
    for (const auto& row : file.at("rows")) {
      const auto verdict = check_row(row, entry.path().filename().string(), registry);
      EXPECT_NE(verdict.state, RowState::failed) << verdict.id << ": " << verdict.note;
      ++rows;
    }
  }
  EXPECT_GT(rows, 0);
}

}  // namespace
}  // namespace windtunnel::conformance
