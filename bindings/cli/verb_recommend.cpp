// windtunnel recommend: which memory limits, from what was recorded or from a scenario.
#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <cmath>
#include <filesystem>

#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/run_options.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/recommend/advice_text.hpp"
#include "sim/report/summary.hpp"
#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::cli {
namespace po = boost::program_options;
namespace {

/// Where in kLimitRules; the safest, when the user says nothing.
std::size_t rule_of(const ParsedCommand& command, Problems& problems) {
  const std::string name = command.text("rule").value_or(std::string(kLimitRules.back().name));
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < kLimitRules.size(); ++i) {
    if (kLimitRules[i].name == name) return i;
    known.push_back(kLimitRules[i].name);
  }
  problems.push_back({"--rule", fmt::format("unknown rule \"{}\"", one_line(name, 60)), suggestion(name, known, true)});
  return 0;
}

/// The option's amount as `parse` reads it, from `least` to `most`; what is wrong goes to `problems`.
std::optional<double> option_amount(const ParsedCommand& command, const char* option,
                                    Result<double> (*parse)(std::string_view), double least, double most,
                                    const char* example, Problems& problems) {
  const auto text = command.text(option);
  if (!text) return std::nullopt;
  const auto read = parse(*text);
  if (read && *read >= least && *read <= most) return *read;
  const std::string what = read ? "is outside what makes sense" : read.problems().front().what;
  problems.push_back({std::string("--") + option, fmt::format("\"{}\" {}", one_line(*text, 60), what),
                      fmt::format("write for example --{} {}", option, example)});
  return std::nullopt;
}

bool is_scenario(const std::string& file) {
  const auto ending = std::filesystem::path(file).extension();
  return ending == ".yaml" || ending == ".yml";
}

/// Options that only one of the two sources understands.
void refuse_others(const ParsedCommand& command, std::initializer_list<const char*> options, std::string_view source,
                   Problems& problems) {
  for (const char* option : options)
    if (command.flag(option))
      problems.push_back({std::string("--") + option, fmt::format("says nothing of a {}", source), "leave it out"});
}

ExitCode from_scenario(const ParsedCommand& command, const std::string& file, std::size_t rule, double margin,
                       bool json, Problems problems) {
  refuse_others(command, {"by", "gpu", "interval"}, "scenario, which has models and GPUs of its own", problems);
  const LoadOptions load = load_options(command, problems);
  if (!problems.empty()) return refuse(problems);
  const auto scenario = load_scenario(file, load);
  if (!scenario) return refuse(scenario.problems());
  const auto trial = try_limits(*scenario, {.rule = rule, .margin = margin});
  if (!trial) return refuse(trial.problems());
  if (trial->advice.empty())
    return refuse(Error{file, "no model says anything of memory or host_memory", "give a model memory: {...}"});
  print(json ? json_text(advice_json(*trial, scenario->name, rule)) : advice_text(*trial, scenario->name, rule));
  return kFine;
}

ExitCode from_recording(const ParsedCommand& command, const std::string& file, double margin, bool json,
                        Problems problems) {
  refuse_others(command, {"set", "seed", "rule"}, "recording: all rules are shown", problems);
  RecordedQuestion question;
  question.file.file = file;
  question.file.format = "auto";
  question.by = command.text("by");
  question.recommender.margin = margin;
  if (const auto interval = option_amount(command, "interval", parse_duration_s, 1, 3.2e7, "1h", problems))
    question.interval = to_duration(*interval);
  if (const auto name = command.text("gpu")) {
    const auto& gpus = catalogue().gpus;
    const auto found = std::find_if(gpus.begin(), gpus.end(), [&](const auto& gpu) { return gpu.name == *name; });
    if (found != gpus.end()) {
      question.gpu = found->type.memory - found->type.driver_reserve;
    } else {
      std::vector<std::string_view> known;
      for (const auto& gpu : gpus) known.push_back(gpu.name);
      problems.push_back({"--gpu", fmt::format("unknown GPU \"{}\"", one_line(*name, 60)), suggestion(*name, known)});
    }
  }
  if (!problems.empty()) return refuse(problems);
  const auto recorded = read_recorded_memory(question);
  if (!recorded) return refuse(recorded.problems());
  print(json ? json_text(advice_json(*recorded, file)) : advice_text(*recorded, file));
  return kFine;
}

}  // namespace

ExitCode recommend_verb(Arguments arguments) {
  CommandLine line = command_line(
      "recommend", "SCENARIO.yaml|RECORDING [options]",
      "Which memory limits follow. From a recording (an answer of Prometheus' query_range, or exposition text, with "
      "DCGM_FI_DEV_FB_USED or container_memory_working_set_bytes): peaks by model, the limit by each rule, the share "
      "of peaks above it, and how many replicas then fit on a GPU. From a scenario: the same, and the scenario run "
      "again with the limits, so that kills and cost can be compared. docs/memory-limits.md explains the rules.");
  line.least = line.most = 1;
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  auto add = line.options.add_options();
  add("rule", text("vpa|p99|peak"), "scenario: whose limits are tried (default peak)");
  add("margin", text("SHARE"), "put on top of what was seen (default 0.15)");
  add("set", po::value<std::vector<std::string>>()->value_name("PATH=VALUE")->composing(),
      "scenario: lay a setting over it; may be repeated");
  add("seed", text("N"), "scenario: instead of its own");
  add("by", text("LABEL"),
      "recording: the label whose value is the model (default: the pod's name without what its "
      "Deployment added)");
  add("interval", text("TIME"), "recording: of a container's peak (default: an eighth of the recording, at most 24h)");
  add("gpu", text("NAME"), "recording: the GPU that replicas share; see windtunnel list gpus");
  add("format", text("table|json"), "what to print (default table)");
  const auto opened = open_verb(line, arguments);
  if (const auto* way_out = std::get_if<ExitCode>(&opened)) return *way_out;
  const auto& [command, json] = std::get<OpenedVerb>(opened);
  Problems problems;
  const std::size_t rule = rule_of(command, problems);
  const double margin = option_amount(command, "margin", parse_number, 0, 10, "0.15", problems).value_or(0.15);
  const std::string& file = command.arguments.front();
  return is_scenario(file) ? from_scenario(command, file, rule, margin, json, std::move(problems))
                           : from_recording(command, file, margin, json, std::move(problems));
}

}  // namespace windtunnel::cli
