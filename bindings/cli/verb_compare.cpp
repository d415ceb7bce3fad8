// windtunnel compare: the scenario's variants side by side on the same arrivals.
#include "bindings/cli/experiment.hpp"
#include "bindings/cli/manifest_options.hpp"
#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/report/compare_table.hpp"
#include "sim/report/summary.hpp"

namespace windtunnel::cli {
namespace {

std::string table_of(const std::vector<Variant>& variants, const Summaries& summaries) {
  std::vector<ComparedVariant> columns;
  for (std::size_t v = 0; v < variants.size(); ++v) columns.push_back({variants[v].name, &summaries[v]});
  return compare_table(columns);
}

}  // namespace

ExitCode compare_verb(Arguments arguments) {
  CommandLine line =
      command_line("compare", "SCENARIO | --manifests DIR --manifests DIR [options]",
                   "Runs every variant of the scenario's `compare` block, or each of several --manifests, on "
                   "the same arrivals and shows them side by side: one column for each.");
  line.most = 1;
  add_run_options(line);
  add_manifest_options(line);
  const auto opened = open_run(line, arguments);
  if (const auto* code = std::get_if<ExitCode>(&opened)) return *code;
  const auto& [command, options, source] = std::get<OpenedRun>(opened);
  auto loaded = source.variants();
  if (!loaded) return refuse(loaded.problems());
  std::vector<Variant> variants;
  for (auto& [name, scenario] : *loaded) {
    say_origin(scenario, options.quiet);
    variants.push_back({.name = name, .scenario = std::move(scenario)});
  }
  const ExperimentResult result = run_experiment(variants, options);
  if (result.code != kFine) return result.code;
  print(options.json ? json_text(comparison(variants, result.summaries)) : table_of(variants, result.summaries));
  return kFine;
}

}  // namespace windtunnel::cli
