// A file that appears whole or not at all: written under a temporary name in the same folder, then renamed.
#pragma once

#include <filesystem>
#include <string_view>

#include "sim/core/error.hpp"

namespace windtunnel {

/// The path that a name stands for: symbolic links followed, also those whose target is not there yet.
/// @return an empty path for links that go round in circles
std::filesystem::path followed(std::filesystem::path path);

/// A file in the making. Until commit() only its temporary file exists; it goes with the object. Movable, not copyable.
class PendingFile {
 public:
  /// Creates the temporary file, so that a place that cannot be written shows now and not after the run. A symbolic
  /// link stays: what it points to is replaced. Anything else that is no regular file is refused, since renaming over
  /// it would destroy it (/dev/stdout, for root).
  /// @return an Error naming the place and the reason
  static Result<PendingFile> open(const std::filesystem::path& file);

  PendingFile(PendingFile&& other) noexcept { *this = std::move(other); }
  PendingFile& operator=(PendingFile&& other) noexcept;
  ~PendingFile();

  /// Where to write until then. No other has the same, in this process or another.
  [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  /// Makes `text` the content. @throws IoError when the disk is full and the like
  void write(std::string_view text) const;
  /// Renames it to its own name, over an older file of that name. @throws IoError
  void commit();

 private:
  PendingFile(std::filesystem::path file, std::filesystem::path target, std::filesystem::path temporary)
      : file_(std::move(file)), target_(std::move(target)), temporary_(std::move(temporary)) {}
  void discard() noexcept;

  std::filesystem::path file_, target_;  // as asked for; with links followed
  std::filesystem::path temporary_;      // beside the target; empty once committed or moved from
};

}  // namespace windtunnel
