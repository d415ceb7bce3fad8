// windtunnel list: what a scenario may name, with its parameters.
#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <nlohmann/json.hpp>

#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/report/summary.hpp"
#include "sim/scenario/schema.hpp"

namespace windtunnel::cli {
namespace {

/// Every kind one after the other.
Result<std::string> list_all(bool json) {
  std::string text;
  nlohmann::ordered_json all = nlohmann::ordered_json::object();
  for (const std::string_view kind : list_kinds()) {
    const auto part = json ? list_json(kind) : list_text(kind);
    if (!part) return part.problems();
    if (json)
      all[std::string(kind)] = nlohmann::ordered_json::parse(*part);
    else
      text += fmt::format("{}{}:\n{}", text.empty() ? "" : "\n", kind, *part);
  }
  return json ? json_text(all) : text;
}

}  // namespace

ExitCode list_verb(Arguments arguments) {
  CommandLine line = command_line(
      "list", "[KIND [NAME]] [options]",
      "Lists what a scenario may name: policies, signals, sharing modes, GPUs, profiles, processes, "
      "transforms, trace formats, dispatchers, queues, laws, node autoscalers. With a name: its parameters "
      "with unit, limits, default and source.");
  line.most = 2;
  line.options.add_options()("format", boost::program_options::value<std::string>()->value_name("table|json"),
                             "what to print (default table)");
  const auto opened = open_verb(line, arguments);
  if (const auto* way_out = std::get_if<ExitCode>(&opened)) return *way_out;
  const auto& [command, json] = std::get<OpenedVerb>(opened);
  const auto& words = command.arguments;
  const std::string_view name = words.size() == 2 ? std::string_view(words[1]) : std::string_view();
  const auto text = words.empty() ? list_all(json) : json ? list_json(words[0], name) : list_text(words[0], name);
  if (!text) return refuse(text.problems());
  print(*text);
  return kFine;
}

}  // namespace windtunnel::cli
