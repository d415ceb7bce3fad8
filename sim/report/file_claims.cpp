#include "sim/report/file_claims.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "sim/report/pending_file.hpp"

namespace windtunnel {
namespace fs = std::filesystem;
namespace {

/// One name for each place, whether something is there yet or not.
fs::path place_of(const fs::path& file) {
  std::error_code error;
  const fs::path absolute = fs::absolute(file, error);
  const fs::path target = followed(absolute);
  fs::path place = fs::weakly_canonical(target.empty() ? absolute : target, error);
  return error ? absolute.lexically_normal() : place;
}

}  // namespace

FileClaims::FileClaims() {
  add_stream("standard output", STDOUT_FILENO);
  add_stream("standard error", STDERR_FILENO);
}

void FileClaims::add_stream(const char* name, int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
  claims_.push_back({name, false, {}, Inode{status.st_dev, status.st_ino}});
}

std::optional<FileClaims::Inode> FileClaims::inode_of(const fs::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Inode{status.st_dev, status.st_ino};
}

FileClaims::Claim FileClaims::claim(std::string_view what, const fs::path& file, bool is_input) {
  return {fmt::format("{} {}", what, file.string()), is_input, place_of(file), inode_of(file)};
}

void FileClaims::add_input(std::string_view what, const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return;  // a text in memory, under a name for messages
  claims_.push_back(claim(what, file, true));
}

void FileClaims::add_output(std::string_view what, const fs::path& file) {
  Claim added = claim(what, file, false);
  const auto other = std::find_if(claims_.begin(), claims_.end(), [&](const Claim& one) {
    return one.place == added.place || (one.inode && one.inode == added.inode);
  });
  if (other != claims_.end())
    problems_.push_back(
        other->is_input ? Error{added.name, fmt::format("would overwrite {}", other->name), "choose another place"}
                        : Error{added.name, fmt::format("is the same file as {}", other->name), "give each its own"});
  claims_.push_back(std::move(added));
}

}  // namespace windtunnel
