// windtunnel trace info: what a recorded trace holds.
#include <boost/program_options/value_semantic.hpp>
#include <nlohmann/json.hpp>

#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/trace_options.hpp"
#include "bindings/cli/trace_table.hpp"
#include "bindings/cli/trace_verbs.hpp"
#include "sim/report/summary.hpp"

namespace windtunnel::cli {

ExitCode trace_info_verb(Arguments arguments) {
  CommandLine line = command_line("trace info", "FILE [options]",
                                  "Reads a recording, plain, gzip or zstd, and says what it holds: format, rows, those "
                                  "dropped and why, rate, burstiness, day curve, silences, labels; of measured values "
                                  "their range by series.");
  line.least = line.most = 1;
  line.options.add_options()("format", boost::program_options::value<std::string>()->value_name("table|json"),
                             "what to print (default table)");
  add_trace_options(line);
  const auto opened = open_verb(line, arguments);
  if (const auto* way_out = std::get_if<ExitCode>(&opened)) return *way_out;
  const auto& [command, json] = std::get<OpenedVerb>(opened);
  const auto trace = trace_from(command, command.arguments.front());
  if (!trace) return refuse(trace.problems());
  const auto content = trace_content(*trace);
  if (!content) return refuse(content.problems());
  if (*content == Content::gauges && trace->values.empty()) {
    const auto info = gauge_info(*trace);
    if (!info) return refuse(info.problems());
    print(json ? json_text(gauge_json(*info)) : gauge_table(trace->file, *info));
    return kFine;
  }
  const auto info = trace_info(*trace);
  if (!info) return refuse(info.problems());
  print(json ? json_text(trace_json(*info)) : trace_table(trace->file, *info));
  return kFine;
}

}  // namespace windtunnel::cli
