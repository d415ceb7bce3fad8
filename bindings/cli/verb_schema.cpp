// windtunnel schema: the JSON Schema of a scenario file.
#include "bindings/cli/command_line.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/scenario/schema.hpp"

namespace windtunnel::cli {

ExitCode schema_verb(Arguments arguments) {
  const CommandLine line = command_line(
      "schema", "", "Prints the JSON Schema of a scenario file, for editors: made from the tables the reader uses.");
  const auto command = parse(line, arguments);
  if (!command) return refuse(command.problems());
  print(command->help ? help_text(line) : json_schema());
  return kFine;
}

}  // namespace windtunnel::cli
