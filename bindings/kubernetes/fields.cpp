#include "bindings/kubernetes/fields.hpp"

#include <fmt/format.h>

#include "sim/scenario/kube_quantity.hpp"
#include "sim/scenario/quantity.hpp"

namespace windtunnel::kubernetes {

Field FieldReader::of(const Field& block, std::string_view key) {
  Field out{nullptr, join_path(block.path, key)};
  if (!block || block.node->is(Node::Kind::null)) return out;
  if (!block.node->is(Node::Kind::map)) {
    if (!opened_.insert(block.node).second) return out;
    taken_.insert(block.node);
    refuse(block, fmt::format("is {}, not a block of fields", block.node->describe()), "write `field: value` lines");
    return out;
  }
  opened_.insert(block.node);
  const Node* found = block.node->find(key);
  if (found != nullptr && !found->is(Node::Kind::null)) out.node = found;
  return out;
}

Field FieldReader::down(const Field& block, std::initializer_list<std::string_view> keys) {
  Field at = block;
  for (const auto key : keys) at = of(at, key);
  return at;
}

std::vector<Field> FieldReader::items(const Field& list) {
  std::vector<Field> out;
  if (!list) return out;
  if (!list.node->is(Node::Kind::sequence)) {
    take(list);
    refuse(list, fmt::format("is {}, not a list", list.node->describe()), "write `- ` lines below it");
    return out;
  }
  opened_.insert(list.node);
  for (const auto& item : list.node->items) out.push_back({&item, join_path(list.path, std::to_string(out.size()))});
  return out;
}

std::optional<std::string> FieldReader::text(const Field& field) {
  if (!field) return std::nullopt;
  take(field);
  if (field.node->is(Node::Kind::scalar)) return field.node->text;
  refuse(field, fmt::format("is {}, not a text", field.node->describe()), "write one word or a text in quotes");
  return std::nullopt;
}

std::optional<std::int64_t> FieldReader::whole(const Field& field, std::int64_t least, std::int64_t most) {
  if (!field) return std::nullopt;
  take(field);
  const auto number = field.node->is(Node::Kind::scalar) ? parse_number(field.node->text)
                                                         : Result<double>(Error{"", "is no number", ""});
  if (number && *number >= static_cast<double>(least) && *number <= static_cast<double>(most) &&
      *number == static_cast<double>(static_cast<std::int64_t>(*number)))
    return static_cast<std::int64_t>(*number);
  refuse(field, fmt::format("{} is no whole number in [{}, {}]", field.node->describe(), least, most),
         "write digits without quotes");
  return std::nullopt;
}

std::optional<std::int64_t> FieldReader::milli(const Field& field) {
  if (!field) return std::nullopt;
  take(field);
  if (!field.node->is(Node::Kind::scalar)) {
    refuse(field, fmt::format("is {}, not a quantity", field.node->describe()), "write a number: 500m, 2, 4Gi");
    return std::nullopt;
  }
  const auto parsed = parse_quantity_milli(field.node->text);
  if (parsed && *parsed >= 0) return *parsed;
  if (parsed)
    refuse(field, fmt::format("{} is negative", field.node->text), "write a quantity from 0 on");
  else
    refuse(field, parsed.problems().front().what, parsed.problems().front().hint);
  return std::nullopt;
}

void FieldReader::take(const Field& field) {
  if (field) taken_.insert(field.node);
}

void FieldReader::refuse(const Field& field, std::string what, std::string hint) {
  problems_.add(field ? *field.node : Node{}, field.path, std::move(what), std::move(hint));
}

void FieldReader::list_rest(const Field& field) {
  if (!field || taken_.contains(field.node)) return;
  const Node& node = *field.node;
  const bool says_something = !node.is(Node::Kind::null) && !(node.is(Node::Kind::map) && node.entries.empty()) &&
                              !(node.is(Node::Kind::sequence) && node.items.empty());
  if (!says_something) return;
  if (!opened_.contains(&node)) return problems_.pass_over(node, field.path, "");
  for (const auto& entry : node.entries) {
    if (entry.value.is(Node::Kind::map) || entry.value.is(Node::Kind::sequence)) {
      if (!opened_.contains(&entry.value) && !taken_.contains(&entry.value) &&
          !(entry.value.entries.empty() && entry.value.items.empty())) {
        Node at;  // named by its key's line
        at.line = entry.line;
        at.source = entry.value.source;
        problems_.pass_over(at, join_path(field.path, entry.key), "");
        continue;
      }
    }
    list_rest({&entry.value, join_path(field.path, entry.key)});
  }
  std::size_t index = 0;
  for (const auto& item : node.items) list_rest({&item, join_path(field.path, std::to_string(index++))});
}

}  // namespace windtunnel::kubernetes
