#include "bindings/cli/manifest_options.hpp"

#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <filesystem>
#include <map>

#include "bindings/cli/console.hpp"
#include "bindings/kubernetes/load_manifests.hpp"

namespace windtunnel::cli {
namespace po = boost::program_options;
namespace {

constexpr std::uint64_t kMostNodesAsked = 1'000'000;
using Pairs = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> list_of(const ParsedCommand& command, const char* option) {
  if (!command.flag(option)) return {};
  return command.options[option].as<std::vector<std::string>>();
}

/// NAME=VALUE, repeated.
Pairs pairs_of(const ParsedCommand& command, const char* option, const char* example, Problems& problems) {
  Pairs out;
  for (const auto& text : list_of(command, option)) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      problems.push_back({std::string("--") + option, fmt::format("\"{}\" is not NAME=VALUE", text), example});
    else
      out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

/// "3" or "1:8".
std::optional<std::pair<int, int>> nodes_of(const ParsedCommand& command, Problems& problems) {
  const auto text = command.text("nodes");
  if (!text) return std::nullopt;
  const auto colon = text->find(':');
  const auto least = whole_number("--nodes", text->substr(0, colon), 0);
  const auto most = whole_number("--nodes", colon == std::string::npos ? *text : text->substr(colon + 1), 1);
  if (!least || !most || *least > *most || *most > kMostNodesAsked) {
    problems.push_back({"--nodes", fmt::format("\"{}\" is no number of nodes", *text), "write 3, or 1:8 for 1 to 8"});
    return std::nullopt;
  }
  return std::pair(static_cast<int>(*least), static_cast<int>(*most));
}

/// Options that say something only beside --manifests.
void refuse_lone_options(const ParsedCommand& command, Problems& problems) {
  for (const auto* option : {"trace", "map", "profile", "gpu", "nodes"})
    if (command.flag(option))
      problems.push_back({std::string("--") + option, "says what manifests do not, and there are none",
                          "give --manifests DIR too; a scenario says it itself"});
}

/// "after" of "k8s/after/": it heads a column and names a folder.
std::string last_name(const std::string& place) {
  std::error_code code;
  const auto whole = std::filesystem::absolute(place, code).lexically_normal();
  const auto last = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
  return last.empty() ? "manifests" : last.string();
}

std::string origin_line(const PassedOver& field) {
  std::string where = field.file;
  if (field.line > 0) where += fmt::format(":{}", field.line);
  return fmt::format("not modelled: {}: {}{}", where, field.path, field.why.empty() ? "" : " (" + field.why + ")");
}

}  // namespace

void add_manifest_options(CommandLine& line) {
  auto add = line.options.add_options();
  using Texts = std::vector<std::string>;
  add("manifests", po::value<Texts>()->value_name("DIR")->composing(),
      "Kubernetes manifests in place of a scenario, a folder or a file; may be repeated. SCENARIO is then a part of "
      "one, "
      "laid over them (left out: DIR/windtunnel/scenario.yaml, where it is)");
  add("trace", po::value<std::string>()->value_name("FILE"), "with --manifests: the recorded traffic");
  add("map", po::value<Texts>()->value_name("LABEL=MODEL")->composing(),
      "with --trace: where the rows of a label go; may be repeated");
  add("profile", po::value<Texts>()->value_name("MODEL=NAME")->composing(),
      "with --manifests: the model's profile, of the catalogue or a file; may be repeated");
  add("gpu", po::value<std::string>()->value_name("TYPE"),
      "with --manifests: the GPU type, in place of the node selectors'");
  add("nodes", po::value<std::string>()->value_name("N|MIN:MAX"), "with --manifests: how many nodes a pool has");
}

Result<ScenarioSource> ScenarioSource::of(const ParsedCommand& command, const LoadOptions& load, std::size_t first) {
  ScenarioSource out;
  Problems problems;
  out.load_ = load;
  if (command.arguments.size() > first) out.file_ = command.arguments[first];
  out.places_ = list_of(command, "manifests");
  out.trace_ = command.text("trace");
  out.gpu_ = command.text("gpu");
  out.nodes_ = nodes_of(command, problems);
  out.map_ = pairs_of(command, "map", "write --map LABEL=MODEL", problems);
  out.profiles_ = pairs_of(command, "profile", "write --profile quality=clip-scorer", problems);
  if (out.places_.empty()) refuse_lone_options(command, problems);
  if (out.places_.empty() && !out.file_)
    problems.push_back({"windtunnel", "an argument is missing", "name a scenario file, or --manifests DIR"});
  if (!problems.empty()) return problems;
  return out;
}

template <class Read>
auto ScenarioSource::read_manifests(const std::vector<std::string>& places, Read read) const {
  kubernetes::ManifestOptions options;
  options.places.assign(places.begin(), places.end());
  if (file_) options.part = *file_;
  if (trace_) options.trace = *trace_;
  options.map = map_;
  options.profiles = profiles_;
  options.gpu = gpu_;
  options.nodes = nodes_;
  auto made = kubernetes::load_manifests(options);
  using Answer = decltype(read(*made));
  if (!made) return Answer(made.problems());
  auto answer = read(*made);
  if (!answer) return Answer(kubernetes::in_manifest_words(*made, answer.problems()));
  return answer;
}

Result<Scenario> ScenarioSource::scenario() const {
  if (!is_manifests()) return load_scenario(*file_, load_);
  return read_manifests(places_, [&](const kubernetes::ManifestScenario& made) {
    auto scenario = load_tree(made.root, places_.front(), made.folder, load_);
    if (scenario) scenario->manifests = made.origin;
    return scenario;
  });
}

Result<std::vector<std::pair<std::string, Scenario>>> ScenarioSource::variants() const {
  using Variants = std::vector<std::pair<std::string, Scenario>>;
  if (!is_manifests()) return load_variants(*file_, load_);
  if (places_.size() == 1)
    return read_manifests(places_, [&](const kubernetes::ManifestScenario& made) {
      auto variants = load_tree_variants(made.root, places_.front(), made.folder, load_);
      if (variants)
        for (auto& [name, scenario] : *variants) scenario.manifests = made.origin;
      return variants;
    });
  Variants out;
  Problems problems;
  std::map<std::string, int> taken;
  for (const auto& place : places_) {
    auto scenario = read_manifests({place}, [&](const kubernetes::ManifestScenario& made) {
      auto one = load_tree(made.root, place, made.folder, load_);
      if (one) one->manifests = made.origin;
      return one;
    });
    if (!scenario) {
      problems.insert(problems.end(), scenario.problems().begin(), scenario.problems().end());
      continue;
    }
    const std::string name = last_name(place);
    const int times = ++taken[name];
    out.emplace_back(times == 1 ? name : fmt::format("{}-{}", name, times), std::move(*scenario));
  }
  if (!problems.empty()) return problems;
  return out;
}

Result<Scenario> ScenarioSource::variant(const std::string& name) const {
  if (!is_manifests()) return load_variant(*file_, name, load_);
  return read_manifests(places_, [&](const kubernetes::ManifestScenario& made) {
    auto scenario = load_tree_variant(made.root, places_.front(), made.folder, name, load_);
    if (scenario) scenario->manifests = made.origin;
    return scenario;
  });
}

Result<std::string> ScenarioSource::text() const {
  if (!is_manifests()) {
    const auto text = read_scenario_file(*file_);
    return text ? laid_over(*text, *file_, load_) : Result<std::string>(text.problems());
  }
  return read_manifests(places_, [&](const kubernetes::ManifestScenario& made) -> Result<std::string> {
    const auto checked = load_tree(made.root, places_.front(), made.folder, load_);
    if (!checked) return checked.problems();
    std::string notes = "# Made of the manifests in " + places_.front() + ".\n";
    for (const auto& entry : made.origin.assumed)
      notes += fmt::format("# assumed: {} = {}: {}\n", entry.path, entry.value, entry.why);
    for (const auto& field : made.origin.not_modelled) notes += "# " + origin_line(field) + "\n";
    auto text = laid_over(write_document(made.root), places_.front(), load_);
    if (!text) return text.problems();
    return notes + *text;
  });
}

void say_origin(const Scenario& scenario, bool quiet) {
  if (quiet || !scenario.manifests) return;
  for (const auto& field : scenario.manifests->not_modelled) say(origin_line(field));
  for (const auto& entry : scenario.manifests->assumed)
    say(fmt::format("assumed: {} = {}: {}", entry.path, entry.value, entry.why));
}

}  // namespace windtunnel::cli
