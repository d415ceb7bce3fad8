#include "sim/report/output_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/example.hpp"

namespace windtunnel {
namespace output_folder_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::read_file;
using testing::TemporaryFolder;

TEST(PendingFile, AppearsOnlyWhenCommitted) {
  const TemporaryFolder folder;
  auto file = PendingFile::open(folder.path() / "summary.json");
  ASSERT_TRUE(file);
  file->write("{}\n");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "summary.json"));
  file->commit();
  EXPECT_THAT(folder.names(), ElementsAre("summary.json"));
  EXPECT_EQ(read_file(folder.path() / "summary.json"), "{}\n");
}

TEST(PendingFile, LeavesAnOlderFileAloneUntilCommitted) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.csv") << "old";
  {
    const auto file = PendingFile::open(folder.path() / "a.csv");
    ASSERT_TRUE(file);
    file->write("new");
  }
  EXPECT_EQ(read_file(folder.path() / "a.csv"), "old");
  EXPECT_THAT(folder.names(), ElementsAre("a.csv"));
}

TEST(PendingFile, SaysWhyAFileCannotBeWritten) {
  const auto missing = PendingFile::open("/no-such-folder/x.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.problems().at(0).text(),
            "/no-such-folder/x.csv: the folder /no-such-folder does not exist; create it first");
  const auto folder = PendingFile::open("/tmp");
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.problems().at(0).text(), HasSubstr("is a folder"));
}

TEST(OutputFolder, WritesAllFilesAtOnce) {
  const TemporaryFolder folder;
  auto out = OutputFolder::open(folder.path() / "out");
  ASSERT_TRUE(out);
  auto first = out->add("summary.json");
  auto second = out->add("MPS/summary.json");
  ASSERT_TRUE(first && second);
  (*first)->write("1");
  (*second)->write("2");
  out->commit();
  EXPECT_THAT(folder.names(), ElementsAre("out", "out/MPS", "out/MPS/summary.json", "out/summary.json"));
}

TEST(OutputFolder, LeavesNothingBehindWhenNothingIsCommitted) {
  const TemporaryFolder folder;
  {
    auto out = OutputFolder::open(folder.path() / "out");
    ASSERT_TRUE(out);
    auto file = out->add("MPS/summary.json");
    ASSERT_TRUE(file);
    (*file)->write("half");
  }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(OutputFolder, KeepsAFolderThatWasThere) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "out");
  {
    ASSERT_TRUE(OutputFolder::open(folder.path() / "out"));
  }
  EXPECT_THAT(folder.names(), ElementsAre("out"));
}

TEST(OutputFolder, RefusesWhatCannotBeAFolder) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  const auto file = OutputFolder::open(folder.path() / "file");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.problems().at(0).text(), HasSubstr("is a file, not a folder; choose another folder"));
  const auto below_file = OutputFolder::open(folder.path() / "file" / "out");
  ASSERT_FALSE(below_file);
  EXPECT_THAT(below_file.problems().at(0).text(), HasSubstr("file/out: cannot be created: Not a directory"));
  const auto orphan = OutputFolder::open(folder.path() / "a" / "b");
  ASSERT_FALSE(orphan);
  EXPECT_THAT(orphan.problems().at(0).text(), HasSubstr("does not exist; create it first"));
  EXPECT_THAT(folder.names(), ElementsAre("file"));
}

TEST(FolderName, KeepsAVariantInsideTheFolder) {
  EXPECT_EQ(folder_name("hard limits"), "hard-limits");
  EXPECT_EQ(folder_name("../../etc"), "..-..-etc");
  EXPECT_EQ(folder_name(".."), "variant-..");
  EXPECT_EQ(folder_name(""), "variant-");
}

}  // namespace output_folder_test
}  // namespace windtunnel
