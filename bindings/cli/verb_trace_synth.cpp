// windtunnel trace synth: the arrivals of a scenario's workload as a trace.
#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <fstream>
#include <set>

#include "bindings/cli/command_line.hpp"
#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/run_options.hpp"
#include "bindings/cli/trace_verbs.hpp"
#include "sim/report/pending_file.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/loader.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/workload/arrival_writer.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel::cli {
namespace {

namespace po = boost::program_options;

CommandLine synth_line() {
  CommandLine line =
      command_line("trace", "synth [FILE] [options]",
                   "Writes the arrivals of a workload entry as a trace that replays to the same nanosecond: the very "
                   "queries that a run with that seed would see. FILE is a scenario, or a list of workload entries "
                   "as trace fit writes it.");
  line.most = 1;
  auto add = line.options.add_options();
  add("arrivals", po::value<std::string>()->value_name("YAML"),
      "instead of a file, what an entry has under arrivals: {process: poisson, rate: 5/s}");
  add("workload", po::value<std::string>()->value_name("NAME"), "which entry, if there are several");
  add("for", po::value<std::string>()->value_name("DURATION"), "stop there, e.g. 1h (default: the scenario's horizon)");
  add("queries", po::value<std::string>()->value_name("N"), "stop after so many");
  add("seed", po::value<std::string>()->value_name("N"), "instead of the scenario's");
  add("set", po::value<std::vector<std::string>>()->value_name("PATH=VALUE")->composing(),
      "lay a setting over the scenario; may be repeated");
  add("output,o", po::value<std::string>()->value_name("OUT"),
      "write there instead of standard output: CSV, or the compact binary form where the name ends in .h5");
  return line;
}

/// A scenario around a list of entries: every model they name, one GPU, and no end but theirs.
std::string scenario_around(Node entries) {
  std::set<std::string> names;
  for (const Node& entry : entries.items) {
    const Node* model = entry.find("model");
    if (model != nullptr && model->is(Node::Kind::scalar)) names.insert(model->text);
  }
  Node models = Node::map();
  for (const std::string& name : names) {
    Node model = Node::map();
    model.set("service_time", Node::scalar("1s"));
    models.set(name, std::move(model));
  }
  auto root =
      parse_document("schema: 1\nhorizon: 53000d\ncluster: {node_pools: {pool: {gpu: T4, nodes: 1}}}\n", "synth");
  root->set("models", std::move(models));
  root->set("workload", std::move(entries));
  return write_document(*root);
}

Result<Scenario> scenario_of(const ParsedCommand& command, const LoadOptions& load) {
  if (const auto arrivals = command.text("arrivals")) {
    if (!command.arguments.empty())
      return Error{"--arrivals", "is given beside " + command.arguments.front(), "give one of them"};
    auto process = parse_document(*arrivals, "--arrivals");
    if (!process) return process.problems();
    Node entry = Node::map();
    entry.set("model", Node::scalar("model"));
    entry.set("arrivals", std::move(*process));
    Node entries = Node::sequence();
    entries.items.push_back(std::move(entry));
    return parse_scenario(scenario_around(std::move(entries)), "--arrivals", ".", load);
  }
  if (command.arguments.empty())
    return Error{"windtunnel trace synth", "names neither a file nor --arrivals",
                 "give a scenario, or --arrivals \"{process: poisson, rate: 5/s}\" --for 1h"};
  const std::filesystem::path file = command.arguments.front();
  const auto text = read_scenario_file(file);
  if (!text) return text.problems();
  auto root = parse_document(*text, file.string());
  if (!root) return root.problems();
  if (!root->is(Node::Kind::sequence)) return load_scenario(file, load);
  return parse_scenario(scenario_around(std::move(*root)), file.string(), file.parent_path(), load);
}

/// The entry asked for, or the only one.
Result<WorkloadSpec> entry_of(const Scenario& scenario, const std::optional<std::string>& name) {
  std::vector<std::string_view> names;
  for (const WorkloadSpec& entry : scenario.workload) names.push_back(entry.name);
  if (name) {
    for (const WorkloadSpec& entry : scenario.workload)
      if (entry.name == *name) return entry;
    return Error{"--workload", "no entry is called \"" + *name + "\"", suggestion(*name, names, true)};
  }
  if (scenario.workload.size() == 1) return scenario.workload.front();
  return Error{"windtunnel trace synth", fmt::format("the scenario has {} workload entries", names.size()),
               "say which with --workload: " + suggestion("", names, true)};
}

/// Names of what the entry's queries may go to, in the order of their targets.
std::vector<std::string> targets_of(const Scenario& scenario, const WorkloadSpec& entry) {
  const auto* trace = std::get_if<TraceSpec>(&entry.source);
  std::vector<std::string> out;
  if (trace != nullptr && !trace->map.empty()) {
    for (const auto& [label, target] : trace->map) out.push_back(target);
    return out;
  }
  for (std::size_t copy = 0;; ++copy) {
    const std::string name = fmt::format("{}-{}", entry.target, copy);
    const bool known = std::any_of(scenario.models.begin(), scenario.models.end(),
                                   [&](const ModelSpec& model) { return model.name == name; });
    if (!known) break;
    out.push_back(name);
  }
  if (out.empty()) out.push_back(entry.target);
  return out;
}

/// Where the arrivals end: `--for`, or the horizon.
Result<SimTime> end_of(const ParsedCommand& command, const Scenario& scenario, const WorkloadSpec& entry) {
  if (const auto text = command.text("for")) {
    const auto probe = parse_scenario(fmt::format("schema: 1\nhorizon: {}\nmodels: {{m: {{service_time: 1s}}}}\n"
                                                  "workload: [{{model: m, arrivals: {{rate: 1/s}}}}]\n"
                                                  "cluster: {{node_pools: {{pool: {{gpu: T4, nodes: 1}}}}}}\n",
                                                  *text),
                                      "--for", ".");
    if (!probe) return Error{"--for", "\"" + *text + "\" is no duration above 0", "write 90s, 2h or 1d"};
    return SimTime{probe->horizon};
  }
  const bool has_horizon = !command.text("arrivals") && scenario.horizon > Duration{};
  if (traffic_ends(entry) || entry.queries) return has_horizon ? SimTime{scenario.horizon} : kNever;
  if (has_horizon) return SimTime{scenario.horizon};
  return Error{"windtunnel trace synth", "this traffic never ends", "say --for 1h or --queries 10000"};
}

/// Calls `take` with the arrivals before `end`, a block at a time.
void for_blocks(ArrivalSource& source, SimTime end, const auto& take) {
  std::vector<Arrival> block(4096);
  bool more = true;
  while (more) {
    std::size_t count = source.next(block);
    more = count > 0;
    while (count > 0 && block[count - 1].at >= end) --count, more = false;
    take(std::span<const Arrival>(block.data(), count));
  }
}

/// As text, each piece handed to `put`.
void write_text(ArrivalSource& source, const ArrivalWriter& writer, SimTime end, const auto& put) {
  std::string text = writer.header();
  for_blocks(source, end, [&](std::span<const Arrival> queries) {
    writer.append(text, queries);
    put(text);
    text.clear();
  });
}

void write_file(ArrivalSource& source, const ArrivalWriter& writer, SimTime end, const std::filesystem::path& path) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  write_text(source, writer, end, [&](const std::string& text) {
    out << text;
    if (!out) throw IoError("cannot write the trace: the disk may be full");
  });
  out.close();
  if (!out) throw IoError("cannot write " + path.string());
}

ExitCode synth(const ParsedCommand& command) {
  LoadOptions load;
  Problems problems;
  read_settings(command, load, problems);
  if (const auto seed = command.text("seed")) {
    if (const auto number = whole_number("--seed", *seed, 0))
      load.set.emplace_back("seed", std::to_string(*number));
    else
      problems.push_back(number.problems().front());
  }
  std::optional<std::uint64_t> queries;
  if (const auto text = command.text("queries")) {
    if (const auto number = whole_number("--queries", *text, 1))
      queries = *number;
    else
      problems.push_back(number.problems().front());
  }
  const auto output = output_place(command, "output", problems);
  if (!problems.empty()) return refuse(problems);
  const auto scenario = scenario_of(command, load);
  if (!scenario) return refuse(scenario.problems());
  auto entry = entry_of(*scenario, command.text("workload"));
  if (!entry) return refuse(entry.problems());
  if (std::holds_alternative<ClosedSpec>(entry->source))
    return refuse(Error{
        "windtunnel trace synth",
        fmt::format("entry \"{}\" is a closed loop (clients.count): its clients ask again when they "
                    "have been answered, so when its queries come hangs on the fleet",
                    entry->name),
        "name an entry with arrivals or a trace; or take the arrivals of a run: windtunnel run --per-query FILE.csv"});
  if (queries) entry->queries = std::min(*queries, entry->queries.value_or(*queries));
  const auto end = end_of(command, *scenario, *entry);
  if (!end) return refuse(end.problems());
  const auto targets = targets_of(*scenario, *entry);
  const auto source = make_source(*entry, RngStreams(scenario->seed), static_cast<int>(targets.size()));
  const ArrivalWriter writer(targets, reads_trace(*entry));
  if (!output) {
    write_text(*source, writer, *end, [](const std::string& text) { print(text); });
    return kFine;
  }
  auto file = PendingFile::open(*output);
  if (!file) return refuse(file.problems());
  if (output->extension() == ".h5") {
    BinaryArrivalWriter binary(file->temporary().string(), targets);
    for_blocks(*source, *end, [&](std::span<const Arrival> block) { binary.append(block); });
    binary.finish();
  } else {
    write_file(*source, writer, *end, file->temporary());
  }
  file->commit();
  return kFine;
}

}  // namespace

ExitCode trace_synth_verb(Arguments arguments) {
  const CommandLine line = synth_line();
  const auto begun = begin_verb(line, arguments);
  if (const auto* code = std::get_if<ExitCode>(&begun)) return *code;
  return synth(std::get<ParsedCommand>(begun));
}

}  // namespace windtunnel::cli
