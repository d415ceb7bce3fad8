// Options of a verb: parsing, errors that name the nearest known option, help of 80 columns.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel::cli {

/// What a verb takes. `usage` shows the arguments, `doc` says what the verb does, `options` describe themselves.
struct CommandLine {
  std::string_view verb;
  std::string_view usage;  ///< after "windtunnel <verb> "
  std::string_view doc;
  std::size_t least = 0, most = 0;  ///< plain arguments
  boost::program_options::options_description options{"options", 80, 44};
};

struct ParsedCommand {
  bool help = false;
  std::vector<std::string> arguments;  ///< plain ones, in order
  boost::program_options::variables_map options;

  /// The value of an option that was given or has a default.
  [[nodiscard]] std::optional<std::string> text(const char* option) const;
  [[nodiscard]] bool flag(const char* option) const;
};

/// A command line of that verb; `--help` is added.
CommandLine command_line(std::string_view verb, std::string_view usage, std::string_view doc);

/// @return one Error for an unknown option, a missing value, too many or too few arguments
Result<ParsedCommand> parse(const CommandLine& line, std::span<const std::string> arguments);

std::string help_text(const CommandLine& line);

/// A whole number from `least` up. @return an Error naming the option and the value
Result<std::uint64_t> whole_number(std::string_view option, const std::string& text, std::uint64_t least);

/// "table" or "json".
Result<std::string> table_or_json(const ParsedCommand& command);

}  // namespace windtunnel::cli
