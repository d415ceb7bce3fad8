// Reads `workload`: where queries come from.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/quantity.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/workload/batched_process.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

struct EntryReading {
  Reading& reading;
  const Node& node;
  std::string path;
  Block block;
  WorkloadSpec spec{};

  [[nodiscard]] ProblemList& problems() const { return reading.problems; }
};

/// A curve may be a sinusoid, points over a period, or 24 points over a day; never two of these.
std::optional<RateCurve> read_curve(ProblemList& problems, const Node& node, const std::string& path, Node& resolved) {
  const Block block = read_block(problems, &node, path, tables::curve());
  const ParamSet& v = block.values;
  if (!block.ok) return std::nullopt;
  const int kinds = int{v.has("amplitude") || v.has("phase")} + int{v.has("points")} + int{v.has("hourly")};
  if (kinds != 1 || (v.has("phase") && !v.has("amplitude"))) {
    problems.add(node, path, kinds > 1 ? "amplitude, points and hourly do not go together" : "says no shape",
                 "write {amplitude: 0.8, period: 1d}, {period: 1h, points: [...]} or {hourly: [24 numbers]}");
    return std::nullopt;
  }
  RateCurve curve{.period_s = v.number("period")};
  curve.step = v.has("step") && v.boolean("step");
  if (v.has("step") && v.has("amplitude")) {
    problems.add(node, path, "step does not go together with amplitude", "a sinusoid has no steps; remove it");
    return std::nullopt;
  }
  if (v.has("amplitude")) {
    curve.amplitude = v.number("amplitude");
    curve.phase_rad = v.has("phase") ? v.number("phase") : 0;
    resolved = block.resolved;
    resolved.set("phase", Node::scalar(format_number(curve.phase_rad)));
    return curve;
  }
  const bool hourly = v.has("hourly");
  curve.points = v.numbers(hourly ? "hourly" : "points");
  const Node& list = *node.find(hourly ? "hourly" : "points");
  if (hourly && curve.points.size() != 24) {
    problems.add(list, join_path(path, "hourly"), fmt::format("has {} numbers", curve.points.size()),
                 "a day has 24 hours; for another grid write {period, points}");
    return std::nullopt;
  }
  if (hourly && v.given("period") && curve.period_s != 86400) {
    problems.add(node, path, "hourly covers a day, whatever the period", "write {period, points}");
    return std::nullopt;
  }
  if (curve.points.empty() || *std::max_element(curve.points.begin(), curve.points.end()) <= 0) {
    problems.add(list, join_path(path, hourly ? "hourly" : "points"), "holds no number above 0",
                 "at least one must be");
    return std::nullopt;
  }
  if (hourly) curve.period_s = 86400;
  resolved = block.resolved;
  return curve;
}

WorkloadSpec read_further_source(Reading& reading, const Node& node, const std::string& path, Node& resolved);

/// The list under `transforms` of the block that gives the source, which is read already.
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

/// A path in the file, as the run will open it.
std::string absolute_path(const EntryReading& e, const std::string& text) {
  std::error_code code;
  const auto path = (e.reading.folder / text).lexically_normal();
  const auto absolute = std::filesystem::absolute(path, code);
  return (code ? path : absolute.lexically_normal()).string();
}

/// `batch` beside a process: only laws whose mean number of queries is known.
void read_batch(EntryReading& e, const Node& node, const std::string& path, const Block& block, ArrivalSpec& out) {
  const auto law = block.laws.find("batch");
  if (law == block.laws.end() || !block.ok) return;
  const Node& at = *node.find("batch");
  if (out.process == "batch_poisson")
    e.problems().add(at, join_path(path, "batch"), "batch_poisson has batches of its own",
                     "say process: poisson, or leave batch out");
  else if (!mean_batch(law->second))
    e.problems().add(at, join_path(path, "batch"), "this law does not give whole numbers",
                     "write a number, {law: geometric, mean: 3} or {values: [1, 5], weights: [3, 1]}");
  else
    out.batch = law->second;
}

void read_arrivals(EntryReading& e, const Node& node) {
  const std::string path = join_path(e.path, "arrivals");
  if (!node.is(Node::Kind::map)) {
    e.problems().add(node, path, fmt::format("is {}, not a block", node.describe()),
                     "write {process: poisson, rate: 0.8/s}");
    return;
  }
  ArrivalSpec out;
  const Node* name = node.find("process");
  const Node fallback = Node::scalar("poisson");
  const auto* row = find_row(e.problems(), name == nullptr ? fallback : *name, join_path(path, "process"), "process",
                             process_registry());
  if (row == nullptr) return;
  const std::span<const Param> tables[] = {tables::arrivals(), row->params};
  Block block = read_block(e.problems(), &node, path, tables);
  out.process = row->name;
  out.params = block.values;
  const auto check = [&](const ParamSet& params) { return check_process(row->name, params); };
  if (block.ok) add_check_message(e.problems(), node, path, check(block.values));
  keep_consistent(block, row->params, check);
  Node curve;
  if (const Node* given = node.find("curve"))
    out.curve = read_curve(e.problems(), *given, join_path(path, "curve"), curve);
  block.resolved.erase("curve");
  if (out.curve) block.resolved.set("curve", std::move(curve));
  read_batch(e, node, path, block, out);
  if (out.params.has("folder")) {
    const std::string folder = absolute_path(e, out.params.text("folder"));
    out.params.set("folder", folder, true);
    block.resolved.set("folder", Node::scalar(folder));
    e.reading.trace_files.push_back(folder);
  }
  e.spec.source = std::move(out);
  read_transform_list(e, node, path, block.resolved);
  e.block.resolved.set("arrivals", std::move(block.resolved));
}

/// That the model has such a variant.
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

void read_map(EntryReading& e, const Node& node, const std::string& path, TraceSpec& trace, Node& resolved) {
  if (!node.is(Node::Kind::map) || node.entries.empty()) {
    e.problems().add(
        node, path,
        fmt::format("is {}, not labels with their targets", node.is(Node::Kind::map) ? "empty" : node.describe()),
        "write {M0002: room-scene, \"*\": quality}");
    return;
  }
  resolved = Node::map();
  auto names = e.reading.model_names();
  for (const auto name : e.reading.pipeline_names()) names.push_back(name);
  for (const auto& entry : node.entries) {
    const std::string at = join_path(path, entry.key);
    const std::string target = entry.value.is(Node::Kind::scalar) ? entry.value.text : "";
    const ModelGroup* group = e.reading.group(target);
    const VariantName named = split_variant(target);
    if (!e.reading.is_model(target) && !e.reading.is_pipeline(target) && !named.variant.empty() &&
        e.reading.is_model(named.model)) {
      group = e.reading.group(named.model);
      check_variant(e, entry.value, at, named.model, named.variant);
    } else if (!e.reading.is_model(target) && !e.reading.is_pipeline(target))
      report_unknown(e.problems(), entry.value, at, "model or pipeline", target, names);
    if (group != nullptr && group->members.size() > 1)
      e.problems().add(entry.value, at, fmt::format("\"{}\" has {} copies", target, group->members.size()),
                       "map a label to one copy");
    trace.map.emplace_back(entry.key, target);
    resolved.set(entry.key, Node::scalar(target));
  }
}

void read_rate_scale(EntryReading& e, const Node& node, const std::string& path, TraceSpec& trace, Node& resolved) {
  if (node.is(Node::Kind::map)) {
    const Block block = read_block(e.problems(), &node, path, tables::rate_scale());
    trace.rate_scale.offered_load = block.values.number("offered_load");
    resolved = block.resolved;
    return;
  }
  static const std::vector<Param> factor = {{.name = "rate_scale",
                                             .type = ParamType::number,
                                             .doc = "a factor on the rate",
                                             .min = 0,
                                             .max = 1e6,
                                             .min_exclusive = true}};
  Node wrapped = Node::map();
  wrapped.set("rate_scale", node);
  const auto cut = path.rfind('.');
  const Block block = read_block(e.problems(), &wrapped, path.substr(0, cut), factor);
  trace.rate_scale.factor = block.values.number("rate_scale");
  resolved = Node::scalar(format_number(trace.rate_scale.factor));
}

/// The file as the run will open it; a problem when there is none.
void resolve_file(EntryReading& e, const Node& at, const std::string& path, TraceSpec& trace, Node& resolved) {
  std::error_code code;
  const std::filesystem::path file = (e.reading.folder / trace.file).lexically_normal();
  const auto status = std::filesystem::status(file, code);
  if (trace.file.find('\0') != std::string::npos || !std::filesystem::exists(status))
    e.problems().add(at, path, fmt::format("no such file: {}", file.string()),
                     "paths are relative to the scenario's folder");
  else if (std::filesystem::is_directory(status))
    e.problems().add(at, path, fmt::format("{} is a folder", file.string()), "name a file in it");
  trace.file = file.string();
  const auto absolute = std::filesystem::absolute(file, code);
  resolved = Node::scalar(code ? trace.file : absolute.lexically_normal().string());
  e.reading.trace_files.push_back(resolved.text);
}

void read_trace(EntryReading& e, const Node& node) {
  const std::string path = join_path(e.path, "trace");
  TraceSpec out;
  Block block = read_block(e.problems(), &node, path, tables::trace());
  const ParamSet& v = block.values;
  if (!node.is(Node::Kind::map)) return;
  out.file = v.text("file");
  out.format = v.text("format");
  out.rebase = v.boolean("rebase");
  out.placement = v.text("placement");
  if (v.has("size_column")) out.size_column = v.text("size_column");
  out.size_per_unit = v.number("size_per_unit");
  if (v.has("unit")) out.unit = v.text("unit");
  if (v.has("reorder")) out.reorder = v.duration("reorder");
  if (v.has("time_column")) out.time_column = v.text("time_column");
  if (v.has("label_column")) out.label_column = v.text("label_column");
  if (v.has("values")) out.values = v.text("values");
  if (v.has("from")) out.from = v.duration("from");
  if (v.has("to")) out.to = v.duration("to");
  if (out.to && *out.to <= out.from.value_or(Duration{}))
    e.problems().add(*node.find("to"), join_path(path, "to"), "the window ends before it begins",
                     "make to larger than from");
  if (!out.file.empty()) {
    Node file;
    resolve_file(e, *node.find("file"), join_path(path, "file"), out, file);
    block.resolved.set("file", std::move(file));
  }
  for (const std::string_view key : {"map", "rate_scale"}) {
    Node resolved;
    if (const Node* given = node.find(key)) {
      if (key == "map")
        read_map(e, *given, join_path(path, key), out, resolved);
      else
        read_rate_scale(e, *given, join_path(path, key), out, resolved);
    }
    if (resolved.is(Node::Kind::null))
      block.resolved.erase(key);
    else
      block.resolved.set(key, std::move(resolved));
  }
  e.spec.source = std::move(out);
  read_transform_list(e, node, path, block.resolved);
  e.block.resolved.set("trace", std::move(block.resolved));
}

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
