// Reads a whole document: the top level, then each block, then what only all of them together can show.
#include <algorithm>

#include <fmt/format.h>

#include "sim/core/rng.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kLongestName = 100;

/// FNV-1a, mixed; 16 hex digits.
std::string digest_of(std::string text, const std::vector<std::string>& trace_files) {
  for (const auto& file : trace_files) {  // where a trace lies does not change what is run
    const std::string name = std::filesystem::path(file).filename().string();
    for (auto at = text.find(file); at != std::string::npos; at = text.find(file, at + name.size()))
      text.replace(at, file.size(), name);
  }
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return fmt::format("{:016x}", mix64(h));
}

void read_times(Reading& reading, const Block& block) {
  Scenario& s = reading.scenario;
  const Node& root = reading.root;
  s.warm_up = block.values.duration("warm_up");
  s.to_empty = block.values.text("run") == "to_empty";
  if (block.values.has("horizon")) {
    s.horizon = block.values.duration("horizon");
    if (block.ok && s.warm_up >= s.horizon)
      reading.problems.add(*root.find("warm_up"), "warm_up", "is not shorter than the horizon",
                           "nothing would be measured");
    return;
  }
  if (root.find("horizon") != nullptr) return;  // given, but bad: said already
  const bool ends = std::all_of(s.workload.begin(), s.workload.end(), traffic_ends);
  if (!s.to_empty)
    reading.problems.add(root, "", "horizon is missing",
                         "write horizon: 6h; or run: to_empty with `queries` on every workload entry");
  else if (!ends)
    reading.problems.add(root, "", "horizon is missing and the traffic never ends",
                         "write horizon: 6h, or give every workload entry `queries`");
}

void read_top(Reading& reading, const Block& block, std::string_view file_name) {
  Scenario& s = reading.scenario;
  s.file = file_name;
  s.name = block.values.has("name") ? block.values.text("name") : std::filesystem::path(file_name).stem().string();
  if (s.name.empty()) s.name = "scenario";
  check_name(reading.problems, reading.root, "name", s.name);
  s.seed = static_cast<std::uint64_t>(block.values.number("seed"));
}

/// Removes the places of what was not said; a variant's own settings are left as they are.
void drop_nulls(Node& node) {
  std::erase_if(node.entries, [](const Entry& e) { return e.value.is(Node::Kind::null); });
  for (auto& entry : node.entries)
    if (entry.key != "compare") drop_nulls(entry.value);
  for (auto& item : node.items) drop_nulls(item);
}

}  // namespace

const ModelGroup* Reading::group(std::string_view name) const {
  for (const auto& g : groups)
    if (g.name == name) return &g;
  return nullptr;
}

bool Reading::is_model(std::string_view name) const {
  return group(name) != nullptr || std::any_of(scenario.models.begin(), scenario.models.end(),
                                               [&](const ModelSpec& m) { return m.name == name; });
}

bool Reading::is_pipeline(std::string_view name) const {
  return std::any_of(scenario.pipelines.begin(), scenario.pipelines.end(),
                     [&](const PipelineSpec& p) { return p.name == name; });
}

std::vector<std::string_view> Reading::model_names() const {
  std::vector<std::string_view> out;
  for (const auto& g : groups) out.push_back(g.name);
  return out;
}

std::vector<std::string_view> Reading::pipeline_names() const {
  std::vector<std::string_view> out;
  for (const auto& p : scenario.pipelines) out.push_back(p.name);
  return out;
}

bool check_name(ProblemList& problems, const Node& at, const std::string& path, const std::string& name) {
  const bool control =
      std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  const bool edges = !name.empty() && (name.front() == ' ' || name.back() == ' ');
  if (!name.empty() && name.size() <= kLongestName && !control && !edges && name != "*" &&
      name.find("->") == std::string::npos)
    return true;
  problems.add(
      at, path, name.empty() ? "a name is empty" : "is not usable as a name",
      fmt::format("names have 1 to {} bytes, no control characters, no \"->\", no spaces at the ends", kLongestName));
  return false;
}

void add_check_message(ProblemList& problems, const Node& at, const std::string& path, const std::string& message) {
  if (message.empty()) return;
  const auto cut = message.find("; ");
  problems.add(at, path, message.substr(0, cut), cut == std::string::npos ? "" : message.substr(cut + 2));
}

Result<Scenario> read_scenario(const Node& root, std::string_view file_name, const std::filesystem::path& folder) {
  Reading r{.root = root, .folder = folder};
  if (!root.is(Node::Kind::map))
    return Error{root.place(), fmt::format("is {}, not a scenario", root.describe()),
                 "a scenario begins with `schema: 1`"};
  const Block top = read_block(r.problems, &root, "", tables::scenario());
  r.resolved = top.resolved;
  read_top(r, top, file_name);
  r.resolved.set("name", Node::scalar(r.scenario.name));
  if (const Node* models = root.find("models"))
    read_models(r, *models);
  else
    r.problems.add(root, "", "models is missing", "write `models: {quality: {profile: clip-scorer}}`");
  if (const Node* pipelines = root.find("pipelines")) read_pipelines(r, *pipelines);
  if (const Node* workload = root.find("workload"))
    read_workload(r, *workload);
  else
    r.problems.add(root, "", "workload is missing",
                   "write `workload: [{model: quality, arrivals: {process: poisson, rate: 0.8/s}}]`");
  read_cluster(r, root.find("cluster"));
  read_metrics(r, root.find("metrics"));
  read_scaling(r, root.find("scaling"));
  if (const Node* vertical = root.find("vertical")) read_vertical(r, *vertical);
  if (const Node* expect = root.find("expect")) read_expect(r, *expect);
  if (const Node* compare = root.find("compare")) read_compare(r, *compare);
  read_times(r, top);
  check_fit(r);
  check_scaling_metrics(r);
  if (!r.problems.empty()) return r.problems.in_order();
  drop_nulls(r.resolved);
  r.scenario.resolved = write_document(r.resolved);
  r.scenario.digest = digest_of(r.scenario.resolved, r.trace_files);
  return std::move(r.scenario);
}

}  // namespace windtunnel
