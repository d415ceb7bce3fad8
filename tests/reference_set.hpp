// A program over a set of reference files: how it begins and how it ends.
#pragma once

#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace windtunnel {

struct ReferenceSet {
  const char* program;
  const char* usage;
  const char* variable;  ///< of the environment, naming the folder
  const char* wanted;    ///< what lies in it: "*.json of vector rows"
};

/// The settings are read, help is printed, and the set skipped where no folder is named.
/// @param read_settings  () -> settings with `folder` and `help`; std::invalid_argument for an unknown option
/// @param check_all  settings -> exit code
template <class Read, class Check>
int run_reference_set(const ReferenceSet& set, Read read_settings, Check check_all) {
  try {
    const auto settings = read_settings();
    if (settings.help) {
      fmt::print("{}", set.usage);
      return 0;
    }
    if (settings.folder.empty()) {
      fmt::print("0 passed, 0 failed, 0 not understood (skipped: set {})\n", set.variable);
      return 0;
    }
    if (!std::filesystem::is_directory(settings.folder))
      throw std::invalid_argument(fmt::format("{} is no folder; give one with {}", settings.folder, set.wanted));
    return check_all(settings);
  } catch (const std::invalid_argument& error) {
    fmt::print(stderr, "{}: {}\n{}", set.program, error.what(), set.usage);
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", set.program, error.what());
    return 70;
  }
}

}  // namespace windtunnel
