// windtunnel trace convert: a recorded trace rewritten.
#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <filesystem>

#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/trace_options.hpp"
#include "bindings/cli/trace_verbs.hpp"
#include "sim/report/pending_file.hpp"
#include "sim/workload/trace_convert.hpp"

namespace windtunnel::cli {

ExitCode trace_convert_verb(Arguments arguments) {
  CommandLine line = command_line("trace convert", "FILE -o OUT [options]",
                                  "Rewrites a trace of single arrivals: OUT.h5 is the compact binary form, which is "
                                  "read several times as fast as CSV; OUT.csv is plain CSV. Rows left out and why are "
                                  "kept in the binary form.");
  line.least = line.most = 1;
  line.options.add_options()("output,o", boost::program_options::value<std::string>()->value_name("OUT"),
                             "file to write, .h5 or .csv");
  line.options.add_options()("quiet", "say nothing when all is well");
  add_trace_options(line);
  const auto begun = begin_verb(line, arguments);
  if (const auto* code = std::get_if<ExitCode>(&begun)) return *code;
  const auto& command = std::get<ParsedCommand>(begun);
  const auto trace = trace_from(command, command.arguments.front());
  if (!trace) return refuse(trace.problems());
  const std::filesystem::path out = command.text("output").value_or("");
  const auto extension = out.extension();
  if (extension != ".h5" && extension != ".csv")
    return refuse(
        Error{"windtunnel trace convert",
              out.empty() ? "nothing says where to write" : fmt::format("{} is neither .h5 nor .csv", out.string()),
              "write -o NAME.h5 for the binary form, -o NAME.csv for plain CSV"});
  std::error_code same;
  if (std::filesystem::equivalent(trace->file, out, same))
    return refuse(Error{"windtunnel trace convert", out.string() + " is the trace itself", "give another name"});
  auto file = PendingFile::open(out);
  if (!file) return refuse(file.problems());
  const auto done = convert_trace(*trace, file->temporary().string(), extension == ".csv");
  if (!done) return refuse(done.problems());
  file->commit();
  if (!command.flag("quiet"))
    print(fmt::format("{}: {} rows of format {}, {} dropped, {} put in order\n", out.string(), done->rows, done->format,
                      done->dropped, done->moved));
  return kFine;
}

}  // namespace windtunnel::cli
