#include "bindings/cli/run_options.hpp"

#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>

namespace windtunnel::cli {
namespace po = boost::program_options;
namespace {

constexpr std::uint64_t kMostReplications = 100'000;
constexpr std::uint64_t kMostThreads = 4096;

using Text = po::typed_value<std::string>;

Text* value(const char* name) {
  return po::value<std::string>()->value_name(name);
}

/// The whole number an option was given, up to `most`; what is wrong goes to `problems`.
std::optional<std::uint64_t> number(const ParsedCommand& command, const char* option, std::uint64_t least,
                                    std::uint64_t most, Problems& problems) {
  const auto text = command.text(option);
  if (!text) return std::nullopt;
  const std::string place = std::string("--") + option;
  const auto parsed = whole_number(place, *text, least);
  if (!parsed) {
    problems.push_back(parsed.problems().front());
    return std::nullopt;
  }
  if (*parsed > most) problems.push_back({place, fmt::format("{} is more than {}", *text, most), ""});
  return *parsed;
}

}  // namespace

void read_settings(const ParsedCommand& command, LoadOptions& load, Problems& problems) {
  if (!command.flag("set")) return;
  for (const std::string& setting : command.options["set"].as<std::vector<std::string>>()) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      problems.push_back({"--set", fmt::format("\"{}\" is not path=value", setting),
                          "write for example --set workload.0.arrivals.rate=3/s"});
      continue;
    }
    load.set.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
}

void add_run_options(CommandLine& line, std::uint64_t replications) {
  auto add = line.options.add_options();
  add("set", po::value<std::vector<std::string>>()->value_name("PATH=VALUE")->composing(),
      "lay a setting over the scenario, for example workload.0.arrivals.rate=3/s; may be repeated");
  add("seed", value("N"), "seed of the first replication instead of the scenario's");
  add("replications", value("R"),
      fmt::format("independent runs, each with its own seed; figures become means with 95 % intervals (default {})",
                  replications)
          .c_str());
  add("threads", value("T"), "runs at the same time (default: what the machine has); results do not depend on it");
  add("format", value("table|json"), "what to print (default table)");
  add("output,o", value("DIR"), "write summary.json, result.h5 and scenario.resolved.yaml to this folder");
  add("per-query", value("FILE.csv"), "write a row for each query of the first replication");
  add("quiet,q", "no progress and no remarks on standard error");
}

std::optional<std::filesystem::path> output_place(const ParsedCommand& command, const char* option,
                                                  Problems& problems) {
  const auto name = command.text(option);
  if (!name) return std::nullopt;
  const std::string place = std::string("--") + option;
  if (!name->empty() && *name != "-") return *name;
  if (name->empty())
    problems.push_back({place, "the name is empty", ""});
  else
    problems.push_back({place, "\"-\" is no name here: these files do not go to standard output",
                        "give a name; --format json prints the result"});
  return std::nullopt;
}

LoadOptions load_options(const ParsedCommand& command, Problems& problems) {
  LoadOptions load;
  read_settings(command, load, problems);
  if (const auto seed = number(command, "seed", 0, (std::uint64_t{1} << 53) - 1, problems))
    load.set.emplace_back("seed", std::to_string(*seed));
  return load;
}

Result<RunCommandOptions> run_options(const ParsedCommand& command, std::uint64_t replications) {
  RunCommandOptions out;
  Problems problems;
  if (!command.arguments.empty()) out.scenario = command.arguments.front();
  out.load = load_options(command, problems);
  out.replications = number(command, "replications", 1, kMostReplications, problems).value_or(replications);
  out.threads = static_cast<int>(number(command, "threads", 1, kMostThreads, problems).value_or(0));
  if (const auto format = table_or_json(command))
    out.json = *format == "json";
  else
    problems.push_back(format.problems().front());
  out.quiet = command.flag("quiet");
  out.folder = output_place(command, "output", problems);
  out.per_query = output_place(command, "per-query", problems);
  if (!problems.empty()) return problems;
  return out;
}

}  // namespace windtunnel::cli
