// The broken files that the fuzzers start from, read once more without them.
#include <filesystem>

#include "sim/workload/format_registry.hpp"
#include "sources.hpp"
#include "tests/fuzz/read_anything.hpp"

namespace windtunnel::testing {
namespace {

TEST(FuzzCorpus, EveryFileIsReadOrRefusedByEveryReader) {
  std::size_t files = 0, readers = 0;
  for (const auto& folder : std::filesystem::directory_iterator(WINDTUNNEL_SOURCE_DIR "/tests/fuzz/corpus")) {
    const std::string reader = folder.path().filename().string();
    if (reader == "manifests") continue;  // no trace: tests/kubernetes reads it
    EXPECT_TRUE(reader == "auto" || find_format(reader) != nullptr) << reader << " reads no format";
    ++readers;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      EXPECT_NO_THROW(read_anything(file.path().string(), reader)) << file.path();
      EXPECT_NO_THROW(read_anything(file.path().string(), "auto")) << file.path();
      ++files;
    }
  }
  EXPECT_GE(readers, 13U);
  EXPECT_GT(files, 40U);
}

}  // namespace
}  // namespace windtunnel::testing
