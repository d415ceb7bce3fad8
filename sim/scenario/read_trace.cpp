// Reads `trace` of a workload entry: the file, where its labels go, and its rate.
#include <fmt/format.h>

#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/workload_reading.hpp"

namespace windtunnel {
namespace {

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
void resolve_file(EntryReading& e, const Node& at, const std::string& path, std::string& name, Node& resolved) {
  std::error_code code;
  const std::filesystem::path file = (e.reading.folder / name).lexically_normal();
  const auto status = std::filesystem::status(file, code);
  if (name.find('\0') != std::string::npos || !std::filesystem::exists(status))
    e.problems().add(at, path, fmt::format("no such file: {}", file.string()),
                     "paths are relative to the scenario's folder");
  else if (std::filesystem::is_directory(status))
    e.problems().add(at, path, fmt::format("{} is a folder", file.string()), "name a file in it");
  name = file.string();
  const auto absolute = std::filesystem::absolute(file, code);
  resolved = Node::scalar(code ? name : absolute.lexically_normal().string());
  e.reading.trace_files.push_back(resolved.text);
}

}  // namespace

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
  if (v.has("durations")) out.durations = v.text("durations");
  if (v.has("durations_as")) out.durations_as = v.text("durations_as");
  if (v.has("from")) out.from = v.duration("from");
  if (v.has("to")) out.to = v.duration("to");
  if (out.to && *out.to <= out.from.value_or(Duration{}))
    e.problems().add(*node.find("to"), join_path(path, "to"), "the window ends before it begins",
                     "make to larger than from");
  if (!out.file.empty()) {
    Node file;
    resolve_file(e, *node.find("file"), join_path(path, "file"), out.file, file);
    block.resolved.set("file", std::move(file));
  }
  if (!out.durations.empty()) {
    Node file;
    resolve_file(e, *node.find("durations"), join_path(path, "durations"), out.durations, file);
    block.resolved.set("durations", std::move(file));
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

}  // namespace windtunnel
