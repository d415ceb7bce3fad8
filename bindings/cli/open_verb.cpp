#include "bindings/cli/open_verb.hpp"

namespace windtunnel::cli {

std::variant<ParsedCommand, ExitCode> begin_verb(const CommandLine& line, Arguments arguments) {
  auto command = parse(line, arguments);
  if (!command) return refuse(command.problems());
  if (command->help) {
    print(help_text(line));
    return kFine;
  }
  return std::move(*command);
}

std::variant<OpenedVerb, ExitCode> open_verb(const CommandLine& line, Arguments arguments) {
  auto begun = begin_verb(line, arguments);
  if (const auto* code = std::get_if<ExitCode>(&begun)) return *code;
  auto& command = std::get<ParsedCommand>(begun);
  const auto format = table_or_json(command);
  if (!format) return refuse(format.problems());
  return OpenedVerb{.command = std::move(command), .json = *format == "json"};
}

std::variant<OpenedRun, ExitCode> open_run(const CommandLine& line, Arguments arguments, std::uint64_t replications) {
  auto begun = begin_verb(line, arguments);
  if (const auto* code = std::get_if<ExitCode>(&begun)) return *code;
  auto& command = std::get<ParsedCommand>(begun);
  auto options = run_options(command, replications);
  if (!options) return refuse(options.problems());
  auto source = ScenarioSource::of(command, options->load);
  if (!source) return refuse(source.problems());
  return OpenedRun{.command = std::move(command), .options = std::move(*options), .source = std::move(*source)};
}

}  // namespace windtunnel::cli
