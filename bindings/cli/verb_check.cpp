// windtunnel check: the verdict on a scenario's `expect`.
#include <boost/program_options/value_semantic.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bindings/cli/annotations.hpp"
#include "bindings/cli/experiment.hpp"
#include "bindings/cli/manifest_options.hpp"
#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/verb.hpp"
#include "sim/report/check_expectations.hpp"
#include "sim/report/summary.hpp"
#include "sim/report/verdict.hpp"
#include "sim/report/verdict_json.hpp"
#include "sim/report/verdict_junit.hpp"
#include "sim/report/verdict_markdown.hpp"
#include "sim/report/verdict_table.hpp"

namespace windtunnel::cli {
namespace po = boost::program_options;
namespace {

/// Fewer leave wide intervals (Student's t is 12.7 with two, 2.8 with five); more cost time that CI has not.
constexpr std::uint64_t kReplications = 5;

CommandLine check_line() {
  CommandLine line = command_line("check", "SCENARIO | --manifests DIR [options]",
                                  "Runs the scenario and judges its `expect`: a bound is met when the whole 95 % "
                                  "interval over replications lies inside it. Exit 0 when all are met, 1 when not.");
  line.most = 1;
  add_run_options(line, kReplications);
  add_manifest_options(line);
  auto add = line.options.add_options();
  add("variant", po::value<std::string>()->value_name("NAME"), "judge this variant of the scenario's `compare` block");
  add("junit", po::value<std::string>()->value_name("FILE.xml"), "write the verdict as JUnit XML");
  add("markdown", po::value<std::string>()->value_name("FILE.md"), "write the verdict as Markdown");
  return line;
}

/// The verdict's own files. They are made of the summary, as the verdict that is printed.
std::vector<ExtraFile> verdict_files(const ParsedCommand& command, const std::vector<Variant>& variants,
                                     const std::string& variant, Problems& problems) {
  std::vector<ExtraFile> out;
  for (const auto& [option, text] : {std::pair{"junit", &verdict_junit}, std::pair{"markdown", &verdict_markdown}}) {
    const auto file = output_place(command, option, problems);
    if (!file) continue;
    out.push_back({std::string("--") + option, *file, [text, &variants, variant](const Summaries& summaries) {
                     return text(judge(variants.front().scenario, summaries.front(), variant));
                   }});
  }
  return out;
}

/// Marks go out under --quiet too: they are no remarks but what the CI system shows.
void tell_ci(const Verdict& verdict) {
  std::string marks = annotations(verdict);
  if (!marks.empty()) marks.pop_back(), say(marks);
  if (const std::string trouble = append_job_summary(verdict_markdown(verdict)); !trouble.empty())
    say("windtunnel: warning: " + trouble);
}

}  // namespace

ExitCode check_verb(Arguments arguments) {
  const CommandLine line = check_line();
  const auto opened = open_run(line, arguments, kReplications);
  if (const auto* code = std::get_if<ExitCode>(&opened)) return *code;
  const auto& [command, options, source] = std::get<OpenedRun>(opened);
  const std::string variant = command.text("variant").value_or("");
  auto scenario = command.text("variant") ? source.variant(variant) : source.scenario();
  if (!scenario) return refuse(scenario.problems());
  say_origin(*scenario, options.quiet);
  Problems problems = check_expectations(*scenario);
  const std::vector<Variant> variants = {{.name = "", .scenario = std::move(*scenario)}};
  std::vector<ExtraFile> files = verdict_files(command, variants, variant, problems);
  const ExperimentResult result = run_experiment(variants, options, std::move(files), std::move(problems));
  if (result.code != kFine) return result.code;
  const nlohmann::ordered_json& summary = result.summaries.front();
  const Verdict verdict = judge(variants.front().scenario, summary, variant);
  print(options.json ? json_text(verdict_json(verdict, summary)) : verdict_table(verdict));
  tell_ci(verdict);
  return verdict.is_met() ? kFine : kVerdictNotMet;
}

}  // namespace windtunnel::cli
