// windtunnel export: what a run's exporters published, and what a query over it says.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/program_options/value_semantic.hpp>

#include "bindings/cli/command_line.hpp"
#include "bindings/cli/manifest_options.hpp"
#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/run_options.hpp"
#include "bindings/cli/verb.hpp"
#include "bindings/kubernetes/write_manifests.hpp"
#include "bindings/prometheus/open_metrics.hpp"
#include "sim/report/pending_file.hpp"
#include "sim/scenario/problem_list.hpp"
#include "sim/scenario/query_check.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/simulation/simulation.hpp"

namespace windtunnel::cli {
namespace {

constexpr std::int64_t kMostInstants = 11000;  // as many as Prometheus answers in one query_range

Error query_error(Error error) {
  error.where = "query, " + error.where;
  return error;
}

/// Runs the scenario, with the series kept that these queries name.
Result<std::unique_ptr<MetricRecording>> record(const Scenario& scenario, std::vector<std::string> queries) {
  auto recording = std::make_unique<MetricRecording>();
  recording->queries = std::move(queries);
  const auto result = simulate(scenario, {.seed = scenario.seed, .recording = recording.get()});
  if (!result) return result.problems();
  return recording;
}

std::int64_t last_sample_ms(const SeriesStore& store) {
  std::int64_t last = 0;
  for (const auto& [name, ids] : store.by_name())
    for (const SeriesId id : ids)
      if (!store.samples(id).empty()) last = std::max(last, store.samples(id).back().at_ms);
  return last;
}

ExitCode deliver(const ParsedCommand& command, const std::string& text) {
  Problems problems;
  const auto place = output_place(command, "output", problems);
  if (!problems.empty()) return refuse(problems);
  if (!place) {
    print(text);
    return kFine;
  }
  auto file = PendingFile::open(*place);
  if (!file) return refuse(file.problems());
  file->write(text);
  file->commit();
  return kFine;
}

ExitCode open_metrics(const ParsedCommand& command, const Scenario& scenario) {
  std::vector<std::string> selectors;
  if (command.flag("match")) selectors = command.options["match"].as<std::vector<std::string>>();
  for (const auto& selector : selectors)
    if (const auto query = check_query(selector); !query) return refuse(query_error(query.problems().front()));
  if (selectors.empty()) selectors.emplace_back(R"({__name__=~".+"})");
  const auto recording = record(scenario, std::move(selectors));
  if (!recording) return refuse(recording.problems());
  return deliver(command, prometheus::open_metrics_text((*recording)->store));
}

std::string range_table(const prometheus::RangeAnswer& answer) {
  std::string out;
  for (const auto& series : answer.series)
    for (const auto& sample : series.values)
      out += fmt::format("{:>10.3f} s  {{{}}}  {}\n", static_cast<double>(sample.at_ms) / 1000,
                         label_text(series.labels), prometheus::value_text(sample.value));
  return out;
}

ExitCode query_over_run(const ParsedCommand& command, const Scenario& scenario) {
  const std::string& text = command.arguments[2];
  auto query = check_query(text);
  if (!query) return refuse(query_error(query.problems().front()));
  const auto json = table_or_json(command);
  if (!json) return refuse(json.problems());
  const std::string step_text = command.text("step").value_or("15s");
  const std::int64_t step = promql::parse_prom_duration(step_text);
  if (step <= 0)
    return refuse(Error{"--step", fmt::format("\"{}\" is no duration above 0", step_text), "write 15s or 1m"});
  const auto recording = record(scenario, {text});
  if (!recording) return refuse(recording.problems());
  SeriesStore& store = (*recording)->store;
  const std::int64_t end = scenario.horizon > Duration{} ? scenario.horizon.count() / 1000000 : last_sample_ms(store);
  if (end / step >= kMostInstants)
    return refuse(
        Error{"--step", fmt::format("{} makes more than {} instants", step_text, kMostInstants), "take a longer one"});
  PreparedQuery prepared(std::move(*query), store, scenario.metrics.look_back.count() / 1000000);
  const auto answer = prometheus::query_range(prepared, store, 0, end, step);
  if (!answer.error.empty()) return refuse(Error{"query, " + answer.error, "the query has no answer", ""});
  return deliver(command, *json == "json" ? prometheus::matrix_json(answer) : range_table(answer));
}

/// The policy of a scenario as manifests. Files appear when all are written.
ExitCode manifests(const ParsedCommand& command, const Scenario& scenario) {
  Problems problems;
  const auto folder = output_place(command, "output", problems);
  if (!problems.empty()) return refuse(problems);
  if (!folder) return refuse(Error{"--output", "is missing: manifests are several files", "write -o DIR"});
  const auto files = kubernetes::write_manifests(scenario);
  if (!files) return refuse(files.problems());
  std::vector<PendingFile> pending;
  for (const auto& written : *files) {
    const std::filesystem::path place = *folder / written.name;
    std::error_code code;
    std::filesystem::create_directories(place.parent_path(), code);
    if (code)
      return refuse(Error{"--output",
                          fmt::format("cannot make the folder {}: {}", place.parent_path().string(), code.message()),
                          "name a folder that can be written"});
    auto file = PendingFile::open(place);
    if (!file) return refuse(file.problems());
    file->write(written.text);
    pending.push_back(std::move(*file));
  }
  for (auto& file : pending) file.commit();
  for (const auto& written : *files) say((*folder / written.name).string());
  return kFine;
}

struct ExportAction {
  std::string_view name;
  std::size_t arguments;  ///< beside its name
  bool from_manifests;    ///< the scenario may come from manifests
};
constexpr std::array kActions = std::to_array<ExportAction>(
    {{"openmetrics", 1, true}, {"query", 2, false}, {"manifests", 1, false}, {"scenario", 1, true}});

}  // namespace

ExitCode export_verb(Arguments arguments) {
  namespace po = boost::program_options;
  CommandLine line = command_line(
      "export",
      "openmetrics SCENARIO | query SCENARIO EXPRESSION | manifests SCENARIO -o DIR | scenario --manifests DIR",
      "Runs the scenario and writes what Prometheus would have scraped, as OpenMetrics with timestamps; or answers a "
      "PromQL expression over it, instant by instant (`list metrics` names the series). Or writes its policies as "
      "Kubernetes manifests; or manifests as a scenario, for further editing.");
  line.least = 1;
  line.most = 3;
  auto add = line.options.add_options();
  add("match", po::value<std::vector<std::string>>()->value_name("SELECTOR")->composing(),
      "openmetrics: keep only these series; may be repeated");
  add("step", po::value<std::string>()->value_name("DURATION"), "query: between two instants (default 15s)");
  add("format", po::value<std::string>()->value_name("table|json"),
      "query: lines, or the answer of Prometheus' query_range (default table)");
  add("set", po::value<std::vector<std::string>>()->value_name("PATH=VALUE")->composing(),
      "lay a setting over the scenario; may be repeated");
  add_manifest_options(line);
  add("seed", po::value<std::string>()->value_name("N"), "seed instead of the scenario's");
  add("output,o", po::value<std::string>()->value_name("FILE"),
      "write there instead of standard output; manifests: the folder");
  const auto begun = begin_verb(line, arguments);
  if (const auto* code = std::get_if<ExitCode>(&begun)) return *code;
  const auto& command = std::get<ParsedCommand>(begun);
  const std::string& action = command.arguments.front();
  const auto row =
      std::find_if(kActions.begin(), kActions.end(), [&](const auto& each) { return each.name == action; });
  if (row == kActions.end())
    return refuse(Error{"windtunnel export", fmt::format("unknown action \"{}\"", action),
                        suggestion(action, names_of(kActions), true)});
  const bool by_manifests = row->from_manifests && command.flag("manifests");
  const std::size_t given = command.arguments.size() - 1;
  if (given != row->arguments && !(by_manifests && given < row->arguments))
    return refuse(
        Error{"windtunnel export", fmt::format("{} takes {} more arguments, not {}", action, row->arguments, given),
              "export openmetrics SCENARIO, export query SCENARIO EXPRESSION, export manifests SCENARIO -o DIR, "
              "export scenario --manifests DIR"});
  Problems problems;
  const LoadOptions load = load_options(command, problems);
  if (!problems.empty()) return refuse(problems);
  const auto source = ScenarioSource::of(command, load, 1);
  if (!source) return refuse(source.problems());
  if (action == "scenario") {
    const auto text = source->text();
    return text ? deliver(command, *text) : refuse(text.problems());
  }
  const auto scenario = source->scenario();
  if (!scenario) return refuse(scenario.problems());
  if (action == "manifests") return manifests(command, *scenario);
  return action == "query" ? query_over_run(command, *scenario) : open_metrics(command, *scenario);
}

}  // namespace windtunnel::cli
