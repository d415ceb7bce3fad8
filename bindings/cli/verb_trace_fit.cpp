// windtunnel trace fit: a process that stands for a recording.
#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bindings/cli/command_line.hpp"
#include "bindings/cli/run_options.hpp"
#include "bindings/cli/trace_verbs.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/pending_file.hpp"
#include "sim/report/summary.hpp"
#include "sim/report/text_width.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/workload/poisson_hmm.hpp"
#include "sim/workload/trace_fit.hpp"

namespace windtunnel::cli {
namespace {

namespace po = boost::program_options;
using Json = nlohmann::ordered_json;

struct FitCommand {
  TraceSpec trace;
  FitOptions fit;
  std::uint64_t seed = 1;
  int seeds = 5;
  std::string model;
  bool json = false;
  std::optional<std::filesystem::path> output;
};

CommandLine fit_line() {
  CommandLine line = command_line("trace", "fit FILE [options]",
                                  "Fits a process to a recorded trace, shows its figures beside the recording's, and "
                                  "prints it as an entry of a scenario's workload. docs/arrivals.md says how.");
  line.least = line.most = 1;
  auto add = line.options.add_options();
  add("course", po::value<std::string>()->value_name("NAME"),
      "how the slow course of the rate is described: counts (the queries of each span as recorded; only where in the "
      "span each arrives is drawn), levels (a rate for each span, so that other draws of that day come), day_curve (24 "
      "hours that repeat) or none (a plain MMPP) (default counts)");
  add("states", po::value<std::string>()->value_name("N"), "at most so many states of bursts, 1 to 8 (default 5)");
  add("as", po::value<std::string>()->value_name("FORMAT"),
      "read the file as this format; see windtunnel list formats");
  add("model", po::value<std::string>()->value_name("NAME"), "what the entry's queries go to (default model)");
  add("seed", po::value<std::string>()->value_name("N"), "of the first run of the fitted process (default 1)");
  add("seeds", po::value<std::string>()->value_name("R"), "runs that the fitted figures are means of (default 5)");
  add("format", po::value<std::string>()->value_name("table|json"), "what to print (default table)");
  add("output,o", po::value<std::string>()->value_name("FILE.yaml"), "write the entry there");
  return line;
}

std::optional<FitCourse> course_named(const std::string& name) {
  if (name == "counts") return FitCourse::counts;
  if (name == "levels") return FitCourse::levels;
  if (name == "day_curve") return FitCourse::day_curve;
  if (name == "none") return FitCourse::none;
  return std::nullopt;
}

std::uint64_t number_in(const ParsedCommand& command, const char* option, std::uint64_t fallback, std::uint64_t least,
                        std::uint64_t most, Problems& problems) {
  const auto text = command.text(option);
  if (!text) return fallback;
  const std::string place = std::string("--") + option;
  const auto value = whole_number(place, *text, least);
  if (!value)
    problems.push_back(value.problems().front());
  else if (*value > most)
    problems.push_back({place, fmt::format("{} is more than {}", *value, most), ""});
  return value ? std::min(*value, most) : fallback;
}

Result<FitCommand> fit_command(const ParsedCommand& command) {
  FitCommand out;
  Problems problems;
  out.trace.file = command.arguments.front();
  out.trace.format = command.text("as").value_or("auto");
  const std::string course = command.text("course").value_or("counts");
  if (const auto known = course_named(course)) {
    out.fit.course = *known;
  } else {
    const std::vector<std::string_view> names = {"counts", "levels", "day_curve", "none"};
    problems.push_back({"--course", "unknown course \"" + course + "\"", suggestion(course, names, true)});
  }
  out.fit.most_states = static_cast<int>(number_in(command, "states", 5, 1, kMostHmmStates, problems));
  out.seed = number_in(command, "seed", 1, 0, (std::uint64_t{1} << 53) - 1, problems);
  out.seeds = static_cast<int>(number_in(command, "seeds", 5, 1, 1000, problems));
  out.model = command.text("model").value_or("model");
  out.output = output_place(command, "output", problems);
  if (const auto format = table_or_json(command))
    out.json = *format == "json";
  else
    problems.push_back(format.problems().front());
  if (!problems.empty()) return problems;
  return out;
}

std::string figure_text(double value) {
  return value >= 1000 ? count_text(value) : value_text(value);
}

std::string comparison_table(const FitComparison& figures, int seeds) {
  std::string out = pad_right("", 40) + pad_left("recorded", 12) + pad_left("fitted", 12) + "\n";
  for (std::size_t i = 0; i < figures.recorded.size(); ++i)
    out += pad_right(figures.recorded[i].name, 40) + pad_left(figure_text(figures.recorded[i].value), 12) +
           pad_left(figure_text(figures.fitted[i].value), 12) + "\n";
  return out + fmt::format("fitted: mean of {} run{}\n", seeds, seeds == 1 ? "" : "s");
}

Json comparison_json(const FitComparison& figures, const FittedArrivals& fitted, const std::string& yaml) {
  Json list = Json::array();
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
  for (std::size_t i = 0; i < figures.recorded.size(); ++i)
    list.push_back({{"figure", figures.recorded[i].name},
                    {"recorded", number(figures.recorded[i].value)},
                    {"fitted", number(figures.fitted[i].value)}});
  return {{"states", fitted.states},
          {"levels", fitted.level_count},
          {"level_width_s", fitted.level_width_s},
          {"bin_s", fitted.bin_s},
          {"span_s", fitted.span_s},
          {"notes", fitted.notes},
          {"figures", std::move(list)},
          {"workload", yaml}};
}

}  // namespace

ExitCode trace_fit_verb(Arguments arguments) {
  const CommandLine line = fit_line();
  const auto parsed = parse(line, arguments);
  if (!parsed) return refuse(parsed.problems());
  if (parsed->help) {
    print(help_text(line));
    return kFine;
  }
  const auto command = fit_command(*parsed);
  if (!command) return refuse(command.problems());
  std::optional<PendingFile> file;
  if (command->output) {
    auto opened = PendingFile::open(*command->output);
    if (!opened) return refuse(opened.problems());
    file.emplace(std::move(*opened));
  }
  const auto fitted = fit_arrivals(recording_of(command->trace), command->fit);
  if (!fitted) return refuse(fitted.problems());
  const auto figures = compare_fit(recording_of(command->trace), *fitted, command->seed, command->seeds);
  if (!figures) return refuse(figures.problems());
  const std::string yaml =
      fitted_yaml(*fitted, command->model, std::filesystem::path(command->trace.file).filename().string());
  if (file) {
    file->write(yaml);
    file->commit();
  }
  if (command->json)
    print(json_text(comparison_json(*figures, *fitted, yaml)));
  else
    print(comparison_table(*figures, command->seeds) + (file ? "" : "\n" + yaml));
  return kFine;
}

}  // namespace windtunnel::cli
