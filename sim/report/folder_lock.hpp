// One run at a time in a folder.
#pragma once

#include <filesystem>

#include "sim/core/error.hpp"
#include "sim/report/file_descriptor.hpp"

namespace windtunnel {

/// A hold on a folder against every other run, in this process and others; its file goes with the object. The kernel
/// lets it go when a process dies, so what a crash leaves behind is in nobody's way.
class FolderLock {
 public:
  /// @return an Error naming the folder: another run writes to it, or nobody can
  static Result<FolderLock> take(const std::filesystem::path& folder);

  FolderLock(FolderLock&& other) noexcept : file_(std::move(other.file_)), held_(std::move(other.held_)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  FolderLock(std::filesystem::path file, FileDescriptor held) : file_(std::move(file)), held_(std::move(held)) {}

  std::filesystem::path file_;
  FileDescriptor held_;
};

}  // namespace windtunnel
