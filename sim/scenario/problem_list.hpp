// Collects what is wrong with a document, each problem at its place.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/scenario/document.hpp"

namespace windtunnel {

/// A value that was read and has no effect here.
struct PassedOver {
  std::string file;
  int line = 0;
  std::string path;
  std::string why;  ///< may be empty
};

/// Collects the problems of one reading.
class ProblemList {
 public:
  /// A problem with the value `at`, which stands at `path`.
  void add(const Node& at, std::string_view path, std::string what, std::string hint = {});
  [[nodiscard]] bool empty() const { return found_.empty(); }
  /// Further problems are only counted: their text is not worth making.
  [[nodiscard]] bool is_full() const { return found_.size() >= kMostShown; }
  [[nodiscard]] std::size_t size() const { return found_.size(); }
  /// No problem, but worth a word: `at` has no effect.
  void pass_over(const Node& at, std::string_view path, std::string why);
  [[nodiscard]] const std::vector<PassedOver>& passed_over() const { return passed_over_; }
  /// All of them, in the order of the file; at most kMostShown, and how many more.
  [[nodiscard]] Problems in_order() const;

  static constexpr std::size_t kMostShown = 50;

 private:
  struct Found {
    std::string file;  ///< empty where there is no line to sort by
    int line;
    Error error;
  };
  std::vector<Found> found_;
  std::vector<PassedOver> passed_over_;
  std::size_t dropped_ = 0;
};

/// "parent.key", the key quoted when it holds a dot.
std::string join_path(std::string_view parent, std::string_view key);

/// Reports an unknown name of something ("GPU", "policy", ...), with the nearest and the known ones.
void report_unknown(ProblemList& problems, const Node& node, const std::string& path, std::string_view kind,
                    std::string_view name, std::span<const std::string_view> known);

template <class Rows>
std::vector<std::string_view> names_of(const Rows& rows) {
  std::vector<std::string_view> out;
  for (const auto& row : rows) out.push_back(row.name);
  return out;
}

/// The row of a table or registry that `node` names, or nullptr with a problem that lists the known ones.
template <class Rows>
const typename Rows::value_type* find_row(ProblemList& problems, const Node& node, const std::string& path,
                                          std::string_view kind, const Rows& rows) {
  for (const auto& row : rows)
    if (node.is(Node::Kind::scalar) && row.name == node.text) return &row;
  report_unknown(problems, node, path, kind, node.is(Node::Kind::scalar) ? node.text : std::string(), names_of(rows));
  return nullptr;
}

}  // namespace windtunnel
