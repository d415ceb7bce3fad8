#include "sim/scenario/overlay.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "sim/scenario/block_reader.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kLongestPath = 16;

std::vector<std::string_view> keys_of(const Node& node) {
  std::vector<std::string_view> out;
  for (const auto& entry : node.entries) out.push_back(entry.key);
  return out;
}

/// A block whose keys are names the user chose, and that other parts refer to.
bool is_named(const std::vector<std::string>& path, std::size_t depth) {
  if (depth == 1) return path[0] == "models" || path[0] == "pipelines";
  return depth == 2 && path[0] == "cluster" && path[1] == "node_pools";
}

std::optional<std::size_t> index_of(const std::string& part) {
  std::size_t index = 0;
  const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (code != std::errc{} || end != part.data() + part.size()) return std::nullopt;
  return index;
}

bool is_law(const Node& node) {
  return node.find("law") != nullptr || node.find("values") != nullptr;
}
bool is_latency_for_any_gpu(const Node& node) {
  return node.find("fixed") != nullptr || node.find("per_item") != nullptr;
}

}  // namespace

std::optional<std::vector<std::string>> split_path(std::string_view path) {
  std::vector<std::string> parts;
  std::string part;
  std::size_t i = 0;
  while (i <= path.size()) {
    if (i < path.size() && (path[i] == '"' || path[i] == '\'') && part.empty()) {
      const auto close = path.find(path[i], i + 1);
      if (close == std::string_view::npos || (close + 1 < path.size() && path[close + 1] != '.')) return std::nullopt;
      part = path.substr(i + 1, close - i - 1);
      i = close + 1;
    } else {
      const auto dot = std::min(path.find('.', i), path.size());
      part = path.substr(i, dot - i);
      i = dot;
    }
    if (part.empty() || parts.size() >= kLongestPath) return std::nullopt;
    parts.push_back(std::move(part));
    part.clear();
    if (i == path.size()) return parts;
    ++i;  // the dot
  }
  return std::nullopt;
}

std::optional<Error> set_at(Node& root, std::string_view path, Node value, std::string_view place) {
  const auto refuse = [&](std::string what, std::string hint) {
    return Error{fmt::format("{}: {}", place, path), std::move(what), std::move(hint)};
  };
  const auto parts = split_path(path);
  if (!parts) return refuse("is not a path", "write cluster.node_pools.a10.sharing.replicas; quote a name with dots");
  Node* node = &root;
  std::string walked;
  for (std::size_t i = 0; i < parts->size(); ++i) {
    const std::string& part = (*parts)[i];
    const bool last = i + 1 == parts->size();
    if (node->is(Node::Kind::sequence)) {
      const auto index = index_of(part);
      const std::size_t count = node->items.size();
      if (!index || *index > count || (*index == count && !last))
        return refuse(fmt::format("\"{}\" is no index into {}, which has {} {}", part, walked, count,
                                  count == 1 ? "entry" : "entries"),
                      "indices count from 0");
      if (*index == count) node->items.emplace_back();
      node = &node->items[*index];
    } else if (node->is(Node::Kind::map) || node->is(Node::Kind::null)) {
      Node* next = node->find(part);
      if (next == nullptr && !last && is_named(*parts, i))
        return refuse(fmt::format("{} has no \"{}\"", walked, part), suggestion(part, keys_of(*node), true));
      if (next == nullptr) {
        if (node->is(Node::Kind::null)) node->kind = Node::Kind::map;
        Node made = last ? Node{} : Node::map();
        made.line = node->line;
        made.source = node->source;
        next = &node->set(part, std::move(made));
      }
      node = next;
    } else {
      return refuse(fmt::format("{} is {}, which has no keys", walked, node->describe()),
                    fmt::format("set {} as a whole", walked));
    }
    walked = join_path(walked, part);
  }
  *node = std::move(value);
  return std::nullopt;
}

Node lay_over(const Node& bottom, const Node& top) {
  if (!bottom.is(Node::Kind::map) || !top.is(Node::Kind::map) || is_law(top)) return top;
  Node out = top;
  for (const auto& entry : bottom.entries) {
    Node* own = out.find(entry.key);
    if (own == nullptr)
      out.entries.push_back(entry);
    else if (entry.key != "latency" || is_latency_for_any_gpu(*own) == is_latency_for_any_gpu(entry.value))
      *own = lay_over(entry.value, *own);
  }
  return out;
}

}  // namespace windtunnel
