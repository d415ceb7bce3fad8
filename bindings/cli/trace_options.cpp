#include "bindings/cli/trace_options.hpp"

#include <boost/program_options/value_semantic.hpp>

#include "sim/scenario/quantity.hpp"

namespace windtunnel::cli {
namespace {

std::optional<Duration> duration_option(const ParsedCommand& command, const char* name, Problems& problems) {
  const auto text = command.text(name);
  if (!text) return {};
  const auto seconds = parse_duration_s(*text);
  if (seconds) return to_duration(*seconds);
  for (Error problem : seconds.problems()) {
    problem.where = std::string("--") + name;
    problems.push_back(std::move(problem));
  }
  return {};
}

}  // namespace

void add_trace_options(CommandLine& line) {
  const auto text = [](const char* name) { return boost::program_options::value<std::string>()->value_name(name); };
  auto add = line.options.add_options();
  add("as", text("FORMAT"), "read the file as this format instead of recognising it; see windtunnel list formats");
  add("unit", text("s|ms|us|ns"), "of times that are numbers (default: what the format says)");
  add("reorder", text("TIME"), "rows may come so late, and are put in order (default: what the format says)");
  add("time-column", text("NAME"), "column of the times (default: the format's own)");
  add("label-column", text("NAME"), "column that tells models apart (default: the format's own)");
  add("size-column", text("NAME"), "column of a query's size (default: the format's own, if any)");
  add("values", text("per_second|per_step"), "read recorded values as traffic: a rate, or an increase a step");
  add("durations", text("FILE"), "table of durations by function, beside the invocations of Azure Functions 2019");
  add("from", text("TIME"), "leave out what comes before, from the first row on");
  add("to", text("TIME"), "leave out what comes from here on");
}

Result<TraceSpec> trace_from(const ParsedCommand& command, const std::string& file) {
  Problems problems;
  TraceSpec trace;
  trace.file = file;
  trace.format = command.text("as").value_or("auto");
  trace.unit = command.text("unit").value_or("auto");
  trace.reorder = duration_option(command, "reorder", problems);
  trace.time_column = command.text("time-column").value_or("");
  trace.label_column = command.text("label-column").value_or("");
  trace.size_column = command.text("size-column").value_or("");
  trace.values = command.text("values").value_or("");
  trace.durations = command.text("durations").value_or("");
  trace.from = duration_option(command, "from", problems);
  trace.to = duration_option(command, "to", problems);
  if (!problems.empty()) return problems;
  return trace;
}

}  // namespace windtunnel::cli
