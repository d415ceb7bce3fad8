// Reads `cluster.autoscaler`, `cluster.scheduler` and a pool's `spot`.
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

void check_expander(Reading& reading, const Node& node, const std::string& path, const ParamSet& values) {
  if (!values.has("expander")) return;
  std::string bad;
  if (!parse_expanders(values.text("expander"), bad).empty()) return;
  reading.problems.add(*node.find("expander"), join_path(path, "expander"), fmt::format("unknown expander \"{}\"", bad),
                       suggestion(bad, expander_names(), true));
}

/// Points of requested_to_capacity; from 0 at 0 % to 10 at 100 % where nothing is said.
std::vector<ScorePoint> read_shape(Reading& reading, const Node& node, const std::string& path, const ParamSet& v) {
  const bool both = v.has("utilizations") && v.has("scores");
  if (!both) {
    if (v.has("utilizations") != v.has("scores"))
      reading.problems.add(node, path, "utilizations and scores come together", "give both lists, or neither");
    return {{.utilization = 0, .score = 0}, {.utilization = 100, .score = 10}};
  }
  const auto &at = v.numbers("utilizations"), &scores = v.numbers("scores");
  if (at.size() != scores.size() || at.empty()) {
    reading.problems.add(node, path, fmt::format("{} utilizations and {} scores", at.size(), scores.size()),
                         "give one score for each utilization, at least one");
    return {};
  }
  std::vector<ScorePoint> out;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const bool whole = at[i] == std::floor(at[i]) && scores[i] == std::floor(scores[i]);
    if (!whole || (i > 0 && at[i] <= at[i - 1])) {
      reading.problems.add(*node.find("utilizations"), join_path(path, "utilizations"),
                           fmt::format("{} with score {}: whole numbers, ascending", at[i], scores[i]),
                           "write e.g. utilizations: [0, 70, 100], scores: [0, 10, 5]");
      return out;
    }
    out.push_back({static_cast<std::int64_t>(at[i]), static_cast<std::int64_t>(scores[i])});
  }
  return out;
}

}  // namespace

void read_node_scaler(Reading& reading, const Node& given, Node& resolved) {
  const std::string path = "cluster.autoscaler";
  Node node = given;
  if (!given.is(Node::Kind::map)) {
    node = Node::map();
    node.line = given.line;
    node.source = given.source;
    node.set("kind", given);
  }
  const Node fallback = Node::scalar("on_demand");
  const Node* name = node.find("kind");
  const auto* row = find_row(reading.problems, name == nullptr ? fallback : *name, join_path(path, "kind"),
                             "node autoscaler", node_scaler_registry());
  if (row == nullptr) return;
  static const std::vector<Param> kind = {
      {.name = "kind", .type = ParamType::text, .doc = "which one", .fallback = "on_demand"}};
  const std::span<const Param> tables[] = {kind, row->params};
  Block block = read_block(reading.problems, &node, path, tables);
  if (block.ok) {
    check_expander(reading, node, path, block.values);
    reading.scenario.node_scaler = row->make(block.values);
  }
  resolved = std::move(block.resolved);
}

void read_scheduler(Reading& reading, const Node& node, Node& resolved) {
  const std::string path = "cluster.scheduler";
  Block block = read_block(reading.problems, &node, path, tables::scheduler());
  resolved = block.resolved;
  if (!block.ok) return;
  const ParamSet& v = block.values;
  const std::string& score = v.text("score");
  SchedulerSpec& out = reading.scenario.scheduler.emplace();
  out.scoring = score == "most_allocated"          ? NodeScoring::most_allocated
                : score == "requested_to_capacity" ? NodeScoring::requested_to_capacity
                                                   : NodeScoring::least_allocated;
  out.cpu_weight = v.integer("cpu_weight");
  out.memory_weight = v.integer("memory_weight");
  out.gpu_weight = v.integer("gpu_weight");
  out.backoff_first = v.duration("initial_backoff");
  out.backoff_most = v.duration("max_backoff");
  for (const auto* key : {"utilizations", "scores"})
    if (v.has(key) && out.scoring != NodeScoring::requested_to_capacity)
      reading.problems.add(*node.find(key), join_path(path, key), fmt::format("means nothing with score: {}", score),
                           "say score: requested_to_capacity, or remove it");
  if (out.scoring == NodeScoring::requested_to_capacity) out.shape = read_shape(reading, node, path, v);
  if (out.cpu_weight + out.memory_weight + out.gpu_weight == 0)
    reading.problems.add(node, path, "every weight is 0: all nodes would score alike", "give one resource a weight");
}

std::optional<SpotSpec> read_spot(ProblemList& problems, const Node* node, const std::string& path, Node& resolved,
                                  bool& ok) {
  if (node == nullptr) return std::nullopt;
  Block block = read_block(problems, node, path, tables::spot());
  ok = ok && block.ok;
  resolved = block.resolved;
  if (!block.ok) return std::nullopt;
  SpotSpec out{.zones = block.values.integer("zones"),
               .zone_reclaim = {},
               .node_reclaim = {},
               .outage = block.laws.at("outage"),
               .notice = block.values.duration("notice")};
  for (auto [key, law] : {std::pair{"zone_reclaim", &out.zone_reclaim}, {"node_reclaim", &out.node_reclaim}}) {
    const auto it = block.laws.find(key);
    if (it == block.laws.end()) continue;
    *law = it->second;
    if (it->second.mean > 0) continue;
    problems.add(*node->find(key), join_path(path, key), "is 0: it would happen all the time", "give a time above 0s");
    ok = false;
  }
  if (!out.zone_reclaim && !out.node_reclaim) {
    problems.add(*node, path, "says nothing: neither zone_reclaim nor node_reclaim is given",
                 "write zone_reclaim: {law: exponential, mean: 12h}, or leave spot out");
    ok = false;
  }
  return out;
}

}  // namespace windtunnel
