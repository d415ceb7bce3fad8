// Reads `clients` of a workload entry.
#include <algorithm>
#include <array>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

Jitter jitter_of(const std::string& name) {
  return name == "none"    ? Jitter::none
         : name == "equal" ? Jitter::equal
         : name == "full"  ? Jitter::full
                           : Jitter::exponential;
}

// What a reader would write for "as often as it takes".
bool means_for_ever(const Node* attempts) {
  static constexpr std::array<std::string_view, 7> words = {"unlimited", "infinite", "forever", "always",
                                                            "inf",       ".inf",     "0"};
  return attempts != nullptr && attempts->is(Node::Kind::scalar) &&
         std::find(words.begin(), words.end(), attempts->text) != words.end();
}

RetrySpec read_retry(ProblemList& problems, const Node& node, const std::string& path, Node& resolved) {
  if (node.is(Node::Kind::map) && means_for_ever(node.find("attempts"))) {
    problems.add(*node.find("attempts"), join_path(path, "attempts"),
                 "retries without limit: an overload would never end",
                 "write a number from 1 to 1000, e.g. attempts: 3; a deadline ends them too");
    return {};
  }
  const Block block = read_block(problems, &node, path, tables::retry());
  resolved = block.resolved;
  const ParamSet& v = block.values;
  if (block.ok && v.duration("most") < v.duration("first"))
    problems.add(node, path, "most is shorter than first", "raise most or lower first");
  return {.attempts = v.integer("attempts"),
          .first = v.duration("first"),
          .factor = v.number("factor"),
          .most = v.duration("most"),
          .jitter = jitter_of(v.text("jitter"))};
}

std::optional<Law> law_of(const Block& block, std::string_view name) {
  const auto it = block.laws.find(name);
  return it == block.laws.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace

ClientSpec read_clients(ProblemList& problems, const Node& node, const std::string& path, Node& resolved,
                        std::optional<ClosedSpec>& closed) {
  Block block = read_block(problems, &node, path, tables::clients());
  const ParamSet& v = block.values;
  ClientSpec out{.timeout = law_of(block, "timeout"),
                 .only_queued = v.text("applies") == "while_queued",
                 .deadline = v.has("deadline") ? std::optional(v.duration("deadline")) : std::nullopt,
                 .cancel = v.text("cancel") == "none"  ? Cancel::none
                           : v.text("cancel") == "all" ? Cancel::all
                                                       : Cancel::queued,
                 .retry = {}};
  if (!node.is(Node::Kind::map)) return out;
  if (block.ok && out.timeout && !(out.timeout->mean > 0))
    problems.add(*node.find("timeout"), join_path(path, "timeout"), "is 0: nobody would wait at all",
                 "give a time above 0s, or leave it out");
  if (const Node* retry = node.find("retry")) {
    Node as_written;
    out.retry = read_retry(problems, *retry, join_path(path, "retry"), as_written);
    block.resolved.set("retry", std::move(as_written));
  }
  const Node* think = node.find("think");
  if (v.has("count")) {
    const auto law = law_of(block, "think");
    if (think == nullptr)
      problems.add(node, path, "count without think", "write {count: 20, think: 2s}");
    else if (block.ok && law && !(law->mean > 0))
      problems.add(*think, join_path(path, "think"), "is 0: a refused client would ask again at the same instant",
                   "give a time above 0s");
    closed = ClosedSpec{.count = v.integer("count"), .think = law.value_or(Law{})};
  } else if (think != nullptr) {
    problems.add(*think, join_path(path, "think"), "is of a closed loop, and there is no count",
                 "write {count: 20, think: 2s}, or remove think");
  }
  resolved = std::move(block.resolved);
  return out;
}

}  // namespace windtunnel
