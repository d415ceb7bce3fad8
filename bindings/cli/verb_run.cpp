// windtunnel run: one scenario, one summary.
#include <fmt/format.h>

#include "bindings/cli/experiment.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/report/figure.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/run_table.hpp"
#include "sim/report/summary.hpp"

namespace windtunnel::cli {
namespace {

/// How fast it went. Not part of the result: the result's bytes do not depend on the machine.
void say_speed(const nlohmann::ordered_json& summary) {
  const Figure queries = figure_at(summary, {"engine"}, "queries"), wall = figure_at(summary, {"engine"}, "wall_s"),
               rate = figure_at(summary, {"engine"}, "queries_per_s");
  say(fmt::format("{} queries in {} s of run time, {} queries/s", count_text(queries.value), value_text(wall.value),
                  count_text(std::round(rate.value))));
}

}  // namespace

ExitCode run_verb(Arguments arguments) {
  CommandLine line = command_line(
      "run", "SCENARIO [options]",
      "Runs one scenario and shows its summary: queries, response times, kills by cause and exit code, cost.");
  line.least = line.most = 1;
  add_run_options(line);
  const auto command = parse(line, arguments);
  if (!command) return refuse(command.problems());
  if (command->help) {
    print(help_text(line));
    return kFine;
  }
  const auto options = run_options(*command);
  if (!options) return refuse(options.problems());
  auto scenario = load_scenario(options->scenario, options->load);
  if (!scenario) return refuse(scenario.problems());
  std::vector<Variant> variants;
  variants.push_back({.name = "", .scenario = std::move(*scenario)});
  const ExperimentResult result = run_experiment(variants, *options);
  if (result.code != kFine) return result.code;
  const nlohmann::ordered_json& summary = result.summaries.front();
  print(options->json ? json_text(summary) : run_table(summary));
  if (!options->quiet) say_speed(summary);
  return kFine;
}

}  // namespace windtunnel::cli
