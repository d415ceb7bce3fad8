// Files appear whole or not at all: written under a temporary name in the same folder, then renamed.
#pragma once

#include <filesystem>
#include <list>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel {

/// A file in the making. Until commit() only its temporary file exists; it goes with the object. Movable, not copyable.
class PendingFile {
 public:
  /// Creates the temporary file, so that a place that cannot be written shows now and not after the run.
  /// @return an Error naming the folder and the reason
  static Result<PendingFile> open(const std::filesystem::path& file);

  PendingFile(PendingFile&& other) noexcept { *this = std::move(other); }
  PendingFile& operator=(PendingFile&& other) noexcept;
  ~PendingFile();

  /// Where to write until then.
  [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  /// Makes `text` the content. @throws IoError when the disk is full and the like
  void write(std::string_view text) const;
  /// Renames it to its own name, over an older file of that name. @throws IoError
  void commit();

 private:
  PendingFile(std::filesystem::path file, std::filesystem::path temporary)
      : file_(std::move(file)), temporary_(std::move(temporary)) {}
  void discard() noexcept;

  std::filesystem::path file_, temporary_;  // temporary_ is empty once committed or moved from
};

/// The folder of `-o`. Folders it had to create go again when nothing is committed.
class OutputFolder {
 public:
  /// Creates the folder if it is not there; what it lies in must exist.
  /// @return an Error naming the path and the reason; nothing is left behind then
  static Result<OutputFolder> open(const std::filesystem::path& folder);

  OutputFolder(OutputFolder&&) = default;
  OutputFolder& operator=(OutputFolder&&) = delete;
  ~OutputFolder();

  /// A file of this folder, by a path relative to it of one or two parts. The reference holds as long as the folder.
  Result<PendingFile*> add(const std::filesystem::path& relative);
  /// Renames every file added. @throws IoError
  void commit();

 private:
  explicit OutputFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<bool> make_folder(const std::filesystem::path& folder);

  std::filesystem::path folder_;
  std::vector<std::filesystem::path> created_;  // folders, outer before inner
  std::list<PendingFile> files_;
};

/// A variant's name as a folder's: what is not a letter, digit, '.', '_' or '-' becomes '-'.
std::string folder_name(std::string_view name);

}  // namespace windtunnel
