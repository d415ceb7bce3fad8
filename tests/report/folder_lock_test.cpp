#include "sim/report/folder_lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/report/output_folder.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace folder_lock_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

/// Exit code of a child process that does this.
template <class Do>
int in_a_child(const Do& act) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(act());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(FolderLock, HoldsWithinTheProcessAndAgainstOthersAndLeavesNothing) {
  const TemporaryFolder folder;
  {
    const auto lock = FolderLock::take(folder.path());
    ASSERT_TRUE(lock);
    const auto second = FolderLock::take(folder.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.problems().at(0).text(),
              folder.path().string() + ": another run is writing to it; wait for it, or choose another folder");
    EXPECT_EQ(in_a_child([&] { return FolderLock::take(folder.path()) ? 1 : 0; }), 0);
  }
  EXPECT_THAT(folder.names(), IsEmpty());
  EXPECT_TRUE(FolderLock::take(folder.path()));
}

TEST(FolderLock, IsNotHeldByAProcessThatDied) {
  const TemporaryFolder folder;
  ASSERT_EQ(in_a_child([&] {
              const auto lock = FolderLock::take(folder.path());
              ::_exit(lock ? 7 : 1);  // no destructor, as in a crash
              return 0;
            }),
            7);
  EXPECT_THAT(folder.names(), ElementsAre(".windtunnel.lock"));
  {
    EXPECT_TRUE(FolderLock::take(folder.path()));
  }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(OutputFolder, RefusesASecondRunAndLeavesTheFirstAlone) {
  const TemporaryFolder folder;
  {
    auto first = OutputFolder::open(folder.path() / "out");
    ASSERT_TRUE(first);
    auto file = first->add("a");
    ASSERT_TRUE(file);
    const auto second = OutputFolder::open(folder.path() / "out");
    ASSERT_FALSE(second);
    EXPECT_THAT(second.problems().at(0).text(), HasSubstr("another run is writing to it"));
    (*file)->write("first");
    first->commit();
    EXPECT_TRUE(OutputFolder::open(folder.path() / "out"));  // free from then on
  }
  EXPECT_THAT(folder.names(), ElementsAre("out", "out/a"));
}

}  // namespace folder_lock_test
}  // namespace windtunnel
