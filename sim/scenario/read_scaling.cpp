// Reads `scaling`: one policy for each model.
#include <algorithm>

#include <fmt/format.h>

#include "policies/policy.hpp"
#include "sim/scenario/policy_blocks.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/read_parts.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

/// min, max and initial of a policy that decides. @param own  what its own block says of them
void take_limits(Reading& reading, const Node& node, const std::string& path, Block& block, ScalingSpec& spec,
                 const std::optional<ReplicaLimits>& own) {
  const ParamSet& v = block.values;
  spec.min = own ? own->min : v.integer("min");
  spec.max = own ? own->max : v.integer("max");
  const int habit = own && own->initial ? *own->initial : std::max(spec.min, 1);
  spec.initial = v.has("initial") ? v.integer("initial") : habit;
  block.resolved.set("initial", Node::scalar(std::to_string(spec.initial)));
  if (!block.ok) return;
  if (spec.min > spec.max)
    reading.problems.add(node, path, fmt::format("min {} is more than max {}", spec.min, spec.max),
                         "lower min or raise max");
  else if (spec.initial < spec.min || spec.initial > spec.max)
    reading.problems.add(node, path, fmt::format("initial {} is outside [{}, {}]", spec.initial, spec.min, spec.max),
                         "start between min and max");
}

/// How often it decides, where the scenario does not say: each policy may have a habit. One that decides faster than
/// gauges are scraped reads at its decisions.
void take_intervals(const PolicyEntry& row, Block& block, ScalingSpec& spec, bool sound) {
  spec.interval = block.values.duration("interval");
  spec.scrape_interval = block.values.duration("scrape_interval");
  if (!sound) return;
  const auto habit = row.make(block.values)->default_interval();
  if (!habit) return;
  if (!block.values.given("interval")) {
    spec.interval = *habit;
    block.resolved.set("interval", Node::scalar(format_duration(to_seconds(*habit))));
  }
  if (!block.values.given("scrape_interval") && *habit < spec.scrape_interval) {
    spec.scrape_interval = {};
    block.resolved.set("scrape_interval", Node::scalar("0s"));
  }
}

/// Keys of the scaling block that are known, only not with this policy.
void refuse_keys(Reading& reading, const Node& node, const std::string& path, Node& own, std::span<const Param> keys,
                 const std::string& what, const std::string& hint) {
  for (const auto& param : keys) {
    if (const Node* given = node.find(param.name))
      reading.problems.add(*given, join_path(path, param.name), what, hint);
    own.erase(param.name);
  }
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
  const PolicyBlocks* blocks = policy_blocks(spec.policy);
  const auto limits = scaling_limits_of(spec.policy);
  Node own = node;
  const auto all = tables::scaling_limits();
  refuse_keys(
      reading, node, path, own, all.first(all.size() - limits.size()),
      fmt::format("means nothing with policy: {}", spec.policy),
      fixed ? "write replicas, or choose a policy that decides (list policies)" : "the policy's own block says it");
  const std::span<const Param> tables[] = {tables::scaling(), limits, row->params};
  Block block = read_block(reading.problems, &own, path, tables);
  std::optional<ReplicaLimits> own_limits;
  if (blocks != nullptr) own_limits = blocks->read(reading.problems, own, path, block);
  if (blocks != nullptr && blocks->own_limits && !own_limits) block.ok = false;
  spec.params = block.values;
  if (block.values.has("interval_phase")) spec.seeded_phase = block.values.text("interval_phase") == "seeded";
  if (block.values.has("interval_jitter")) spec.interval_jitter = block.values.duration("interval_jitter");
  spec.reuse_draining = block.values.boolean("reuse_draining");
  spec.idle_first = block.values.text("scale_down_first") == "idle";
  spec.preempt = block.values.text("scale_down") == "preempt_resume";
  if (block.values.has("keep_alive")) spec.keep_alive = block.values.duration("keep_alive");
  spec.by_load = block.values.text("scale_down_first") == "deletion_cost";
  const auto check = [&](const ParamSet& params) { return check_policy(row->name, params); };
  const std::string complaint = block.ok ? check(block.values) : std::string();
  add_policy_complaint(reading.problems, node, path, complaint);
  take_intervals(*row, block, spec, block.ok && complaint.empty());
  keep_consistent(block, row->params, check);
  if (fixed)
    spec.min = spec.max = spec.initial = block.values.integer("replicas");
  else if (own_limits || blocks == nullptr || !blocks->own_limits)
    take_limits(reading, node, path, block, spec, own_limits);
  if (spec.keep_alive && block.ok && spec.min > 0)
    reading.problems.add(*node.find("keep_alive"), join_path(path, "keep_alive"),
                         fmt::format("means nothing with {} replicas at least", spec.min),
                         fixed ? "choose a policy that decides, with min: 0" : "write min: 0");
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
      if (spec.policy == "keda_job" && reading.scenario.models[member].dispatch != DispatchKind::pull)
        reading.problems.add(*group.node, join_path("models", group.name),
                             "is scaled by keda_job, whose jobs take one message at a time from the queue",
                             "say dispatch: pull");
      reading.scenario.scaling.push_back(std::move(spec));
    }
  }
  reading.resolved.set("scaling", std::move(resolved));
}

}  // namespace windtunnel
