// Every file a run reads and writes, so that none is written over another.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel {

/// Inputs first, then outputs. Two names are the same file when they lead to the same place, or to the same inode.
class FileClaims {
 public:
  /// Where standard output and error go to, when that is a file (`> results.txt`), is taken from the start.
  FileClaims();

  /// @param what  how messages call it: "the scenario"
  void add_input(std::string_view what, const std::filesystem::path& file);
  /// @param what  the option that asks for it
  void add_output(std::string_view what, const std::filesystem::path& file);

  /// One for each output that is an input or an earlier output, naming both.
  [[nodiscard]] const Problems& problems() const { return problems_; }

 private:
  struct Inode {
    dev_t device;
    ino_t number;
    bool operator==(const Inode&) const = default;
  };
  struct Claim {
    std::string name;  // "--junit out.xml"
    bool is_input;
    std::filesystem::path place;  // empty: known by its inode alone
    std::optional<Inode> inode;
  };

  static Claim claim(std::string_view what, const std::filesystem::path& file, bool is_input);
  static std::optional<Inode> inode_of(const std::filesystem::path& file);
  void add_stream(const char* name, int descriptor);

  std::vector<Claim> claims_;
  Problems problems_;
};

}  // namespace windtunnel
