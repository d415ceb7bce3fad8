// windtunnel run: one scenario, one summary.
#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <filesystem>
#include <memory>

#include "bindings/cli/experiment.hpp"
#include "bindings/cli/manifest_options.hpp"
#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/figure.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/run_table.hpp"
#include "sim/report/summary.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::cli {
namespace po = boost::program_options;
namespace {

/// How fast it went. Not part of the result: the result's bytes do not depend on the machine.
void say_speed(const nlohmann::ordered_json& summary) {
  const Figure queries = figure_at(summary, {"engine"}, "queries"), wall = figure_at(summary, {"engine"}, "wall_s"),
               rate = figure_at(summary, {"engine"}, "queries_per_s");
  say(fmt::format("{} queries in {} s of run time, {} queries/s", count_text(queries.value), value_text(wall.value),
                  count_text(std::round(rate.value))));
}

constexpr const char* kAllModels = "*";  // no model may be named so

/// `--explain MODEL` as `--explain=MODEL`: the word after it is the scenario where a file has that name.
std::vector<std::string> with_model_joined(Arguments arguments) {
  std::vector<std::string> out;
  for (const auto& word : arguments) {
    const bool model =
        !out.empty() && out.back() == "--explain" && !word.starts_with("-") && !std::filesystem::is_regular_file(word);
    if (model)
      out.back() += "=" + word;
    else
      out.push_back(word);
  }
  for (auto& word : out)
    if (word == "--explain") word += std::string("=") + kAllModels;
  return out;
}

/// What --explain asks for; none: nothing.
Result<std::unique_ptr<Explanation>> explanation_of(const ParsedCommand& command, const Scenario& scenario, bool json) {
  const auto asked = command.text("explain");
  if (!asked) return std::unique_ptr<Explanation>();
  if (json)
    return Error{"--explain", "is text for people, which --format json cannot hold",
                 "leave --format json out, or read decisions.jsonl, which -o DIR writes"};
  std::vector<std::string> models;
  for (const auto& model : scenario.models) models.push_back(model.name);
  const std::vector<std::string_view> known(models.begin(), models.end());
  const bool all = *asked == kAllModels;
  if (!all && std::find(models.begin(), models.end(), *asked) == models.end())
    return Error{"--explain", fmt::format("the scenario has no model \"{}\"", one_line(*asked, 60)),
                 suggestion(*asked, known, true)};
  std::optional<std::string> only;
  if (!all) only = *asked;
  return std::make_unique<Explanation>(std::move(models), std::move(only));
}

}  // namespace

ExitCode run_verb(Arguments arguments) {
  CommandLine line = command_line(
      "run", "SCENARIO | --manifests DIR --trace FILE [options]",
      "Runs one scenario and shows its summary: queries, response times, kills by cause and exit code, cost.");
  line.most = 1;
  add_run_options(line);
  add_manifest_options(line);
  line.options.add_options()("explain", po::value<std::string>()->value_name("[MODEL]"),
                             "also every evaluation of the scaling policies, or of one model's, with its reason, and "
                             "every kill with who held what");
  const auto opened = open_run(line, with_model_joined(arguments));
  if (const auto* code = std::get_if<ExitCode>(&opened)) return *code;
  const auto& [command, options, source] = std::get<OpenedRun>(opened);
  auto scenario = source.scenario();
  if (!scenario) return refuse(scenario.problems());
  say_origin(*scenario, options.quiet);
  const auto explained = explanation_of(command, *scenario, options.json);
  if (!explained) return refuse(explained.problems());
  Explanation* const explanation = explained->get();
  std::vector<Variant> variants;
  variants.push_back({.name = "", .scenario = std::move(*scenario), .make_policy = {}, .observer = explanation});
  const ExperimentResult result = run_experiment(variants, options);
  if (result.code != kFine) return result.code;
  const nlohmann::ordered_json& summary = result.summaries.front();
  if (explanation != nullptr) print(explanation->text() + '\n');
  print(options.json ? json_text(summary) : run_table(summary));
  if (!options.quiet) say_speed(summary);
  return kFine;
}

}  // namespace windtunnel::cli
