// Reads `transforms`: what is done to traffic before it reaches the queue.
#include <fmt/format.h>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostTransforms = 64;  // each is a stage that every query passes
constexpr std::size_t kMostSources = 64;     // of one transform: each holds a file open

bool check_list(ProblemList& problems, const Node& node, const std::string& path, std::size_t most,
                std::string_view example) {
  if (!node.is(Node::Kind::sequence) || node.items.empty()) {
    problems.add(
        node, path,
        fmt::format("is {}", node.is(Node::Kind::sequence) ? "an empty list" : node.describe() + ", not a list"),
        fmt::format("write {}", example));
    return false;
  }
  if (node.items.size() <= most) return true;
  problems.add(node, path, fmt::format("has {} items", node.items.size()), fmt::format("at most {} are taken", most));
  return false;
}

void read_sources(ProblemList& problems, const Node& item, const std::string& path, TransformSpec& out, Node& resolved,
                  const SourceReader& read_source) {
  const Node* list = item.find("sources");
  const std::string at = join_path(path, "sources");
  if (list == nullptr) {
    problems.add(item, path, "sources is missing", "write sources: [{arrivals: {process: poisson, rate: 1/s}}]");
    return;
  }
  if (!check_list(problems, *list, at, kMostSources, "[{arrivals: {process: poisson, rate: 1/s}}]")) return;
  Node all = Node::sequence();
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    Node one;
    out.sources.push_back(read_source(list->items[i], fmt::format("{}.{}", at, i), one));
    all.items.push_back(std::move(one));
  }
  resolved.set("sources", std::move(all));
}

}  // namespace

std::vector<TransformSpec> read_transforms(ProblemList& problems, const Node& list, const std::string& path,
                                           Node& resolved, const SourceReader& read_source) {
  std::vector<TransformSpec> out;
  if (!check_list(problems, list, path, kMostTransforms, "[{transform: scale, factor: 2}]")) return out;
  resolved = Node::sequence();
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const Node& item = list.items[i];
    const std::string at = fmt::format("{}.{}", path, i);
    const Node* name = item.is(Node::Kind::map) ? item.find("transform") : nullptr;
    if (name == nullptr) {
      problems.add(item, at, "names no transform", "write {transform: scale, factor: 2}");
      continue;
    }
    const auto* row = find_row(problems, *name, join_path(at, "transform"), "transform", transform_registry());
    if (row == nullptr) continue;
    const std::span<const Param> tables[] = {tables::transform(), row->params};
    Block block = read_block(problems, &item, at, tables);
    TransformSpec transform{.kind = std::string(row->name), .params = std::move(block.values), .sources = {}};
    for (const Param& param : row->params)
      if (param.type == ParamType::block) read_sources(problems, item, at, transform, block.resolved, read_source);
    out.push_back(std::move(transform));
    resolved.items.push_back(std::move(block.resolved));
  }
  return out;
}

}  // namespace windtunnel
