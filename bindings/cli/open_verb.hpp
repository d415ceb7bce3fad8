// How verbs begin: their arguments parsed, help printed, what is wrong told.
#pragma once

#include <variant>

#include "bindings/cli/command_line.hpp"
#include "bindings/cli/manifest_options.hpp"
#include "bindings/cli/run_options.hpp"
#include "bindings/cli/verb.hpp"

namespace windtunnel::cli {

/// Parses the arguments of any verb.
/// @return the way out instead, where help was asked for (printed) or something was wrong (told)
std::variant<ParsedCommand, ExitCode> begin_verb(const CommandLine& line, Arguments arguments);

struct OpenedVerb {
  ParsedCommand command;
  bool json = false;  ///< --format json
};

/// The same for a verb that has the option --format.
std::variant<OpenedVerb, ExitCode> open_verb(const CommandLine& line, Arguments arguments);

struct OpenedRun {
  ParsedCommand command;
  RunCommandOptions options;
  ScenarioSource source;
};

/// The same for a verb that runs a scenario: with add_run_options() and add_manifest_options().
/// @param replications  when the user says nothing
std::variant<OpenedRun, ExitCode> open_run(const CommandLine& line, Arguments arguments,
                                           std::uint64_t replications = 1);

}  // namespace windtunnel::cli
