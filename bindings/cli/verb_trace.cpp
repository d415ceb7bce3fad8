// windtunnel trace info: what a recorded trace holds.
#include <boost/program_options/value_semantic.hpp>
#include <nlohmann/json.hpp>

#include "bindings/cli/command_line.hpp"
#include "bindings/cli/trace_table.hpp"
#include "bindings/cli/trace_verbs.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/report/summary.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::cli {
namespace {

ExitCode trace_info_verb(const ParsedCommand& command) {
  const auto format = table_or_json(command);
  if (!format) return refuse(format.problems());
  TraceSpec trace;
  trace.file = command.arguments[1];
  trace.format = command.text("as").value_or("auto");
  const auto info = trace_info(trace);
  if (!info) return refuse(info.problems());
  print(*format == "json" ? json_text(trace_json(*info)) : trace_table(trace.file, *info));
  return kFine;
}

}  // namespace

ExitCode trace_verb(Arguments arguments) {
  if (!arguments.empty() && arguments[0] == "synth") return trace_synth_verb(arguments.subspan(1));
  if (!arguments.empty() && arguments[0] == "fit") return trace_fit_verb(arguments.subspan(1));
  CommandLine line =
      command_line("trace", "info|fit|synth FILE [options]",
                   "info reads a recorded trace, plain or gzipped, and says what it holds: format, rows, "
                   "those dropped and why, rate, burstiness, labels. fit finds a process that stands for "
                   "it, synth writes a process as a trace: windtunnel trace fit --help says more.");
  line.least = line.most = 2;
  auto add = line.options.add_options();
  add("format", boost::program_options::value<std::string>()->value_name("table|json"),
      "what to print (default table)");
  add("as", boost::program_options::value<std::string>()->value_name("FORMAT"),
      "read the file as this format instead of recognising it; see windtunnel list formats");
  const auto command = parse(line, arguments);
  if (!command) return refuse(command.problems());
  if (command->help) {
    print(help_text(line));
    return kFine;
  }
  const std::string& action = command->arguments.front();
  if (action == "info") return trace_info_verb(*command);
  const std::vector<std::string_view> known = {"info", "fit", "synth"};
  return refuse(Error{"windtunnel trace", "unknown action \"" + action + "\"", suggestion(action, known)});
}

}  // namespace windtunnel::cli
