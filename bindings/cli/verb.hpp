// A verb of the command line: one file each, one row each in main.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "bindings/cli/console.hpp"

namespace windtunnel::cli {

using Arguments = std::span<const std::string>;  ///< what follows the verb

struct Verb {
  std::string_view name;
  std::string_view doc;  ///< one line
  ExitCode (*run)(Arguments);
};

ExitCode run_verb(Arguments arguments);
ExitCode compare_verb(Arguments arguments);
ExitCode check_verb(Arguments arguments);
ExitCode export_verb(Arguments arguments);
ExitCode list_verb(Arguments arguments);
ExitCode schema_verb(Arguments arguments);
ExitCode trace_verb(Arguments arguments);
ExitCode profile_verb(Arguments arguments);
ExitCode recommend_verb(Arguments arguments);
ExitCode validate_verb(Arguments arguments);

}  // namespace windtunnel::cli
