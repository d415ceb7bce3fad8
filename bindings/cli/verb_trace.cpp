// windtunnel trace: recorded traffic.
#include "bindings/cli/command_line.hpp"
#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/trace_verbs.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::cli {

ExitCode trace_verb(Arguments arguments) {
  if (!arguments.empty() && arguments[0] == "info") return trace_info_verb(arguments.subspan(1));
  if (!arguments.empty() && arguments[0] == "convert") return trace_convert_verb(arguments.subspan(1));
  if (!arguments.empty() && arguments[0] == "synth") return trace_synth_verb(arguments.subspan(1));
  if (!arguments.empty() && arguments[0] == "fit") return trace_fit_verb(arguments.subspan(1));
  CommandLine line = command_line("trace", "info|convert|fit|synth FILE [options]",
                                  "info says what a recording holds, convert rewrites it to the compact binary form or "
                                  "to CSV, fit finds a process that stands for it, synth writes a process as a trace: "
                                  "windtunnel trace info --help says more.");
  line.least = 1;
  line.most = 100;
  const auto begun = begin_verb(line, arguments);
  if (const auto* code = std::get_if<ExitCode>(&begun)) return *code;
  const auto& command = std::get<ParsedCommand>(begun);
  const std::string& action = command.arguments.front();
  const std::vector<std::string_view> known = {"info", "convert", "fit", "synth"};
  return refuse(Error{"windtunnel trace", "unknown action \"" + action + "\"", suggestion(action, known)});
}

}  // namespace windtunnel::cli
