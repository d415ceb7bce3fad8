// Reads `scaling`: one policy for each model.
#include <algorithm>

#include <fmt/format.h>

#include "policies/policy.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

/// min, max and initial of a policy that decides.
void take_limits(Reading& reading, const Node& node, const std::string& path, Block& block, ScalingSpec& spec) {
  const ParamSet& v = block.values;
  spec.min = v.integer("min");
  spec.max = v.integer("max");
  spec.initial = v.has("initial") ? v.integer("initial") : std::max(spec.min, 1);
  block.resolved.set("initial", Node::scalar(std::to_string(spec.initial)));
  if (!block.ok) return;
  if (spec.min > spec.max)
    reading.problems.add(node, path, fmt::format("min {} is more than max {}", spec.min, spec.max),
                         "lower min or raise max");
  else if (spec.initial < spec.min || spec.initial > spec.max)
    reading.problems.add(node, path, fmt::format("initial {} is outside [{}, {}]", spec.initial, spec.min, spec.max),
                         "start between min and max");
}

ScalingSpec read_one(Reading& reading, const Node& node, const std::string& path, Node& resolved) {
  ScalingSpec spec;
  if (!node.is(Node::Kind::map)) {
    reading.problems.add(node, path, fmt::format("is {}, not a block", node.describe()),
                         "write {policy: backlog_time, target: 3s, max: 16}");
    return spec;
  }
  const Node* name = node.find("policy");
  const Node fallback = Node::scalar("fixed");
  const auto* row = find_row(reading.problems, name == nullptr ? fallback : *name, join_path(path, "policy"), "policy",
                             policy_registry());
  if (row == nullptr) return spec;
  spec.policy = row->name;
  const bool fixed = spec.policy == "fixed";
  const auto limits = fixed ? std::span<const Param>() : tables::scaling_limits();
  Node own = node;
  if (fixed) {  // these keys are known, only not here
    for (const auto& param : tables::scaling_limits()) {
      if (const Node* given = node.find(param.name))
        reading.problems.add(*given, join_path(path, param.name), "means nothing with policy: fixed",
                             "write replicas, or choose a policy that decides (list policies)");
      own.erase(param.name);
    }
  }
  const std::span<const Param> tables[] = {tables::scaling(), limits, row->params};
  Block block = read_block(reading.problems, &own, path, tables);
  spec.params = block.values;
  spec.interval = block.values.duration("interval");
  spec.scrape_interval = block.values.duration("scrape_interval");
  spec.reuse_draining = block.values.boolean("reuse_draining");
  spec.idle_first = block.values.text("scale_down_first") == "idle";
  const auto check = [&](const ParamSet& params) { return check_policy(row->name, params); };
  if (block.ok) add_check_message(reading.problems, node, path, check(block.values));
  keep_consistent(block, row->params, check);
  if (fixed)
    spec.min = spec.max = spec.initial = block.values.integer("replicas");
  else
    take_limits(reading, node, path, block, spec);
  resolved = std::move(block.resolved);
  return spec;
}

}  // namespace

void read_scaling(Reading& reading, const Node* scaling) {
  if (scaling != nullptr && !scaling->is(Node::Kind::map)) {
    reading.problems.add(*scaling, "scaling", fmt::format("is {}, not policies by model", scaling->describe()),
                         "write `quality: {policy: backlog_time, target: 3s, max: 16}`");
    scaling = nullptr;
  }
  Node resolved = Node::map();
  std::map<std::string, ScalingSpec> by_name;
  if (scaling != nullptr) {
    for (const auto& entry : scaling->entries) {
      const std::string path = join_path("scaling", entry.key);
      Node at = entry.value;
      at.line = entry.line > 0 ? entry.line : at.line;
      if (!reading.is_model(entry.key))
        report_unknown(reading.problems, at, path, "model", entry.key, reading.model_names());
      Node block;
      by_name[entry.key] = read_one(reading, entry.value, path, block);
      resolved.set(entry.key, std::move(block));
    }
  }
  Node fixed = Node::map();
  fixed.set("policy", Node::scalar("fixed"));
  for (const auto& group : reading.groups) {
    const auto shared = by_name.find(group.name);
    bool all_own = true;
    for (const auto member : group.members) all_own = all_own && by_name.contains(reading.scenario.models[member].name);
    if (shared == by_name.end() && !all_own) {
      Node block;
      by_name[group.name] = read_one(reading, fixed, join_path("scaling", group.name), block);
      resolved.set(group.name, std::move(block));
    }
    for (const auto member : group.members) {  // a copy's own entry wins over its group's
      const auto& name = reading.scenario.models[member].name;
      const auto own = by_name.find(name);
      ScalingSpec spec = own != by_name.end() ? own->second : by_name.at(group.name);
      spec.model = name;
      reading.scenario.scaling.push_back(std::move(spec));
    }
  }
  reading.resolved.set("scaling", std::move(resolved));
}

}  // namespace windtunnel
