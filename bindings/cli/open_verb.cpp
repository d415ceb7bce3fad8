#include "bindings/cli/open_verb.hpp"

namespace windtunnel::cli {

std::variant<OpenedVerb, ExitCode> open_verb(const CommandLine& line, Arguments arguments) {
  auto command = parse(line, arguments);
  if (!command) return refuse(command.problems());
  if (command->help) {
    print(help_text(line));
    return kFine;
  }
  const auto format = table_or_json(*command);
  if (!format) return refuse(format.problems());
  return OpenedVerb{.command = std::move(*command), .json = *format == "json"};
}

}  // namespace windtunnel::cli
