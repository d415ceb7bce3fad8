#include "sim/report/folder_lock.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace windtunnel {
namespace fs = std::filesystem;
namespace {

constexpr const char* kName = ".windtunnel.lock";

/// Whoever held it may have removed it between our opening and locking it: then we hold what nobody else will find.
bool is_still_there(const fs::path& file, const FileDescriptor& held) {
  struct stat named{}, ours{};
  return ::stat(file.c_str(), &named) == 0 && ::fstat(held.get(), &ours) == 0 && named.st_ino == ours.st_ino &&
         named.st_dev == ours.st_dev;
}

}  // namespace

Result<FolderLock> FolderLock::take(const fs::path& folder) {
  const fs::path file = folder / kName;
  for (;;) {
    FileDescriptor held(file, O_RDWR | O_CREAT | O_NOFOLLOW);
    if (!held)
      return Error{folder.string(), fmt::format("cannot be written: {}", std::generic_category().message(errno)),
                   "choose another place"};
    // Per open file, not per process as fcntl's: it holds against other threads too. File systems that know no locks
    // say so with another error; there the folder is taken on trust.
    if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
      return Error{folder.string(), "another run is writing to it", "wait for it, or choose another folder"};
    if (is_still_there(file, held)) return FolderLock(file, std::move(held));
  }
}

FolderLock::~FolderLock() {
  if (!held_) return;
  std::error_code ignored;
  fs::remove(file_, ignored);  // while it is still held, so that nobody else's is removed
}

}  // namespace windtunnel
