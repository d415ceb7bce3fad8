#include "sim/report/pending_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tests/report/example.hpp"

namespace windtunnel {
namespace pending_file_test {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::read_file;
using testing::TemporaryFolder;

void make_socket(const fs::path& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
}

TEST(PendingFile, RefusesWhatIsNoRegularFileAndLeavesItAlone) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  make_socket(folder.path() / "socket");
  fs::create_symlink("fifo", folder.path() / "link");  // as /dev/stdout may be
  for (const auto& [name, what] :
       {std::pair{"fifo", "pipe"}, std::pair{"socket", "socket"}, std::pair{"link", "pipe"}}) {
    const auto file = PendingFile::open(folder.path() / name);
    ASSERT_FALSE(file) << name;
    const std::string text = file.problems().at(0).text();
    EXPECT_THAT(text, HasSubstr(std::string(name) + ": is a " + what + ", not a regular file; "));
    EXPECT_THAT(text, HasSubstr("--format json"));
  }
  EXPECT_EQ(folder.names().size(), 3U);
  EXPECT_TRUE(fs::is_fifo(folder.path() / "fifo"));
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
}

TEST(PendingFile, DoesNotReplaceWhatBecameAPipeMeanwhile) {
  const TemporaryFolder folder;
  auto file = PendingFile::open(folder.path() / "a");
  ASSERT_TRUE(file);
  ASSERT_EQ(::mkfifo((folder.path() / "a").c_str(), 0600), 0);
  EXPECT_THROW(file->commit(), IoError);
  EXPECT_TRUE(fs::is_fifo(folder.path() / "a"));
}

TEST(PendingFile, KeepsASymbolicLinkAndReplacesWhatItPointsTo) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "far");
  std::ofstream(folder.path() / "far/old.csv") << "old";
  fs::create_symlink("far/old.csv", folder.path() / "there");
  fs::create_symlink("far/new.csv", folder.path() / "dangling");
  fs::create_symlink("dangling", folder.path() / "twice");
  for (const char* name : {"there", "twice"}) {
    auto file = PendingFile::open(folder.path() / name);
    ASSERT_TRUE(file) << name;
    EXPECT_EQ(fs::canonical(file->temporary().parent_path()), fs::canonical(folder.path() / "far"));
    file->write("new");
    file->commit();
    EXPECT_TRUE(fs::is_symlink(folder.path() / name));
    EXPECT_EQ(read_file(folder.path() / name), "new");
  }
  EXPECT_EQ(folder.names().size(), 6U);  // three links, the folder and two files: no temporary is left
}

TEST(PendingFile, SaysWhenALinkLeadsNowhere) {
  const TemporaryFolder folder;
  fs::create_symlink("b", folder.path() / "a");
  fs::create_symlink("a", folder.path() / "b");
  EXPECT_FALSE(PendingFile::open(folder.path() / "a"));
  fs::create_symlink("no/such", folder.path() / "c");
  const auto file = PendingFile::open(folder.path() / "c");
  ASSERT_FALSE(file);
  EXPECT_THAT(file.problems().at(0).text(), HasSubstr("no does not exist; create it first"));
}

TEST(PendingFile, TwoOfOneNameHaveTheirOwnTemporaries) {
  const TemporaryFolder folder;
  auto first = PendingFile::open(folder.path() / "a.csv"), second = PendingFile::open(folder.path() / "a.csv");
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->temporary(), second->temporary());
  first->write("first");
  second->write("second");
  first->commit();
  EXPECT_EQ(read_file(folder.path() / "a.csv"), "first");
  second->commit();
  EXPECT_EQ(read_file(folder.path() / "a.csv"), "second");
  EXPECT_THAT(folder.names(), ElementsAre("a.csv"));
}

}  // namespace pending_file_test
}  // namespace windtunnel
