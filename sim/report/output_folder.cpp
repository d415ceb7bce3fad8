#include "sim/report/output_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace windtunnel {
namespace fs = std::filesystem;
namespace {

std::string reason(int error_number) {
  return std::generic_category().message(error_number);
}

class FileDescriptor {
 public:
  FileDescriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] int close() {
    const int result = ::close(fd_);
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

[[noreturn]] void fail(const fs::path& path, const char* what, int error_number) {
  throw IoError(fmt::format("{}: {}: {}", path.string(), what, reason(error_number)));
}

}  // namespace

Result<PendingFile> PendingFile::open(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::error_code ignored;
  if (!fs::exists(folder, ignored))
    return Error{file.string(), fmt::format("the folder {} does not exist", folder.string()), "create it first"};
  if (fs::is_directory(file, ignored)) return Error{file.string(), "is a folder, not a file", "give a file's name"};
  fs::path temporary = folder / fmt::format(".{}.{}.tmp", file.filename().string(), ::getpid());
  const FileDescriptor descriptor(temporary, O_WRONLY | O_CREAT | O_TRUNC);
  if (descriptor.get() < 0)
    return Error{file.string(), fmt::format("cannot be written: {}", reason(errno)), "choose another place"};
  return PendingFile(file, std::move(temporary));
}

PendingFile& PendingFile::operator=(PendingFile&& other) noexcept {
  if (this != &other) {
    discard();
    file_ = std::move(other.file_);
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
  if (out.get() < 0) fail(file_, "cannot be written", errno);
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
  fs::rename(temporary_, file_, error);
  if (error) fail(file_, "cannot be renamed into place", error.value());
  temporary_.clear();
}

Result<OutputFolder> OutputFolder::open(const fs::path& folder) {
  OutputFolder out(folder);
  if (const auto made = out.make_folder(folder); !made) return made.problems();
  const auto probe = PendingFile::open(folder / "probe");  // gone at the end of this function
  if (!probe) return Error{folder.string(), probe.problems().front().what, probe.problems().front().hint};
  return out;
}

OutputFolder::~OutputFolder() {
  files_.clear();
  std::error_code ignored;
  for (auto folder = created_.rbegin(); folder != created_.rend(); ++folder) fs::remove(*folder, ignored);
}

Result<bool> OutputFolder::make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return true;
  if (fs::exists(folder, error)) return Error{folder.string(), "is a file, not a folder", "choose another folder"};
  if (fs::create_directory(folder, error)) {
    created_.push_back(folder);
    return true;
  }
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  std::error_code ignored;
  if (!fs::exists(parent, ignored))
    return Error{folder.string(), fmt::format("the folder {} does not exist", parent.string()), "create it first"};
  return Error{folder.string(), "cannot be created: " + error.message(), "choose another folder"};
}

Result<PendingFile*> OutputFolder::add(const fs::path& relative) {
  const fs::path file = folder_ / relative;
  if (relative.has_parent_path())
    if (const auto made = make_folder(file.parent_path()); !made) return made.problems();
  auto pending = PendingFile::open(file);
  if (!pending) return pending.problems();
  files_.push_back(std::move(*pending));
  return &files_.back();
}

void OutputFolder::commit() {
  for (PendingFile& file : files_) file.commit();
  files_.clear();
  created_.clear();
}

std::string folder_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '_' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
    out += plain ? c : '-';
  }
  if (out.find_first_not_of('.') == std::string::npos) out.insert(0, "variant-");  // "", "." and ".."
  return out;
}

}  // namespace windtunnel
