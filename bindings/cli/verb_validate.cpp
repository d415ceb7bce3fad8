// windtunnel validate: how wrong the simulator is, beside measured tables.
#include <boost/program_options/value_semantic.hpp>
#include <cstdlib>

#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/validation/validate.hpp"

namespace windtunnel::cli {

ExitCode validate_verb(Arguments arguments) {
  CommandLine line = command_line(
      "validate", "[FOLDER] [options]",
      "Reads the measured tables of a folder (left out: that of WINDTUNNEL_TABLES), fits on the rows that its kind of "
      "table gives, runs the simulator for the others and prints how far off it was, beside simple predictors. A table "
      "passes when it beats those and keeps the bounds stated. Tables are recognised by their columns: "
      "docs/validation.md lists kinds and rules.");
  line.most = 1;
  line.options.add_options()("format", boost::program_options::value<std::string>()->value_name("table|json"),
                             "what to print (default table)");
  const auto opened = open_verb(line, arguments);
  if (const auto* way_out = std::get_if<ExitCode>(&opened)) return *way_out;
  const auto& [command, json] = std::get<OpenedVerb>(opened);
  const char* variable = std::getenv("WINDTUNNEL_TABLES");
  if (command.arguments.empty() && (variable == nullptr || *variable == '\0'))
    return refuse(Error{"windtunnel validate", "no folder is named, and WINDTUNNEL_TABLES is not set",
                        "windtunnel validate FOLDER"});
  const auto report = validate_folder(command.arguments.empty() ? std::string(variable) : command.arguments.front());
  if (!report) return refuse(report.problems());
  print(json ? validation_json(*report) : validation_text(*report));
  if (json)
    for (const auto& error : report->not_understood) say("not understood: " + error.where + ": " + error.what);
  return report->failed() > 0 ? kVerdictNotMet : kFine;
}

}  // namespace windtunnel::cli
