// How every verb that prints a table or JSON begins.
#pragma once

#include <variant>

#include "bindings/cli/command_line.hpp"
#include "bindings/cli/verb.hpp"

namespace windtunnel::cli {

struct OpenedVerb {
  ParsedCommand command;
  bool json = false;  ///< --format json
};

/// Parses the arguments of a verb that has the option --format.
/// @return the way out instead, where help was asked for (printed) or something was wrong (told)
std::variant<OpenedVerb, ExitCode> open_verb(const CommandLine& line, Arguments arguments);

}  // namespace windtunnel::cli
