#include "sim/scenario/kube_block.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sim/scenario/kube_quantity.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {

KubeBlock::KubeBlock(ProblemList& problems, const Node& node, std::string path,
                     const std::vector<std::string_view>& known)
    : problems_(problems), node_(node), path_(std::move(path)) {
  if (!node.is(Node::Kind::map)) {
    refuse(fmt::format("is {}, not a block of fields", node.describe()), "write `field: value` lines below it");
    return;
  }
  for (const auto& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    Node at = entry.value;
    at.line = entry.line > 0 ? entry.line : at.line;
    problems_.add(at, path_, fmt::format("unknown field \"{}\"", entry.key), suggestion(entry.key, known, true));
    ok_ = false;
  }
}

const Node* KubeBlock::find(std::string_view field) const {
  const Node* found = node_.is(Node::Kind::map) ? node_.find(field) : nullptr;
  return found == nullptr || found->is(Node::Kind::null) ? nullptr : found;
}

const Node* KubeBlock::need(std::string_view field, std::string_view hint) {
  const Node* found = find(field);
  if (found == nullptr && node_.is(Node::Kind::map)) refuse(fmt::format("{} is missing", field), std::string(hint));
  return found;
}

void KubeBlock::pass_over(std::string_view field, std::string why) {
  if (const Node* given = find(field)) problems_.pass_over(*given, path_of(field), std::move(why));
}

void KubeBlock::refuse(std::string_view field, std::string what, std::string hint) {
  const Node* at = find(field);
  problems_.add(at == nullptr ? node_ : *at, path_of(field), std::move(what), std::move(hint));
  ok_ = false;
}

void KubeBlock::refuse(std::string what, std::string hint) {
  problems_.add(node_, path_, std::move(what), std::move(hint));
  ok_ = false;
}

std::optional<std::int32_t> KubeBlock::whole(std::string_view field, std::int32_t least, std::int32_t most) {
  const Node* found = find(field);
  if (found == nullptr) return std::nullopt;
  const auto hint = fmt::format("write a whole number in [{}, {}]", least, most);
  if (!found->is(Node::Kind::scalar) || found->quoted) {
    refuse(field, fmt::format("is {}, not a number", found->describe()), hint);
    return std::nullopt;
  }
  const auto number = parse_number(found->text);
  if (!number || *number != static_cast<double>(static_cast<std::int64_t>(std::clamp(*number, -9.0e15, 9.0e15)))) {
    refuse(field, fmt::format("{} is not a whole number", one_line(found->text, 40)), hint);
    return std::nullopt;
  }
  if (*number < least || *number > most) {
    refuse(field, fmt::format("{} is outside [{}, {}]", one_line(found->text, 40), least, most), hint);
    return std::nullopt;
  }
  return static_cast<std::int32_t>(*number);
}

std::optional<std::string> KubeBlock::text(std::string_view field) {
  const Node* found = find(field);
  if (found == nullptr) return std::nullopt;
  if (!found->is(Node::Kind::scalar) || found->text.empty()) {
    refuse(field, fmt::format("is {}, not a text", found->describe()), "write one word or a text in quotes");
    return std::nullopt;
  }
  return found->text;
}

std::optional<std::size_t> KubeBlock::choice(std::string_view field, std::initializer_list<std::string_view> words) {
  const Node* found = find(field);
  if (found == nullptr) return std::nullopt;
  const std::vector<std::string_view> known(words);
  if (found->is(Node::Kind::scalar)) {
    const auto at = std::find(known.begin(), known.end(), found->text);
    if (at != known.end()) return static_cast<std::size_t>(at - known.begin());
  }
  const std::string given = found->is(Node::Kind::scalar) ? found->text : std::string();
  refuse(field,
         given.empty() ? fmt::format("is {}, not one word", found->describe())
                       : fmt::format("unknown {} \"{}\"", field, given),
         suggestion(given, known, true));
  return std::nullopt;
}

std::optional<std::int64_t> KubeBlock::quantity(std::string_view field) {
  const Node* found = find(field);
  if (found == nullptr) return std::nullopt;
  if (!found->is(Node::Kind::scalar)) {
    refuse(field, fmt::format("is {}, not a quantity", found->describe()),
           "write a number with its suffix: 500m, 30, 2Gi");
    return std::nullopt;
  }
  const auto parsed = parse_quantity_milli(found->text);
  if (parsed) return *parsed;
  refuse(field, parsed.problems().front().what, parsed.problems().front().hint);
  return std::nullopt;
}

const std::vector<Node>* KubeBlock::list(std::string_view field) {
  const Node* found = find(field);
  if (found == nullptr) return nullptr;
  if (found->is(Node::Kind::sequence)) return &found->items;
  refuse(field, fmt::format("is {}, not a list", found->describe()), "write `- ` lines below it");
  return nullptr;
}

}  // namespace windtunnel
