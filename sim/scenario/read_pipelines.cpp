// Reads `pipelines`: stages in order, or edges between them.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/scenario/law_reader.hpp"
#include "sim/scenario/pipeline_graph.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostStages = 200;  // a query names its stage in 8 bits

/// An edge as the file has it.
struct WrittenEdge {
  const Node* node = nullptr;
  std::string from, to, choice;
  std::optional<double> probability;
  std::optional<Law> size;
  bool feedback = false;
};

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

/// "a -> b", or a block. @return nothing after a problem
std::optional<WrittenEdge> read_edge(ProblemList& problems, const Node& item, const std::string& path) {
  WrittenEdge out{.node = &item, .from = {}, .to = {}, .choice = {}, .probability = {}, .size = {}};
  if (item.is(Node::Kind::map)) {
    const Block block = read_block(problems, &item, path, tables::pipeline_edge());
    if (!block.ok) return std::nullopt;
    out.from = block.values.text("from");
    out.to = block.values.text("to");
    if (block.values.has("probability")) out.probability = block.values.number("probability");
    if (block.values.has("choice")) out.choice = block.values.text("choice");
    if (const auto law = block.laws.find("size"); law != block.laws.end()) out.size = law->second;
    return out;
  }
  const auto arrow = item.is(Node::Kind::scalar) ? item.text.find("->") : std::string::npos;
  out.from = arrow == std::string::npos ? "" : trim(item.text.substr(0, arrow));
  out.to = arrow == std::string::npos ? "" : trim(item.text.substr(arrow + 2));
  if (!out.from.empty() && !out.to.empty()) return out;
  problems.add(item, path, fmt::format("{} is no edge", item.describe()), "write a -> b");
  return std::nullopt;
}

std::vector<WrittenEdge> read_edges(ProblemList& problems, const Node& node, const std::string& path, bool& ok) {
  std::vector<WrittenEdge> out;
  if (!node.is(Node::Kind::sequence) || node.items.empty()) {
    problems.add(node, path, fmt::format("is {}, not a list of edges", node.describe()), "write [a -> b, b -> c]");
    ok = false;
    return out;
  }
  for (const auto& item : node.items) {
    if (auto edge = read_edge(problems, item, path))
      out.push_back(std::move(*edge));
    else
      ok = false;
  }
  return out;
}

std::vector<StageEdge> ends_of(const std::vector<WrittenEdge>& edges) {
  std::vector<StageEdge> out;
  for (const auto& edge : edges)
    if (!edge.feedback) out.emplace_back(edge.from, edge.to);
  return out;
}

/// What excludes each other shares what is not said, if one says nothing; together they are 1 at most.
void share_choices(ProblemList& problems, std::vector<WrittenEdge>& edges, const std::string& path, bool walk) {
  for (auto& edge : edges) {
    if (edge.choice.empty() && !walk) {
      if (!edge.probability) edge.probability = 1;
      continue;
    }
    double said = 0;
    int silent = 0;
    for (const auto& other : edges) {
      if (other.from != edge.from || (!walk && other.choice != edge.choice)) continue;
      said += other.probability.value_or(0);
      silent += other.probability ? 0 : 1;
    }
    const std::string what = walk ? "the exits of " + edge.from : "choice \"" + edge.choice + "\" of " + edge.from;
    if (said > 1 + 1e-9)
      problems.add(*edge.node, path, fmt::format("{} have probabilities of {:.6g} together", what, said),
                   "they exclude each other: at most 1");
    else if (silent > 1 || (silent == 1 && said > 1 - 1e-9))
      problems.add(*edge.node, path, fmt::format("{}: it is open what is left for {} -> {}", what, edge.from, edge.to),
                   "give each a probability");
    if (!edge.probability && silent == 1) edge.probability = std::max(1 - said, 0.0);
    if (!edge.probability || said > 1 + 1e-9) edge.probability = 0;  // said above
  }
}

/// Feedback leads back to a stage before, and is taken with less than certainty.
void check_feedback(ProblemList& problems, const std::vector<WrittenEdge>& edges,
                    const std::vector<std::string>& stages, const std::string& path) {
  const auto place = [&](const std::string& name) { return std::find(stages.begin(), stages.end(), name); };
  for (const auto& edge : edges) {
    if (!edge.feedback) continue;
    if (place(edge.from) == stages.end() || place(edge.to) == stages.end())
      problems.add(*edge.node, path, fmt::format("{} -> {} joins no stages of the edges", edge.from, edge.to),
                   fmt::format("stages: {}", fmt::join(stages, ", ")));
    else if (place(edge.to) > place(edge.from))
      problems.add(*edge.node, path, fmt::format("{} -> {} leads forward", edge.from, edge.to), "write it in edges");
    if (edge.probability.value_or(1) >= 1)
      problems.add(*edge.node, path, fmt::format("{} -> {} has no probability below 1", edge.from, edge.to),
                   "a query would never leave: give one");
  }
  int first = 0;
  for (const auto& stage : stages)
    first += std::none_of(edges.begin(), edges.end(), [&](const auto& e) { return !e.feedback && e.to == stage; });
  if (first > 1)
    problems.add(*edges.back().node, path, "feedback with more than one first stage",
                 "with feedback a query is at one stage at a time");
}

bool is_plain_edge(const WrittenEdge& edge) {
  return !edge.feedback && edge.choice.empty() && !edge.size && edge.probability.value_or(1) == 1;
}

Node resolved_edge(const WrittenEdge& edge) {
  if (is_plain_edge(edge)) return Node::scalar(edge.from + " -> " + edge.to);
  Node out = Node::map();
  out.set("from", Node::scalar(edge.from));
  out.set("to", Node::scalar(edge.to));
  if (*edge.probability > 0) out.set("probability", Node::scalar(format_number(*edge.probability)));
  if (!edge.choice.empty()) out.set("choice", Node::scalar(edge.choice));
  if (edge.size) out.set("size", write_law(*edge.size, false));
  return out;
}

/// The same edge twice says nothing more.
void check_twice(ProblemList& problems, const std::vector<WrittenEdge>& edges, const std::string& path) {
  std::set<StageEdge> seen;
  for (const auto& edge : edges)
    if (!seen.emplace(edge.from, edge.to).second)
      problems.add(*edge.node, path, fmt::format("{} -> {} is there twice", edge.from, edge.to), "remove one");
}

/// Stages and edges of a graph; a chain is known by its stages alone.
void read_graph(Reading& reading, const Node& pipeline, const std::string& path, PipelineSpec& spec, Node& resolved) {
  auto& problems = reading.problems;
  bool ok = true;
  std::vector<WrittenEdge> edges = read_edges(problems, *pipeline.find("edges"), join_path(path, "edges"), ok);
  const Node* feedback = pipeline.find("feedback");
  if (feedback != nullptr) {
    for (auto& edge : read_edges(problems, *feedback, join_path(path, "feedback"), ok)) {
      edge.feedback = true;
      edges.push_back(std::move(edge));
    }
  }
  if (!ok) return;
  const Node& at = *pipeline.find("edges");
  const std::string where = join_path(path, "edges");
  check_twice(problems, edges, where);
  const StageOrder order = order_stages(ends_of(edges));
  if (!order.cycle.empty()) {
    problems.add(at, where, fmt::format("the edges form a cycle: {}", fmt::join(order.cycle, " -> ")),
                 "remove one of them, or write it under feedback with a probability");
    return;
  }
  spec.stages = order.stages;
  if (spec.stages.size() > kMostStages) {
    problems.add(at, where, fmt::format("{} stages; at most {}", spec.stages.size(), kMostStages),
                 "split the pipeline");
    return;
  }
  if (feedback != nullptr) check_feedback(problems, edges, spec.stages, join_path(path, "feedback"));
  if (is_one_chain(ends_of(edges)) && std::all_of(edges.begin(), edges.end(), is_plain_edge) &&
      pipeline.find("optional") == nullptr)
    return;
  share_choices(problems, edges, where, feedback != nullptr);
  const auto number = [&](const std::string& name) {
    return static_cast<std::uint32_t>(std::find(spec.stages.begin(), spec.stages.end(), name) - spec.stages.begin());
  };
  Node forward = Node::sequence(), back = Node::sequence();
  for (const auto& edge : edges) {
    (edge.feedback ? back : forward).items.push_back(resolved_edge(edge));
    if (number(edge.from) == spec.stages.size() || number(edge.to) == spec.stages.size()) continue;
    spec.edges.push_back({.from = number(edge.from),
                          .to = number(edge.to),
                          .probability = *edge.probability,
                          .choice = edge.choice.empty() ? "" : edge.from + "/" + edge.choice,
                          .size_factor = edge.size,
                          .feedback = edge.feedback});
  }
  resolved.set("edges", std::move(forward));
  if (feedback != nullptr) resolved.set("feedback", std::move(back));
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

void read_optional(Reading& reading, const Node& node, const std::string& path, PipelineSpec& spec, Node& resolved) {
  Node list = Node::sequence();
  const std::vector<std::string_view> known(spec.stages.begin(), spec.stages.end());
  for (const auto& name : stages_from_list(reading.problems, node, path)) {
    const auto it = std::find(spec.stages.begin(), spec.stages.end(), name);
    if (it == spec.stages.end())
      report_unknown(reading.problems, node, path, "stage", name, known);
    else
      spec.optional_stages.push_back(static_cast<std::uint32_t>(it - spec.stages.begin()));
    list.items.push_back(Node::scalar(name));
  }
  resolved.set("optional", std::move(list));
}

void read_stages(Reading& reading, const Node& pipeline, const std::string& path, PipelineSpec& spec, Node& resolved) {
  const Node* stages = pipeline.find("stages");
  const Node* edges = pipeline.find("edges");
  for (const auto* key : {"stages", "edges", "feedback", "optional"}) resolved.erase(key);
  if ((stages == nullptr) == (edges == nullptr)) {
    reading.problems.add(pipeline, path,
                         stages == nullptr ? "has neither stages nor edges" : "has both stages and edges",
                         "write stages: [a, b, c]");
    return;
  }
  if (stages != nullptr) {
    spec.stages = stages_from_list(reading.problems, *stages, join_path(path, "stages"));
    check_stages(reading, *stages, join_path(path, "stages"), spec.stages);
    for (const auto* key : {"feedback", "optional"})
      if (pipeline.find(key) != nullptr)
        reading.problems.add(*pipeline.find(key), join_path(path, key), "goes with edges, not with stages",
                             "write edges: [a -> b, b -> c]");
  } else {
    read_graph(reading, pipeline, path, spec, resolved);
    check_stages(reading, *edges, join_path(path, "edges"), spec.stages);
    if (const Node* optional = pipeline.find("optional"))
      read_optional(reading, *optional, join_path(path, "optional"), spec, resolved);
  }
  if (!spec.is_chain()) return;
  Node list = Node::sequence();
  for (const auto& stage : spec.stages) list.items.push_back(Node::scalar(stage));
  resolved.set("stages", std::move(list));
}

void read_pipeline(Reading& reading, const Entry& entry, Node& all_resolved) {
  auto& problems = reading.problems;
  const std::string path = join_path("pipelines", entry.key);
  bool ok = check_name(problems, entry.value, path, entry.key);
  if (reading.is_model(entry.key))
    problems.add(entry.value, path, "a model has the same name", "rename one: workload entries and traces name either");
  Block block = read_block(problems, &entry.value, path, tables::pipeline());
  PipelineSpec spec{.name = entry.key, .stages = {}, .slo = {}, .thresholds = {}};
  if (!entry.value.is(Node::Kind::map)) return;
  read_stages(reading, entry.value, path, spec, block.resolved);
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
