#include "sim/scenario/block_reader.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "sim/scenario/law_reader.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/value_reader.hpp"

namespace windtunnel {
namespace {

void set_harmless(const Param& param, Block& block) {
  switch (param.type) {
    case ParamType::boolean: block.values.set(param.name, false, false); break;
    case ParamType::text: block.values.set(param.name, std::string(), false); break;
    case ParamType::choice: block.values.set(param.name, std::string(param.choices.front()), false); break;
    case ParamType::numbers:
    case ParamType::durations: block.values.set(param.name, std::vector<double>(), false); break;
    case ParamType::law:
    case ParamType::time_law: block.laws.insert_or_assign(std::string(param.name), Law{}); break;
    case ParamType::block: break;
    default: block.values.set(param.name, harmless(param), false);
  }
}

/// Converts one value into the block. @param given  written by the user, not a default
void read_value(ProblemList& problems, const Node& node, const std::string& path, const Param& param, bool given,
                Block& block) {
  ValueReader reader(problems, param, node, path);
  std::optional<ParamSet::Value> value;
  Node resolved;
  switch (param.type) {
    case ParamType::boolean:
      if (const auto v = reader.boolean()) value = *v, resolved = Node::scalar(*v ? "true" : "false");
      break;
    case ParamType::text:
      if (const auto v = reader.text()) value = *v, resolved = Node::scalar(*v);
      break;
    case ParamType::choice:
      if (const auto v = reader.choice()) value = *v, resolved = Node::scalar(*v);
      break;
    case ParamType::numbers:
    case ParamType::durations:
      if (const auto v = reader.amounts()) value = *v, resolved = write_amounts(param.type, *v);
      break;
    case ParamType::law:
    case ParamType::time_law: {
      bool ok = true;
      const bool time = param.type == ParamType::time_law;
      const Law law = read_law(problems, node, path, time, ok);
      block.laws.insert_or_assign(std::string(param.name), law);
      block.resolved.set(param.name, write_law(law, time));
      block.ok = block.ok && ok;
      return;
    }
    case ParamType::count:
      if (node.is(Node::Kind::scalar) && node.text == param.choices.front())
        value = 0.0, resolved = Node::scalar(node.text);
      else if (const auto v = reader.amount(node))
        value = *v, resolved = Node::scalar(format_amount(param.type, *v));
      break;
    case ParamType::block: return;
    default:
      if (const auto v = reader.amount(node)) value = *v, resolved = Node::scalar(format_amount(param.type, *v));
  }
  if (!reader.ok()) block.ok = false;
  if (!value) return set_harmless(param, block);
  block.values.set(param.name, std::move(*value), given);
  block.resolved.set(param.name, std::move(resolved));
}

Node fallback_node(const Param& param) {
  if (!param.fallback.empty() && (param.fallback.front() == '[' || param.fallback.front() == '{')) {
    auto parsed = parse_document(param.fallback, "default");
    SIM_CHECK(parsed.has_value(), "the default of \"" + std::string(param.name) + "\" does not parse");
    return std::move(*parsed);
  }
  return Node::scalar(std::string(param.fallback));
}

void report_unknown_keys(ProblemList& problems, const Node& node, const std::string& path,
                         std::span<const std::span<const Param>> tables) {
  std::vector<std::string_view> known;
  for (const auto table : tables)
    for (const auto& param : table) known.push_back(param.name);
  for (const auto& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    if (problems.is_full()) {
      problems.add(node, path, "unknown key");
      continue;
    }
    Node at = entry.value;
    at.line = entry.line > 0 ? entry.line : at.line;
    if (entry.key == "<<") {
      problems.add(at, path, "merge keys (<<) are not expanded",
                   "write the keys out, or use an alias for the whole block");
    } else {
      problems.add(at, path, fmt::format("unknown key \"{}\"", entry.key), suggestion(entry.key, known));
    }
  }
}

}  // namespace

Block read_block(ProblemList& problems, const Node* node, const std::string& path,
                 std::span<const std::span<const Param>> tables) {
  Block block;
  if (node != nullptr && !node->is(Node::Kind::map)) {
    problems.add(
        *node, path,
        node->is(Node::Kind::null) ? "has no value" : fmt::format("is {}, not a block of keys", node->describe()),
        node->is(Node::Kind::null) ? "remove the key or write {}" : "write `key: value` lines below it");
    node = nullptr;
    block.ok = false;
  } else if (node != nullptr) {
    const std::size_t before = problems.size();
    report_unknown_keys(problems, *node, path, tables);
    if (problems.size() > before) block.ok = false;
  }
  const bool complain_of_missing = block.ok || node != nullptr;
  for (const auto table : tables) {
    for (const auto& param : table) {
      const Node* found = node == nullptr ? nullptr : node->find(param.name);
      if (param.type == ParamType::block) {
        block.resolved.set(param.name, Node{});
      } else if (found != nullptr) {
        read_value(problems, *found, join_path(path, param.name), param, true, block);
      } else if (!param.fallback.empty()) {
        read_value(problems, fallback_node(param), join_path(path, param.name), param, false, block);
      } else if (param.optional) {
        block.resolved.set(param.name, Node{});  // keeps its place, should the caller fill it in
      } else {
        if (complain_of_missing)
          problems.add(node == nullptr ? Node{} : *node, path, fmt::format("{} is missing", param.name),
                       std::string(param.doc));
        block.ok = false;
        set_harmless(param, block);
      }
    }
  }
  return block;
}

Block read_block(ProblemList& problems, const Node* node, const std::string& path, std::span<const Param> table) {
  const std::span<const Param> tables[] = {table};
  return read_block(problems, node, path, tables);
}

void keep_consistent(Block& block, std::span<const Param> table,
                     const std::function<std::string(const ParamSet&)>& check) {
  ParamSet as_written = block.values;
  for (const auto& param : table) {
    const Node* value = block.resolved.find(param.name);
    if (value == nullptr || !as_written.has(param.name) || as_written.given(param.name)) continue;
    ParamSet trial = as_written;
    trial.mark_given(param.name);
    if (check(trial).empty())
      as_written = std::move(trial);
    else
      block.resolved.erase(param.name);
  }
}

}  // namespace windtunnel
