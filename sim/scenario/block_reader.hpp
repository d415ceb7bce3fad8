// Reads one block of keys against its table of parameters: converts, checks limits, fills defaults in, and collects every
// problem with its place.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/core/law.hpp"
#include "sim/core/param.hpp"
#include "sim/scenario/document.hpp"

namespace windtunnel {

/// Collects the problems of one reading.
class ProblemList {
 public:
  /// A problem with the value `at`, which stands at `path`.
  void add(const Node& at, std::string_view path, std::string what, std::string hint = {});
  [[nodiscard]] bool empty() const { return found_.empty(); }
  [[nodiscard]] std::size_t size() const { return found_.size(); }
  /// All of them, in the order of the file; at most kMostShown, and how many more.
  [[nodiscard]] Problems in_order() const;

  static constexpr std::size_t kMostShown = 50;

 private:
  struct Found {
    int line;
    Error error;
  };
  std::vector<Found> found_;
  std::size_t dropped_ = 0;
};

/// A block as read. Every parameter that is required or has a default is there, with a harmless value where the file's
/// was bad: `ok` is false then.
struct Block {
  ParamSet values;
  std::map<std::string, Law, std::less<>> laws;
  Node resolved = Node::map();   ///< defaults filled in, in the order of the table; null where there is nothing to say
  bool ok = true;
};

/// "parent.key", the key quoted when it holds a dot.
std::string join_path(std::string_view parent, std::string_view key);

/// Reads the keys of `node` that `table` knows. Keys of type `block` are only recognised, and read by the caller.
/// @param node  may be null: all defaults
/// @param tables  concatenated; names must differ
Block read_block(ProblemList& problems, const Node* node, const std::string& path,
                 std::span<const std::span<const Param>> tables);
Block read_block(ProblemList& problems, const Node* node, const std::string& path, std::span<const Param> table);

/// Leaves out of `block.resolved` each default that the cross-check would refuse, had the user written it.
void keep_consistent(Block& block, std::span<const Param> table, const std::function<std::string(const ParamSet&)>& check);

/// The row of a registry that `node` names, or nullptr with a problem that lists the known ones.
template <class Rows>
const typename Rows::value_type* find_row(ProblemList& problems, const Node& node, const std::string& path,
                                          std::string_view kind, const Rows& rows);

/// A law where one may stand: a plain amount, or a block with `law`, or with `values`.
/// @param time  amounts are durations
Law read_law(ProblemList& problems, const Node& node, const std::string& path, bool time, bool& ok);
/// The law as a scenario writes it.
Node write_law(const Law& law, bool time);

/// "[0, 1]", "above 0s", ...: the limits of a parameter for people.
std::string limits_text(const Param& param);

/// Reports an unknown name of something ("GPU", "policy", ...), with the nearest and the known ones.
void report_unknown(ProblemList& problems, const Node& node, const std::string& path, std::string_view kind,
                    std::string_view name, std::span<const std::string_view> known);

template <class Rows>
std::vector<std::string_view> names_of(const Rows& rows) {
  std::vector<std::string_view> out;
  for (const auto& row : rows) out.push_back(row.name);
  return out;
}

template <class Rows>
const typename Rows::value_type* find_row(ProblemList& problems, const Node& node, const std::string& path,
                                          std::string_view kind, const Rows& rows) {
  for (const auto& row : rows)
    if (node.is(Node::Kind::scalar) && row.name == node.text) return &row;
  report_unknown(problems, node, path, kind, node.is(Node::Kind::scalar) ? node.text : std::string(), names_of(rows));
  return nullptr;
}

}  // namespace windtunnel
