// The folder of `-o`: its files appear together, and one run writes to it at a time.
#pragma once

#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/report/folder_lock.hpp"
#include "sim/report/pending_file.hpp"

namespace windtunnel {

/// The folder of `-o`, locked until it is committed or gone. Folders it had to create go again when nothing is
/// committed.
class OutputFolder {
 public:
  /// Creates the folder if it is not there; what it lies in must exist. Refused while another run writes to it.
  /// @return an Error naming the path and the reason; nothing is left behind then
  static Result<OutputFolder> open(const std::filesystem::path& folder);

  OutputFolder(OutputFolder&&) = default;
  OutputFolder& operator=(OutputFolder&&) = delete;
  ~OutputFolder();

  /// A file of this folder, by a path relative to it of one or two parts. The reference holds as long as the folder.
  Result<PendingFile*> add(const std::filesystem::path& relative);
  /// Renames every file added, and lets the folder go. Nothing may follow. @throws IoError
  void commit();

 private:
  explicit OutputFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<bool> make_folder(const std::filesystem::path& folder);

  std::filesystem::path folder_;
  std::vector<std::filesystem::path> created_;  // folders, outer before inner
  std::optional<FolderLock> lock_;
  std::list<PendingFile> files_;
};

/// A variant's name as a folder's: what is not a letter, digit, '.', '_' or '-' becomes '-'.
std::string folder_name(std::string_view name);

}  // namespace windtunnel
