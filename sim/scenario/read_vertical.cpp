// Reads `vertical`.
#include <algorithm>

#include <fmt/format.h>

#include "models/sharing/sharing_mode.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

constexpr Bytes kGpuBump{256 * kMiB};  // [A] one allocator segment and the context's noise

std::optional<RecommenderSpec> read_recommender_block(ProblemList& problems, const Node& entry, const std::string& path,
                                                      std::string_view key, Node& resolved, bool& ok) {
  const Node* node = entry.find(key);
  if (node == nullptr) return std::nullopt;
  const std::string inner = join_path(path, key);
  Block block = read_block(problems, node, inner, tables::recommender());
  const ParamSet& v = block.values;
  RecommenderSpec out{.rule = v.text("rule") == "peak" ? MemoryRule::peak : MemoryRule::vpa,
                      .percentile = v.number("percentile"),
                      .margin = v.number("margin"),
                      .half_life = v.duration("half_life"),
                      .interval = v.duration("sample"),
                      .intervals = v.integer("intervals"),
                      .confidence = v.duration("confidence"),
                      .oom_ratio = v.number("oom_ratio"),
                      .least = v.bytes("min"),
                      .most = std::nullopt};
  if (v.has("oom_bump"))
    out.oom_bump = v.bytes("oom_bump");
  else if (key == "gpu_memory")
    out.oom_bump = kGpuBump;
  if (v.has("max")) out.most = v.bytes("max");
  if (block.ok && out.most && *out.most < out.least) {
    problems.add(*node->find("max"), join_path(inner, "max"), "is below min", "raise max, or give a lower min");
    block.ok = false;
  }
  for (const auto* name : {"percentile", "half_life"})
    if (block.ok && out.rule == MemoryRule::peak && v.given(name)) {
      problems.add(*node->find(name), join_path(inner, name), "means nothing with rule: peak",
                   "say rule: vpa, or remove it");
      block.ok = false;
    }
  if (block.ok && out.rule == MemoryRule::vpa && v.given("intervals")) {
    problems.add(*node->find("intervals"), join_path(inner, "intervals"),
                 "means nothing with rule: vpa, which forgets by half_life", "say rule: peak, or remove it");
    block.ok = false;
  }
  if (out.rule == MemoryRule::peak)
    for (const auto* name : {"percentile", "half_life"}) block.resolved.erase(name);
  else
    block.resolved.erase("intervals");
  ok = ok && block.ok;
  resolved.set(key, std::move(block.resolved));
  return out;
}

bool limits_bind(const Scenario& scenario) {
  return std::any_of(scenario.node_pools.begin(), scenario.node_pools.end(), [](const NodePoolSpec& pool) {
    return pool.sharing.mode == "hard_limit" || pool.sharing.mode == "mps" || pool.fit_memory;
  });
}

void check_vertical_entry(Reading& reading, const Node& node, const std::string& path, const VerticalSpec& spec) {
  const auto refuse = [&](std::string_view key, std::string what, std::string hint) {
    const Node* at = node.find(key);
    reading.problems.add(at == nullptr ? node : *at, at == nullptr ? path : join_path(path, key), std::move(what),
                         std::move(hint));
  };
  if (!spec.host_memory && !spec.gpu_memory)
    return refuse("", "watches nothing: neither host_memory nor gpu_memory is given",
                  "write host_memory: {}, gpu_memory: {rule: peak}, or both");
  if (spec.gpu_memory && spec.update != VerticalUpdate::off && !limits_bind(reading.scenario))
    refuse("gpu_memory", "sets a limit that nothing enforces: no pool shares by hard_limit or mps, or says fit: memory",
           "say update: off for the recommendation alone, or choose sharing: {mode: hard_limit, ...}");
  if (spec.rollout.max_surge == 0 && spec.rollout.max_unavailable == 0)
    refuse("max_surge", "and max_unavailable are both 0: no pod could ever be replaced", "raise one of them");
}

VerticalSpec read_vertical_entry(Reading& reading, const Node& node, const std::string& path, Node& resolved) {
  Block block = read_block(reading.problems, &node, path, tables::vertical());
  const ParamSet& v = block.values;
  const std::string& update = v.text("update");
  VerticalSpec spec{.model = {},
                    .update = update == "rolling_restart" ? VerticalUpdate::rolling_restart
                              : update == "initial"       ? VerticalUpdate::initial
                                                          : VerticalUpdate::off,
                    .host_memory = std::nullopt,
                    .gpu_memory = std::nullopt,
                    .limit_over_request = v.number("limit_over_request"),
                    .scrape_interval = v.duration("scrape_interval"),
                    .interval = v.duration("interval"),
                    .rollout = {.max_unavailable = v.number("max_unavailable"), .max_surge = v.number("max_surge")},
                    .change = v.number("change"),
                    .lifetime = v.duration("lifetime"),
                    .oom_within = v.duration("oom_within")};
  if (node.is(Node::Kind::map)) {
    spec.host_memory = read_recommender_block(reading.problems, node, path, "host_memory", block.resolved, block.ok);
    spec.gpu_memory = read_recommender_block(reading.problems, node, path, "gpu_memory", block.resolved, block.ok);
    if (block.ok) check_vertical_entry(reading, node, path, spec);
  }
  resolved = std::move(block.resolved);
  return spec;
}

/// Jobs end by themselves: a rolling restart of them would be of nothing.
void check_vertical_scaling(Reading& reading, const Node& at, const std::string& path, const VerticalSpec& spec) {
  if (spec.update != VerticalUpdate::rolling_restart) return;
  for (const ScalingSpec& scaling : reading.scenario.scaling)
    if (scaling.model == spec.model && scaling.policy == "keda_job")
      reading.problems.add(at, join_path(path, "update"),
                           fmt::format("rolling_restart of {}, whose pods are jobs (keda_job)", spec.model),
                           "say update: initial: the next job gets the recommendation");
}

}  // namespace

void read_vertical(Reading& reading, const Node& vertical) {
  if (!vertical.is(Node::Kind::map)) {
    reading.problems.add(vertical, "vertical", fmt::format("is {}, not recommenders by model", vertical.describe()),
                         "write `quality: {host_memory: {}}`");
    return;
  }
  Node resolved = Node::map();
  std::vector<std::optional<VerticalSpec>> by_model(reading.scenario.models.size());
  for (const bool own : {false, true})  // a copy's own entry wins over its group's
    for (const auto& entry : vertical.entries) {
      const ModelGroup* group = reading.group(entry.key);
      if ((group == nullptr) != own) continue;
      const std::string path = join_path("vertical", entry.key);
      Node at = entry.value;
      at.line = entry.line > 0 ? entry.line : at.line;
      if (!reading.is_model(entry.key)) {
        report_unknown(reading.problems, at, path, "model", entry.key, reading.model_names());
        continue;
      }
      Node block;
      VerticalSpec spec = read_vertical_entry(reading, entry.value, path, block);
      resolved.set(entry.key, std::move(block));
      for (std::size_t m = 0; m < by_model.size(); ++m) {
        const std::string& name = reading.scenario.models[m].name;
        const bool meant = group == nullptr
                               ? name == entry.key
                               : std::find(group->members.begin(), group->members.end(), m) != group->members.end();
        if (!meant) continue;
        spec.model = name;
        check_vertical_scaling(reading, at, path, spec);
        by_model[m] = spec;
      }
    }
  for (auto& spec : by_model)
    if (spec) reading.scenario.vertical.push_back(std::move(*spec));
  reading.resolved.set("vertical", std::move(resolved));
}

}  // namespace windtunnel
