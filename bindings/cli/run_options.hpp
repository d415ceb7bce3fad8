// What `run`, `compare` and `check` have in common on the command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "bindings/cli/command_line.hpp"
#include "sim/scenario/loader.hpp"

namespace windtunnel::cli {

struct RunCommandOptions {
  std::filesystem::path scenario;  ///< empty: manifests alone
  LoadOptions load;                ///< --set in order, then --seed
  std::uint64_t replications = 1;
  int threads = 0;  ///< 0: as many as the machine runs at once
  bool json = false, quiet = false;
  std::optional<std::filesystem::path> folder;  ///< -o
  std::optional<std::filesystem::path> per_query;
};

/// Adds their descriptions to a verb's. @param replications  when the user says nothing
void add_run_options(CommandLine& line, std::uint64_t replications = 1);

/// --set in order, then --seed; what is wrong goes to `problems`.
LoadOptions load_options(const ParsedCommand& command, Problems& problems);

/// @return one Error for each value that is wrong
Result<RunCommandOptions> run_options(const ParsedCommand& command, std::uint64_t replications = 1);

/// The `--set` options, in order, added to `load`; what is wrong goes to `problems`.
void read_settings(const ParsedCommand& command, LoadOptions& load, Problems& problems);

/// The file or folder that an output option names, if it is given; a name that cannot be one goes to `problems`.
std::optional<std::filesystem::path> output_place(const ParsedCommand& command, const char* option, Problems& problems);

}  // namespace windtunnel::cli
