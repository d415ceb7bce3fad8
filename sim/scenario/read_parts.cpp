#include "sim/scenario/read_parts.hpp"

#include <fmt/format.h>

#include "policies/composition/parts.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

constexpr std::string_view kExample = "write {policy: backlog_time, target: 3s}";
constexpr std::size_t kMostParts = 50;

std::span<const Param> policy_key() {
  static const std::vector<Param> table = {
      {.name = "policy", .type = ParamType::text, .doc = "which policy (list policies)"}};
  return table;
}

bool has_param(std::span<const Param> table, std::string_view key) {
  for (const auto& param : table)
    if (param.name == key) return true;
  return false;
}

/// The keys that stand beside the outermost policy and nowhere else.
bool is_outer_key(std::string_view key) {
  for (const auto table : {tables::scaling(), tables::scaling_limits()})
    for (const auto& param : table)
      if (param.name == key && key != "policy") return true;
  return false;
}

std::optional<PolicyPart> read_part(ProblemList& problems, const Node& node, const std::string& path, Node& resolved) {
  if (!node.is(Node::Kind::map)) {
    problems.add(node, path, fmt::format("is {}, not a policy", node.describe()), std::string(kExample));
    return std::nullopt;
  }
  const Node* name = node.find("policy");
  if (name == nullptr) {
    problems.add(node, path, "policy is missing", std::string(kExample));
    return std::nullopt;
  }
  const auto* row = find_row(problems, *name, join_path(path, "policy"), "policy", policy_registry());
  if (row == nullptr) return std::nullopt;
  Node own = node;
  bool outer = false;
  for (const auto& entry : node.entries) {
    if (!is_outer_key(entry.key) || has_param(row->params, entry.key)) continue;
    outer = true;
    problems.add(entry.value, join_path(path, entry.key), "stands beside the outermost policy, once for all parts",
                 "move it there");
    own.erase(entry.key);
  }
  const std::span<const Param> all[] = {policy_key(), row->params};
  Block block = read_block(problems, &own, path, all);
  const PolicyBlocks* blocks = policy_blocks(row->name);
  if (blocks != nullptr && blocks->own_limits) {
    problems.add(node, path, fmt::format("{} has limits of its own and cannot be a part", row->name), "use it alone");
    return std::nullopt;
  }
  if (blocks != nullptr) blocks->read(problems, own, path, block);
  const std::string complaint = block.ok ? check_policy(row->name, block.values) : std::string();
  add_policy_complaint(problems, node, path, complaint);
  keep_consistent(block, row->params, [&](const ParamSet& params) { return check_policy(row->name, params); });
  resolved = std::move(block.resolved);
  if (!block.ok || outer || !complaint.empty()) return std::nullopt;
  return PolicyPart{row, std::move(block.values)};
}

void finish(ProblemList& problems, const Node& node, const std::string& path, std::string_view key,
            std::shared_ptr<PolicyParts> parts, Node resolved, Block& block) {
  if (const auto conflict = parts_conflict(*parts); !conflict.empty()) {
    add_check_message(problems, node, path, conflict);
    block.ok = false;
  }
  block.resolved.set(key, std::move(resolved));
  block.values.set(key, std::shared_ptr<const MadeBlock>(std::move(parts)), true);
}

}  // namespace

std::optional<ReplicaLimits> read_policies(ProblemList& problems, const Node& node, const std::string& path,
                                           Block& block) {
  const Node* list = node.find("policies");
  const std::string here = join_path(path, "policies");
  if (list == nullptr || !list->is(Node::Kind::sequence) || list->items.empty() || list->items.size() > kMostParts) {
    problems.add(list == nullptr ? node : *list, here,
                 list == nullptr ? "policies is missing"
                                 : fmt::format("is {}, not a list of 1 to 50 policies", list->describe()),
                 "write policies: [{policy: backlog_time, target: 3s}, {policy: scheduled, ...}]");
    block.ok = false;
    return std::nullopt;
  }
  auto parts = std::make_shared<PolicyParts>();
  Node resolved = Node::sequence();
  bool sound = true;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    Node one;
    auto part = read_part(problems, list->items[i], fmt::format("{}[{}]", here, i), one);
    sound = sound && part.has_value();
    if (part) parts->parts.push_back(std::move(*part));
    resolved.items.push_back(std::move(one));
  }
  block.ok = block.ok && sound;
  if (sound) finish(problems, *list, here, "policies", std::move(parts), std::move(resolved), block);
  return std::nullopt;
}

std::optional<ReplicaLimits> read_of(ProblemList& problems, const Node& node, const std::string& path, Block& block) {
  const Node* of = node.find("of");
  const std::string here = join_path(path, "of");
  if (of == nullptr) {
    problems.add(node, path, "of is missing", "write of: {policy: backlog_time, target: 3s}");
    block.ok = false;
    return std::nullopt;
  }
  auto parts = std::make_shared<PolicyParts>();
  Node resolved;
  auto part = read_part(problems, *of, here, resolved);
  block.ok = block.ok && part.has_value();
  if (!part) return std::nullopt;
  parts->parts.push_back(std::move(*part));
  finish(problems, *of, here, "of", std::move(parts), std::move(resolved), block);
  return std::nullopt;
}

void add_policy_complaint(ProblemList& problems, const Node& node, const std::string& path,
                          const std::string& message) {
  const auto colon = message.find(": ");
  const Node* key = colon == std::string::npos ? nullptr : node.find(message.substr(0, colon));
  if (key == nullptr) return add_check_message(problems, node, path, message);
  add_check_message(problems, *key, join_path(path, message.substr(0, colon)), message.substr(colon + 2));
}

}  // namespace windtunnel
