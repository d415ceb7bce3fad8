#include "sim/scenario/keda_metadata.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {

KedaMetadata::KedaMetadata(ProblemList& problems, const Node& trigger, const Node* node, std::string path)
    : problems_(problems), trigger_(trigger), node_(node), path_(std::move(path)) {
  if (node_ == nullptr || node_->is(Node::Kind::map)) return;
  problems_.add(*node_, path_, fmt::format("is {}, not a block of keys", node_->describe()),
                "write `key: \"value\"` lines below it");
  node_ = nullptr;
  ok_ = false;
}

const Node* KedaMetadata::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  const Node* found = node_ == nullptr ? nullptr : node_->find(key);
  if (found == nullptr || found->is(Node::Kind::null)) return nullptr;
  if (found->is(Node::Kind::scalar)) return found;
  if (std::exchange(refused_, key) == key) return nullptr;  // said already
  problems_.add(*found, join_path(path_, key), fmt::format("is {}, not a text", found->describe()),
                "values of metadata are texts: write it in quotes");
  ok_ = false;
  return nullptr;
}

void KedaMetadata::refuse(std::string_view key, std::string what, std::string hint) {
  const Node* found = node_ == nullptr ? nullptr : node_->find(key);
  problems_.add(found == nullptr ? trigger_ : *found, join_path(path_, key), std::move(what), std::move(hint));
  ok_ = false;
}

std::optional<std::string> KedaMetadata::text(std::string_view key) {
  const Node* found = find(key);
  return found == nullptr ? std::nullopt : std::optional(found->text);
}

std::string KedaMetadata::need(std::string_view key, std::string_view doc) {
  const Node* found = find(key);
  if (found != nullptr && !found->text.empty()) return found->text;
  if (found == nullptr && refused_ == key) return {};
  problems_.add(node_ == nullptr ? trigger_ : *node_, path_, fmt::format("{} is missing", key), std::string(doc));
  ok_ = false;
  return {};
}

std::optional<double> KedaMetadata::parse(std::string_view key, const Node& value, std::string_view kind) {
  const auto number = parse_number(value.text);
  if (number) return *number;
  refuse(key, fmt::format("\"{}\" is not {}", one_line(value.text, 40), kind), "write digits, in quotes or without");
  return std::nullopt;
}

double KedaMetadata::number(std::string_view key, double fallback, double least, bool above) {
  const Node* found = find(key);
  if (found == nullptr) return fallback;
  const auto value = parse(key, *found, "a number");
  if (!value) return fallback;
  if (*value > least || (!above && *value == least)) return *value;
  refuse(key, fmt::format("{} is {}{}", one_line(found->text, 40), above ? "not above " : "below ", least),
         above ? fmt::format("write a number above {}", least) : fmt::format("write {} or more", least));
  return fallback;
}

double KedaMetadata::need_number(std::string_view key, std::string_view doc, double least, bool above) {
  if (need(key, doc).empty()) return least + 1;
  return number(key, least + 1, least, above);
}

std::int64_t KedaMetadata::whole(std::string_view key, std::int64_t fallback, std::int64_t least) {
  constexpr double kMost = 1e12;
  const Node* found = find(key);
  if (found == nullptr) return fallback;
  const auto value = parse(key, *found, "a whole number");
  if (!value) return fallback;
  if (*value == std::floor(*value) && *value >= static_cast<double>(least) && *value <= kMost)
    return static_cast<std::int64_t>(*value);
  refuse(key, fmt::format("{} is not a whole number from {} on", one_line(found->text, 40), least),
         fmt::format("write {} or more", least));
  return fallback;
}

bool KedaMetadata::flag(std::string_view key, bool fallback) {
  const Node* found = find(key);
  if (found == nullptr) return fallback;
  if (found->text == "true" || found->text == "false") return found->text == "true";
  refuse(key, fmt::format("\"{}\" is neither true nor false", one_line(found->text, 40)),
         "write \"true\" or \"false\"");
  return fallback;
}

std::size_t KedaMetadata::choice(std::string_view key, std::initializer_list<std::string_view> words,
                                 std::size_t fallback) {
  const Node* found = find(key);
  if (found == nullptr) return fallback;
  const std::vector<std::string_view> known(words);
  const auto at = std::find(known.begin(), known.end(), found->text);
  if (at != known.end()) return static_cast<std::size_t>(at - known.begin());
  refuse(key, fmt::format("unknown {} \"{}\"", key, one_line(found->text, 40)), suggestion(found->text, known));
  return fallback;
}

void KedaMetadata::connection(std::initializer_list<std::string_view> keys) {
  known_.insert(known_.end(), keys);
  for (const auto key : keys)
    if (const Node* given = node_ == nullptr ? nullptr : node_->find(key))
      problems_.pass_over(*given, join_path(path_, key), "where the source is: here it is the model's own");
}

void KedaMetadata::not_modelled(std::initializer_list<std::string_view> keys, std::string_view hint) {
  for (const auto key : keys) {
    known_.push_back(key);
    const Node* found = node_ == nullptr ? nullptr : node_->find(key);
    if (found == nullptr || found->text == "false") continue;
    refuse(key, "is KEDA's, but not modelled here", std::string(hint));
  }
}

void KedaMetadata::finish() {
  if (node_ == nullptr) return;
  for (const auto& entry : node_->entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    Node at = entry.value;
    at.line = entry.line > 0 ? entry.line : at.line;
    problems_.add(at, path_, fmt::format("unknown key \"{}\"", entry.key), suggestion(entry.key, known_));
    ok_ = false;
  }
}

}  // namespace windtunnel
