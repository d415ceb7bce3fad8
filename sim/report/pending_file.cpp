#include "sim/report/pending_file.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <system_error>

#include "sim/report/file_descriptor.hpp"

namespace windtunnel {
namespace fs = std::filesystem;
namespace {

constexpr int kMostLinks = 40;  // as many as Linux follows

std::string reason(int error_number) {
  return std::generic_category().message(error_number);
}

[[noreturn]] void fail(const fs::path& path, const char* what, int error_number) {
  throw IoError(fmt::format("{}: {}: {}", path.string(), what, reason(error_number)));
}

/// What stands in the way of replacing it, or null.
const char* not_a_file(fs::file_type type) {
  switch (type) {
    case fs::file_type::directory: return "is a folder, not a file";
    case fs::file_type::fifo: return "is a pipe, not a regular file";
    case fs::file_type::socket: return "is a socket, not a regular file";
    case fs::file_type::character:
    case fs::file_type::block: return "is a device, not a regular file";
    default: return nullptr;
  }
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// A new file beside `target`, by a name that neither another run of this process nor a crashed one of the same process
/// number has taken. Empty, with errno set, when there can be none.
fs::path create_temporary(const fs::path& target) {
  static std::atomic<unsigned> counter = 0;
  for (;;) {
    const std::string name = fmt::format(".{}.{}.{}.tmp", target.filename().string(), ::getpid(), counter++);
    fs::path temporary = folder_of(target) / name;
    if (FileDescriptor(temporary, O_WRONLY | O_CREAT | O_EXCL)) return temporary;
    if (errno != EEXIST) return {};
  }
}

}  // namespace

fs::path followed(fs::path path) {
  std::error_code error;
  for (int i = 0; i < kMostLinks; ++i) {
    if (!fs::is_symlink(path, error)) return path;
    const fs::path target = fs::read_symlink(path, error);
    if (error) return {};
    path = folder_of(path) / target;  // an absolute target replaces all of it
  }
  return {};
}

Result<PendingFile> PendingFile::open(const fs::path& file) {
  std::error_code ignored;
  // Asked of the name itself first: links below /proc do not say where they lead.
  if (const char* wrong = not_a_file(fs::status(file, ignored).type()))
    return Error{file.string(), wrong,
                 "give a regular file's name; to pass a result on, print it (--format json) and redirect that"};
  fs::path target = followed(file);
  if (target.empty()) return Error{file.string(), "is a link that leads nowhere", "choose another place"};
  const fs::path folder = folder_of(target);
  if (!fs::exists(folder, ignored))
    return Error{file.string(), fmt::format("the folder {} does not exist", folder.string()), "create it first"};
  fs::path temporary = create_temporary(target);
  if (temporary.empty())
    return Error{file.string(), fmt::format("cannot be written: {}", reason(errno)), "choose another place"};
  return PendingFile(file, std::move(target), std::move(temporary));
}

PendingFile& PendingFile::operator=(PendingFile&& other) noexcept {
  if (this != &other) {
    discard();
    file_ = std::move(other.file_);
    target_ = std::move(other.target_);
    temporary_ = std::move(other.temporary_);
    other.temporary_.clear();
  }
  return *this;
}

PendingFile::~PendingFile() {
  discard();
}

void PendingFile::discard() noexcept {
  if (temporary_.empty()) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void PendingFile::write(std::string_view text) const {
  FileDescriptor out(temporary_, O_WRONLY | O_CREAT | O_TRUNC);
  if (!out) fail(file_, "cannot be written", errno);
  while (!text.empty()) {
    const ssize_t written = ::write(out.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(file_, "cannot be written", errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (out.close() != 0) fail(file_, "cannot be written", errno);
}

void PendingFile::commit() {
  std::error_code error;
  // A run may take hours: somebody may have put something else there meanwhile.
  if (const char* wrong = not_a_file(fs::status(target_, error).type()))
    throw IoError(fmt::format("{}: {}", file_.string(), wrong));
  fs::rename(temporary_, target_, error);
  if (error) fail(file_, "cannot be renamed into place", error.value());
  temporary_.clear();
}

}  // namespace windtunnel
