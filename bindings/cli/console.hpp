// The terminal: results on standard output, messages on standard error, and what the exit code says.
#pragma once

#include <string>
#include <string_view>

#include "sim/core/error.hpp"

namespace windtunnel::cli {

/// Exit codes of every verb.
enum ExitCode : int {
  kFine = 0,
  kVerdictNotMet = 1,
  kBadInput = 2,
  kFailure = 70,  ///< internal or I/O
  kInterrupted = 130,
};

/// Writes to standard output. A reader that went away (`| head`) is no error: what is left is dropped.
/// @throws IoError for anything else, a full disk for example
void print(std::string_view text);

/// Writes a line to standard error.
void say(std::string_view line);

/// Says every problem, a line each. @return kBadInput
ExitCode refuse(const Problems& problems);
ExitCode refuse(const Error& error);

/// A broken pipe becomes an error of write() instead of ending the process.
void ignore_broken_pipes();

}  // namespace windtunnel::cli
