// Reads `workload`: where queries come from.
#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/workload_reading.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

/// `variant` beside `model`: all its queries ask for it.
void read_named_variant(EntryReading& e, const Node* model, bool mapped) {
  if (!e.block.values.has("variant")) return;
  const Node& at = *e.node.find("variant");
  const std::string path = join_path(e.path, "variant");
  if (model == nullptr || mapped) {
    e.problems().add(at, path, "needs a model beside it that all queries go to",
                     "write model: <name>; a trace's map takes \"<model>/<variant>\"");
    return;
  }
  e.spec.variant = e.block.values.text("variant");
  if (e.reading.is_model(model->text)) check_variant(e, at, path, model->text, e.spec.variant);
}

/// Where the entry's queries go. A mapped trace says so row by row.
void read_target(EntryReading& e, bool mapped) {
  const Node* model = e.node.find("model");
  const Node* pipeline = e.node.find("pipeline");
  if (model != nullptr && pipeline != nullptr)
    e.problems().add(e.node, e.path, "model and pipeline are both given", "make two entries");
  else if (model == nullptr && pipeline == nullptr && !mapped)
    e.problems().add(e.node, e.path, "names neither model nor pipeline", "write model: <name> or pipeline: <name>");
  if (model != nullptr && model->is(Node::Kind::scalar) && !e.reading.is_model(model->text))
    report_unknown(e.problems(), *model, join_path(e.path, "model"), "model", model->text, e.reading.model_names());
  if (pipeline != nullptr && pipeline->is(Node::Kind::scalar) && !e.reading.is_pipeline(pipeline->text))
    report_unknown(e.problems(), *pipeline, join_path(e.path, "pipeline"), "pipeline", pipeline->text,
                   e.reading.pipeline_names());
  read_named_variant(e, model, mapped);
  if (mapped) return;
  if (model != nullptr)
    e.spec.target = model->text;
  else if (pipeline != nullptr)
    e.spec.target = pipeline->text;
}

/// target, or target#2 for the second of it; names given are unique.
void name_entry(EntryReading& e) {
  auto& all = e.reading.scenario.workload;
  const auto taken = [&](const std::string& name) {
    return std::any_of(all.begin(), all.end(), [&](const WorkloadSpec& w) { return w.name == name; });
  };
  if (e.block.values.has("name")) {
    e.spec.name = e.block.values.text("name");
    if (taken(e.spec.name))
      e.problems().add(*e.node.find("name"), join_path(e.path, "name"),
                       fmt::format("\"{}\" is taken by an earlier entry", e.spec.name),
                       "names are unique: they name random streams");
    return;
  }
  const std::string base = e.spec.target.empty() ? "trace" : e.spec.target;
  e.spec.name = base;
  for (int i = 2; taken(e.spec.name); ++i) e.spec.name = fmt::format("{}#{}", base, i);
}

/// The one source, synthetic or recorded, that the entry gives.
void read_source(EntryReading& e) {
  const Node* arrivals = e.node.find("arrivals");
  const Node* trace = e.node.find("trace");
  e.block.resolved.erase("arrivals");
  e.block.resolved.erase("trace");
  if ((arrivals == nullptr) == (trace == nullptr))
    e.problems().add(e.node, e.path,
                     arrivals == nullptr ? "has neither arrivals nor trace" : "has both arrivals and trace",
                     arrivals == nullptr ? "give one, or a closed loop: clients.count" : "give one");
  else if (arrivals != nullptr)
    read_arrivals(e, *arrivals);
  else
    read_trace(e, *trace);
}

WorkloadSpec read_further_source(Reading& reading, const Node& node, const std::string& path, Node& resolved) {
  EntryReading e{.reading = reading,
                 .node = node,
                 .path = path,
                 .block = read_block(reading.problems, &node, path, tables::further_source())};
  if (node.is(Node::Kind::map)) read_source(e);
  resolved = std::move(e.block.resolved);
  return std::move(e.spec);
}

void read_entry(Reading& reading, const Node& node, const std::string& path, Node& all_resolved) {
  EntryReading e{.reading = reading,
                 .node = node,
                 .path = path,
                 .block = read_block(reading.problems, &node, path, tables::workload())};
  if (!node.is(Node::Kind::map)) return;
  const Node* trace = node.find("trace");
  std::optional<ClosedSpec> closed;
  if (const Node* clients = node.find("clients")) {
    Node resolved;
    e.spec.clients = read_clients(reading.problems, *clients, join_path(path, "clients"), resolved, closed);
    e.block.resolved.set("clients", std::move(resolved));
  }
  if (!closed) {
    read_source(e);
  } else if (trace != nullptr || node.find("arrivals") != nullptr) {
    reading.problems.add(node, path, "a closed loop (clients.count) makes its own queries",
                         "remove arrivals and trace, or clients.count");
  } else {
    e.block.resolved.erase("arrivals");
    e.block.resolved.erase("trace");
    e.spec.source = *closed;
  }
  const auto* as_trace = std::get_if<TraceSpec>(&e.spec.source);
  read_target(e, as_trace != nullptr && (!as_trace->map.empty() || trace->find("map") != nullptr));
  if (const auto size = e.block.laws.find("size"); size != e.block.laws.end()) e.spec.size = size->second;
  if (e.block.values.has("queries")) e.spec.queries = static_cast<std::uint64_t>(e.block.values.number("queries"));
  if (e.block.values.has("priority")) e.spec.priority = e.block.values.integer("priority");
  if (e.block.values.has("keys")) e.spec.keys = e.block.values.integer("keys");
  name_entry(e);
  e.block.resolved.set("name", Node::scalar(e.spec.name));
  all_resolved.items.push_back(std::move(e.block.resolved));
  reading.scenario.workload.push_back(std::move(e.spec));
}

}  // namespace

void read_transform_list(EntryReading& e, const Node& node, const std::string& path, Node& resolved) {
  resolved.erase("transforms");
  const Node* list = node.find("transforms");
  if (list == nullptr) return;
  Node out;
  const std::string at = join_path(path, "transforms");
  e.spec.transforms =
      read_transforms(e.problems(), *list, at, out, [&](const Node& source, const std::string& place, Node& as_read) {
        return read_further_source(e.reading, source, place, as_read);
      });
  add_check_message(e.problems(), *list, at, check_transforms(e.spec));
  resolved.set("transforms", std::move(out));
}

void check_variant(EntryReading& e, const Node& at, const std::string& path, const std::string& model,
                   const std::string& variant) {
  const auto& models = e.reading.scenario.models;
  const auto it = std::find_if(models.begin(), models.end(),
                               [&](const ModelSpec& m) { return m.name == model || m.group == model; });
  if (it == models.end()) return;  // reported where it is named
  if (it->variants == nullptr) {
    const ModelGroup* group = e.reading.group(it->group);
    if (group == nullptr || group->ok || group->node->find("variants") == nullptr)
      e.problems().add(at, path, fmt::format("{} has no variants", model), "give it some, or name the model alone");
    return;
  }
  if (it->variants->index_of(variant)) return;
  report_unknown(e.problems(), at, path, "variant of " + model, variant, names_of(it->variants->all));
}

void read_workload(Reading& reading, const Node& workload) {
  if (!workload.is(Node::Kind::sequence) || workload.items.empty()) {
    reading.problems.add(
        workload, "workload",
        fmt::format("is {}, not a list of traffic",
                    workload.items.empty() && workload.is(Node::Kind::sequence) ? "empty" : workload.describe()),
        "write `- {model: quality, arrivals: {process: poisson, rate: 0.8/s}}`");
    return;
  }
  Node resolved = Node::sequence();
  for (std::size_t i = 0; i < workload.items.size(); ++i)
    read_entry(reading, workload.items[i], fmt::format("workload.{}", i), resolved);
  reading.resolved.set("workload", std::move(resolved));
}

}  // namespace windtunnel
