#include "bindings/kubernetes/load_manifests.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "bindings/kubernetes/place_model.hpp"
#include "sim/scenario/loader.hpp"
#include "sim/scenario/overlay.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::kubernetes {
namespace {

void append(Problems& to, const Problems& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// The part that was named, or the one that lies in the first folder.
std::filesystem::path part_file(const ManifestOptions& options) {
  if (options.part) return *options.part;
  std::error_code code;
  for (const auto& place : options.places) {
    const auto file = place / "windtunnel" / "scenario.yaml";
    if (std::filesystem::is_regular_file(file, code)) return file;
  }
  return {};
}

void read_part(Assembly& a, Problems& broken) {
  const auto file = part_file(a.options);
  if (file.empty()) return;
  a.out.folder = file.parent_path();
  const auto text = read_scenario_file(file);
  auto parsed = text ? parse_document(*text, file.string()) : Result<Node>(text.problems());
  if (!parsed)
    append(broken, parsed.problems());
  else if (!parsed->is(Node::Kind::map))
    broken.push_back({parsed->place(), fmt::format("is {}, not part of a scenario", parsed->describe()),
                      "write workload, cluster, expect, ... as in a scenario"});
  else
    a.part = std::move(*parsed);
}

/// Where each label of the trace goes: as --map says, else to the model of that name.
void add_workload(Assembly& a, const std::vector<PlacedModel>& models, Node& root) {
  std::error_code code;
  Node trace = Node::map();
  trace.set("file", Node::scalar(std::filesystem::absolute(*a.options.trace, code).lexically_normal().string(), true));
  Node map = Node::map();
  for (const auto& [label, model] : a.options.map) map.set(label, Node::scalar(model, true));
  if (a.options.map.empty() && models.size() > 1) {
    for (const auto& placed : models) map.set(placed.model->name, Node::scalar(placed.model->name, true));
    a.assume("workload.0.trace.map", "each label to the model of that name", "no --map LABEL=MODEL");
  }
  Node entry = Node::map();
  if (map.entries.empty() && !models.empty()) entry.set("model", Node::scalar(models.front().model->name, true));
  if (!map.entries.empty()) trace.set("map", std::move(map));
  entry.set("trace", std::move(trace));
  Node list = Node::sequence();
  list.items.push_back(std::move(entry));
  root.set("workload", std::move(list));
  if (a.part.find("horizon") != nullptr || a.part.find("run") != nullptr) return;
  root.set("run", Node::scalar("to_empty"));
  a.assume("run", "to_empty", "from the trace's first query to its last answer");
}

void list_object(Assembly& a, const Object& object, const std::string& model) {
  a.out.origin.objects.push_back(
      {object.kind, object.name, object.node.source ? *object.node.source : std::string(), object.node.line, model});
}

void list_objects(Assembly& a) {
  for (const auto& object : a.set.objects) {
    std::string name;
    for (const auto& model : a.set.models)
      if (model.object == &object || (model.scaler != nullptr && model.scaler->object == &object)) name = model.name;
    list_object(a, object, name);
  }
}

/// A null in the part takes back what the manifests say.
void drop_nulls_of(const Node& part, Node& whole) {
  for (const auto& entry : part.entries) {
    Node* here = whole.find(entry.key);
    if (here == nullptr) continue;
    if (entry.value.is(Node::Kind::null))
      whole.erase(entry.key);
    else if (entry.value.is(Node::Kind::map) && here->is(Node::Kind::map))
      drop_nulls_of(entry.value, *here);
  }
}

/// Models in the order of the manifests, then those of the part: whose turn it is at one instant goes by it.
void keep_order(const Node& order, Node* map) {
  if (map == nullptr || !map->is(Node::Kind::map)) return;
  const auto rank = [&](const Entry& entry) {
    for (std::size_t i = 0; i < order.entries.size(); ++i)
      if (order.entries[i].key == entry.key) return i;
    return order.entries.size();
  };
  std::stable_sort(map->entries.begin(), map->entries.end(),
                   [&](const Entry& x, const Entry& y) { return rank(x) < rank(y); });
}

void assemble(Assembly& a, std::vector<PlacedModel>& placed) {
  Node root = Node::map();
  root.set("schema", Node::scalar("1"));
  root.set("name", Node::scalar(a.out.name, true));
  Node models = Node::map(), scaling = Node::map();
  const bool own_pools = a.in_part({"cluster", "node_pools"}) != nullptr;
  Node pools;
  if (!own_pools) {
    choose_gpus(a.problems, placed, a.options, a.out.origin);
    pools = make_pools(a.problems, a.set, placed, a.options, a.out.origin);
    if (pools.entries.size() > 1)
      for (auto& each : placed) keep_own_gpu(each);
  }
  for (auto& each : placed) {
    models.set(each.model->name, std::move(each.block));
    scaling.set(each.model->name, scaling_of(a, *each.model));
  }
  root.set("models", std::move(models));
  if (a.options.trace) add_workload(a, placed, root);
  if (!own_pools) {
    Node cluster = Node::map();
    cluster.set("node_pools", std::move(pools));
    root.set("cluster", std::move(cluster));
  }
  root.set("scaling", std::move(scaling));
  if (a.options.trace) a.part.erase("workload");
  a.out.root = lay_over(root, a.part);
  drop_nulls_of(a.part, a.out.root);
  for (const auto* key : {"models", "scaling"}) keep_order(*root.find(key), a.out.root.find(key));
  a.assume("models.*.dispatch", "pull", "replicas take queries from one queue");
  a.assume("models.*.termination.on_sigterm", "drain", "a server that ends with what it has");
}

void check_names(Assembly& a) {
  std::vector<std::string_view> known;
  for (const auto& model : a.set.models) known.push_back(model.name);
  for (const auto& [name, text] : a.options.profiles)
    if (std::find(known.begin(), known.end(), name) == known.end())
      a.problems.add(Node{}, "--profile", fmt::format("the manifests have no model \"{}\"", one_line(name, 80)),
                     suggestion(name, known, true));
}

void check_trace(const ManifestOptions& options, Problems& broken) {
  std::error_code code;
  if (options.trace && !std::filesystem::is_regular_file(*options.trace, code))
    broken.push_back({"--trace", fmt::format("no such file: {}", options.trace->string()), "give a recorded trace"});
}

/// The last part of the path that has a name: "deploy" of "k8s/deploy/".
std::string name_of(const std::filesystem::path& place) {
  std::error_code code;
  const auto whole = std::filesystem::absolute(place, code).lexically_normal();
  const auto last = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
  return last.stem().empty() ? "manifests" : last.stem().string();
}

}  // namespace

Result<ManifestScenario> load_manifests(const ManifestOptions& options) {
  Assembly a{.options = options};
  a.out.name = name_of(options.places.front());
  Problems broken = read_manifests(options.places, a.problems, a.set.objects);
  read_part(a, broken);
  check_trace(options, broken);
  std::vector<std::string> named;
  for (const auto& [name, text] : options.profiles) named.push_back(name);
  if (const Node* models = a.in_part({"models"}))
    for (const auto& entry : models->entries) named.push_back(entry.key);
  join_objects(a.problems, a.set, named);
  check_names(a);
  std::vector<PlacedModel> placed;
  for (const auto& model : a.set.models)
    if (auto one = place_model(a, model)) placed.push_back(std::move(*one));
  if (a.set.models.empty() && a.problems.empty() && broken.empty())
    broken.push_back({options.places.front().string(), "has no Deployment that asks for a GPU",
                      "a model's container has resources.limits with nvidia.com/gpu: 1"});
  if (!options.trace && a.part.find("workload") == nullptr)
    broken.push_back(
        {"--trace", "is missing: no traffic", "give --trace FILE, or workload in windtunnel/scenario.yaml"});
  list_objects(a);
  if (a.problems.empty() && broken.empty()) assemble(a, placed);
  append(broken, a.problems.in_order());
  if (!broken.empty()) return broken;
  a.out.origin.not_modelled = a.problems.passed_over();
  std::stable_sort(
      a.out.origin.not_modelled.begin(), a.out.origin.not_modelled.end(),
      [](const PassedOver& x, const PassedOver& y) { return std::tie(x.file, x.line) < std::tie(y.file, y.line); });
  return std::move(a.out);
}

Problems in_manifest_words(const ManifestScenario& scenario, Problems problems) {
  std::set<std::string> files;
  for (const auto& object : scenario.origin.objects) files.insert(object.file);
  const Node* scaling = scenario.root.find("scaling");
  if (scaling == nullptr) return problems;
  for (auto& error : problems) {
    const bool ours = std::any_of(files.begin(), files.end(),
                                  [&](const std::string& file) { return error.where.starts_with(file + ":"); });
    if (!ours) continue;
    for (const auto& entry : scaling->entries) {
      const std::string prefix = ": " + join_path("scaling", entry.key) + ".spec";
      const auto at = error.where.find(prefix);
      if (at != std::string::npos) error.where.replace(at, prefix.size(), ": spec");
    }
  }
  return problems;
}

}  // namespace windtunnel::kubernetes
