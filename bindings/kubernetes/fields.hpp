// Reads fields of an object and remembers which, so that those nobody read can be listed.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/document.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel::kubernetes {

/// A value of an object and its path in it; no value where the object has none there. A null counts as left out.
struct Field {
  const Node* node = nullptr;
  std::string path;
  explicit operator bool() const { return node != nullptr; }
};

/// Reading a value marks it; reading part of a block or a list opens it: what is in it and unread is listed by its own.
class FieldReader {
 public:
  explicit FieldReader(ProblemList& problems) : problems_(problems) {}

  [[nodiscard]] ProblemList& problems() { return problems_; }
  Field of(const Field& block, std::string_view key);
  /// A path of keys.
  Field down(const Field& block, std::initializer_list<std::string_view> keys);
  std::vector<Field> items(const Field& list);
  /// The value as text, number or whole; a problem where it is not one.
  std::optional<std::string> text(const Field& field);
  std::optional<std::int64_t> whole(const Field& field, std::int64_t least, std::int64_t most);
  /// A quantity, in thousandths.
  std::optional<std::int64_t> milli(const Field& field);
  /// Marks the value and all that is in it.
  void take(const Field& field);
  void refuse(const Field& field, std::string what, std::string hint);
  /// Lists what was not read.
  void list_rest(const Field& field);

 private:
  ProblemList& problems_;
  std::set<const Node*> taken_, opened_;
};

}  // namespace windtunnel::kubernetes
