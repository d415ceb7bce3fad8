// Reads `pipelines`: stages in order, or edges that form one chain.
#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

using Edges = std::vector<std::pair<std::string, std::string>>;

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::string show_cycle(const Edges& edges, const std::string& start) {
  std::string out = start, at = start;
  do {
    const auto it = std::find_if(edges.begin(), edges.end(), [&](const auto& e) { return e.first == at; });
    at = it->second;
    out += " -> " + at;
  } while (at != start);
  return out;
}

/// A model on a cycle, in a graph where every model has at most one edge out; empty when there is none.
std::string find_cycle(const Edges& edges) {
  for (const auto& edge : edges) {
    std::string at = edge.first;
    for (std::size_t steps = 0; steps <= edges.size(); ++steps) {
      const auto it = std::find_if(edges.begin(), edges.end(), [&](const auto& e) { return e.first == at; });
      if (it == edges.end()) break;
      at = it->second;
      if (at == edge.first) return at;
    }
  }
  return {};
}

/// Orders the edges into a chain, or says why they are none.
std::vector<std::string> chain_of(ProblemList& problems, const Node& node, const std::string& path,
                                  const Edges& edges) {
  constexpr std::string_view hint = "only chains are supported yet: a -> b, b -> c";
  for (const auto& edge : edges) {
    const auto outs = std::count_if(edges.begin(), edges.end(), [&](const auto& e) { return e.first == edge.first; });
    const auto ins = std::count_if(edges.begin(), edges.end(), [&](const auto& e) { return e.second == edge.second; });
    if (outs > 1 || ins > 1) {
      problems.add(node, path,
                   outs > 1 ? fmt::format("{} branches into {}", edge.first, outs)
                            : fmt::format("{} edges join at {}", ins, edge.second),
                   std::string(hint));
      return {};
    }
  }
  if (const auto on_cycle = find_cycle(edges); !on_cycle.empty()) {
    problems.add(node, path, "the edges form a cycle: " + show_cycle(edges, on_cycle), "remove one of them");
    return {};
  }
  std::vector<std::string> chain;
  for (const auto& edge : edges) {
    if (std::any_of(edges.begin(), edges.end(), [&](const auto& e) { return e.second == edge.first; })) continue;
    if (!chain.empty()) {
      problems.add(node, path, fmt::format("two chains: one begins at {}, one at {}", chain.front(), edge.first),
                   std::string(hint));
      return {};
    }
    chain.push_back(edge.first);
    for (bool found = true; found;) {
      const auto it = std::find_if(edges.begin(), edges.end(), [&](const auto& e) { return e.first == chain.back(); });
      found = it != edges.end();
      if (found) chain.push_back(it->second);
    }
  }
  return chain;
}

std::vector<std::string> stages_from_edges(ProblemList& problems, const Node& node, const std::string& path) {
  Edges edges;
  if (!node.is(Node::Kind::sequence) || node.items.empty()) {
    problems.add(node, path, fmt::format("is {}, not a list of edges", node.describe()), "write [a -> b, b -> c]");
    return {};
  }
  for (const auto& item : node.items) {
    const auto arrow = item.is(Node::Kind::scalar) ? item.text.find("->") : std::string::npos;
    const std::string from = arrow == std::string::npos ? "" : trim(item.text.substr(0, arrow));
    const std::string to = arrow == std::string::npos ? "" : trim(item.text.substr(arrow + 2));
    if (from.empty() || to.empty()) {
      problems.add(item, path, fmt::format("{} is no edge", item.describe()), "write a -> b");
      return {};
    }
    edges.emplace_back(from, to);
  }
  return chain_of(problems, node, path, edges);
}

std::vector<std::string> stages_from_list(ProblemList& problems, const Node& node, const std::string& path) {
  std::vector<std::string> out;
  if (!node.is(Node::Kind::sequence) || node.items.empty()) {
    problems.add(node, path, fmt::format("is {}, not a list of models", node.describe()), "write [a, b, c]");
    return out;
  }
  for (const auto& item : node.items) {
    if (item.is(Node::Kind::scalar))
      out.push_back(item.text);
    else
      problems.add(item, path, fmt::format("{} is not the name of a model", item.describe()), "write [a, b, c]");
  }
  return out;
}

void check_stages(Reading& reading, const Node& node, const std::string& path, const std::vector<std::string>& stages) {
  std::set<std::string> seen;
  for (const auto& stage : stages) {
    const ModelGroup* group = reading.group(stage);
    if (!reading.is_model(stage))
      report_unknown(reading.problems, node, path, "model", stage, reading.model_names());
    else if (group != nullptr && group->members.size() > 1)
      reading.problems.add(node, path, fmt::format("\"{}\" has {} copies", stage, group->members.size()),
                           "a stage is one model: name one copy");
    if (!seen.insert(stage).second)
      reading.problems.add(node, path, fmt::format("\"{}\" is there twice", stage), "a query visits a model once");
  }
}

void read_pipeline(Reading& reading, const Entry& entry, Node& all_resolved) {
  auto& problems = reading.problems;
  const std::string path = join_path("pipelines", entry.key);
  bool ok = check_name(problems, entry.value, path, entry.key);
  if (reading.is_model(entry.key))
    problems.add(entry.value, path, "a model has the same name", "rename one: workload entries and traces name either");
  Block block = read_block(problems, &entry.value, path, tables::pipeline());
  PipelineSpec spec{.name = entry.key, .stages = {}, .slo = {}, .thresholds = {}};
  const Node* stages = entry.value.find("stages");
  const Node* edges = entry.value.find("edges");
  if (!entry.value.is(Node::Kind::map)) return;
  if ((stages == nullptr) == (edges == nullptr)) {
    problems.add(entry.value, path, stages == nullptr ? "has neither stages nor edges" : "has both stages and edges",
                 "write stages: [a, b, c]");
  } else if (stages != nullptr) {
    spec.stages = stages_from_list(problems, *stages, join_path(path, "stages"));
    check_stages(reading, *stages, join_path(path, "stages"), spec.stages);
  } else {
    spec.stages = stages_from_edges(problems, *edges, join_path(path, "edges"));
    check_stages(reading, *edges, join_path(path, "edges"), spec.stages);
  }
  Node list = Node::sequence();
  for (const auto& stage : spec.stages) list.items.push_back(Node::scalar(stage));
  block.resolved.set("stages", std::move(list));
  block.resolved.erase("edges");
  Node slo;
  spec.slo = read_slo(problems, entry.value.find("slo"), join_path(path, "slo"), slo, ok);
  block.resolved.set("slo", std::move(slo));
  const Block thresholds = read_block(problems, entry.value.find("thresholds"), join_path(path, "thresholds"),
                                      tables::pipeline_thresholds());
  spec.thresholds = to_durations(thresholds.values, "response_time");
  block.resolved.set("thresholds", thresholds.resolved);
  std::erase_if(block.resolved.entries,
                [](const Entry& e) { return e.value.entries.empty() && e.value.items.empty(); });
  all_resolved.set(entry.key, std::move(block.resolved));
  reading.scenario.pipelines.push_back(std::move(spec));
}

}  // namespace

void read_pipelines(Reading& reading, const Node& pipelines) {
  if (!pipelines.is(Node::Kind::map)) {
    reading.problems.add(pipelines, "pipelines", fmt::format("is {}, not pipelines by name", pipelines.describe()),
                         "write `render: {stages: [a, b]}`");
    return;
  }
  Node resolved = Node::map();
  for (const auto& entry : pipelines.entries) read_pipeline(reading, entry, resolved);
  if (!resolved.entries.empty()) reading.resolved.set("pipelines", std::move(resolved));
}

}  // namespace windtunnel
