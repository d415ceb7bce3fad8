// Reads single values out of a document, for those who ask for a setting by its path.
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/scenario/block_reader.hpp"
#include "sim/scenario/loader.hpp"
#include "sim/scenario/overlay.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return nullptr;
    case Node::Kind::sequence: {
      Json out = Json::array();
      for (const Node& item : node.items) out.push_back(json_of(item));
      return out;
    }
    case Node::Kind::map: {
      Json out = Json::object();
      for (const Entry& entry : node.entries) out[entry.key] = json_of(entry.value);
      return out;
    }
    case Node::Kind::scalar: break;
  }
  if (node.quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  std::int64_t whole = 0;
  const char* end = node.text.data() + node.text.size();
  if (const auto parsed = std::from_chars(node.text.data(), end, whole); parsed.ec == std::errc() && parsed.ptr == end)
    return whole;
  if (const auto number = parse_number(node.text)) return *number;
  return node.text;
}

/// The child of that name or index; else why there is none.
Result<const Node*> child(const Node& node, const std::string& part, const std::string& walked) {
  const std::string place = walked.empty() ? "the scenario" : walked;
  if (node.is(Node::Kind::sequence)) {
    for (std::size_t i = 0; i < node.items.size(); ++i)
      if (std::to_string(i) == part) return &node.items[i];
    return Error{join_path(walked, part),
                 fmt::format("\"{}\" is no index into {}, which has {} entries", part, place, node.items.size()),
                 "indices count from 0"};
  }
  if (const Node* found = node.find(part)) return found;
  if (!node.is(Node::Kind::map))
    return Error{join_path(walked, part), fmt::format("{} is {}, which has no keys", place, node.describe()), ""};
  std::vector<std::string_view> known;
  for (const Entry& entry : node.entries) known.push_back(entry.key);
  return Error{join_path(walked, part), fmt::format("{} has no \"{}\"", place, part), suggestion(part, known, true)};
}

}  // namespace

Result<std::string> value_at(std::string_view yaml, std::string_view path) {
  const auto root = parse_document(yaml, "scenario");
  if (!root) return root.problems();
  const Node* node = &*root;
  std::string walked;
  const auto parts = path.empty() ? std::optional(std::vector<std::string>()) : split_path(path);
  if (!parts)
    return Error{std::string(path), "is not a path",
                 "write cluster.node_pools.a10.sharing.replicas; quote a name with dots"};
  for (const std::string& part : *parts) {
    const auto next = child(*node, part, walked);
    if (!next) return next.problems();
    node = *next;
    walked = join_path(walked, part);
  }
  return json_of(*node).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace windtunnel
