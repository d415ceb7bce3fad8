// One block of a Kubernetes object: its fields by name, unknown ones refused, each value by its kind.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/document.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel {

/// Each reader returns nothing, with a problem, where the value does not fit; ok() is false then.
class KubeBlock {
 public:
  /// @param node  must outlive the block
  KubeBlock(ProblemList& problems, const Node& node, std::string path, const std::vector<std::string_view>& fields);

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path_of(std::string_view field) const { return join_path(path_, field); }
  /// The field's value; a null counts as left out, as the API server takes it.
  [[nodiscard]] const Node* find(std::string_view field) const;
  /// A problem where it is left out. @param hint  what to write
  const Node* need(std::string_view field, std::string_view hint);

  std::optional<std::int32_t> whole(std::string_view field, std::int32_t least, std::int32_t most);
  std::optional<std::string> text(std::string_view field);
  /// Index of the word among those allowed.
  std::optional<std::size_t> choice(std::string_view field, std::initializer_list<std::string_view> words);
  /// Thousandths.
  std::optional<std::int64_t> quantity(std::string_view field);
  /// The items of a list; none where it is left out.
  const std::vector<Node>* list(std::string_view field);

  /// The field has no effect here, where it is given.
  void pass_over(std::string_view field, std::string why);
  void refuse(std::string_view field, std::string what, std::string hint);
  /// A problem with the block itself.
  void refuse(std::string what, std::string hint);

 private:
  ProblemList& problems_;
  const Node& node_;
  std::string path_;
  bool ok_ = true;
};

}  // namespace windtunnel
