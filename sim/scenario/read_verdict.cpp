// Reads `expect` and `compare`: only their form is checked here.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "sim/scenario/overlay.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

constexpr std::string_view kBounds[] = {"below", "at_most", "above", "at_least"};

struct BoundValue {
  double value = 0;
  BoundKind kind = BoundKind::number;
};

/// A plain number, or a quantity turned into seconds, bytes or per second. Whether that is the metric's unit is for
/// those to say who know the metrics.
std::optional<BoundValue> bound_value(const Node& node) {
  struct Form {
    Result<double> (*parse)(std::string_view);
    BoundKind kind;
  };
  constexpr Form kForms[] = {{parse_number, BoundKind::number},
                             {parse_duration_s, BoundKind::duration},
                             {parse_bytes, BoundKind::size},
                             {parse_rate, BoundKind::rate}};
  if (!node.is(Node::Kind::scalar)) return std::nullopt;
  for (const Form& form : kForms) {
    if (node.quoted && form.kind == BoundKind::number) continue;
    if (const auto value = form.parse(node.text)) return BoundValue{*value, form.kind};
  }
  return std::nullopt;
}

void read_expectation(Reading& reading, const Node& node, const std::string& path, Node& all_resolved) {
  auto& problems = reading.problems;
  const Block block = read_block(problems, &node, path, tables::expect());
  if (!node.is(Node::Kind::map) || !block.ok) return;
  ExpectSpec spec{.metric = block.values.text("metric"), .bound = {}, .line = node.line};
  for (const auto bound : kBounds) {
    const Node* value = node.find(bound);
    if (value == nullptr) continue;
    if (!spec.bound.empty()) {
      problems.add(node, path, fmt::format("has two bounds, {} and {}", spec.bound, bound), "make two entries");
      return;
    }
    spec.bound = bound;
    const auto read = bound_value(*value);
    if (!read)
      problems.add(*value, join_path(path, bound),
                   fmt::format("{} is neither a number nor a quantity", value->describe()),
                   "write 0, 8s, 16GiB or 0.8/s");
    spec.value = read.value_or(BoundValue{}).value;
    spec.kind = read.value_or(BoundValue{}).kind;
  }
  if (spec.bound.empty()) {
    problems.add(node, path, "has no bound", "give below, at_most, above or at_least");
    return;
  }
  Node resolved = Node::map();
  resolved.set("metric", Node::scalar(spec.metric));
  resolved.set(spec.bound, Node::scalar(format_number(spec.value)));
  all_resolved.items.push_back(std::move(resolved));
  reading.scenario.expect.push_back(std::move(spec));
}

void read_variant(Reading& reading, const Node& node, const std::string& path, Node& all_resolved) {
  auto& problems = reading.problems;
  const Block block = read_block(problems, &node, path, tables::compare());
  if (!node.is(Node::Kind::map) || !block.ok) return;
  VariantSpec spec{.name = block.values.text("name"), .set = {}};
  check_name(problems, node, path, spec.name);
  const auto& others = reading.scenario.compare;
  if (std::any_of(others.begin(), others.end(), [&](const VariantSpec& v) { return v.name == spec.name; }))
    problems.add(node, path, fmt::format("the name \"{}\" is taken by an earlier variant", spec.name),
                 "names head columns: make them differ");
  Node resolved = Node::map();
  resolved.set("name", Node::scalar(spec.name));
  if (const Node* set = node.find("set")) {
    if (!set->is(Node::Kind::map)) {
      problems.add(*set, join_path(path, "set"), fmt::format("is {}, not path: value", set->describe()),
                   "write {cluster.node_pools.a10.sharing: exclusive}");
      return;
    }
    for (const auto& entry : set->entries) {
      if (!split_path(entry.key))
        problems.add(entry.value, join_path(path, "set"), fmt::format("\"{}\" is not a path", entry.key),
                     "write cluster.node_pools.a10.sharing");
      spec.set.emplace_back(entry.key, write_flow(entry.value));
    }
    resolved.set("set", *set);
  }
  all_resolved.items.push_back(std::move(resolved));
  reading.scenario.compare.push_back(std::move(spec));
}

template <class Read>
void read_list(Reading& reading, const Node& node, std::string_view key, std::string_view hint, Read read) {
  if (!node.is(Node::Kind::sequence)) {
    reading.problems.add(node, key, fmt::format("is {}, not a list", node.describe()), std::string(hint));
    return;
  }
  Node resolved = Node::sequence();
  for (std::size_t i = 0; i < node.items.size(); ++i)
    read(reading, node.items[i], fmt::format("{}.{}", key, i), resolved);
  if (!resolved.items.empty()) reading.resolved.set(key, std::move(resolved));
}

}  // namespace

void read_expect(Reading& reading, const Node& expect) {
  read_list(reading, expect, "expect", "write `- {metric: totals.kills.oom, at_most: 0}`", read_expectation);
}

void read_compare(Reading& reading, const Node& compare) {
  read_list(reading, compare, "compare",
            "write `- {name: MPS, set: {cluster.node_pools.a10.sharing: {mode: mps, replicas: 4}}}`", read_variant);
}

}  // namespace windtunnel
