#include "sim/report/output_folder.hpp"

#include <fmt/format.h>

#include <system_error>

namespace windtunnel {
namespace fs = std::filesystem;

Result<OutputFolder> OutputFolder::open(const fs::path& folder) {
  OutputFolder out(folder);
  if (const auto made = out.make_folder(folder); !made) return made.problems();
  auto lock = FolderLock::take(folder);
  if (!lock) return lock.problems();
  out.lock_.emplace(std::move(*lock));
  return out;
}

OutputFolder::~OutputFolder() {
  files_.clear();
  lock_.reset();
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
  if (!error) return true;  // another run has made it just now
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
  lock_.reset();
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
