// A formula as a tree.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "policies/expression/builtin.hpp"
#include "policies/expression/type.hpp"
#include "policies/expression/value.hpp"

namespace windtunnel::expression {

enum class NodeKind : std::uint8_t {
  constant,
  name,     ///< a variable, or what `let` named
  pointer,  ///< #, #index, #acc
  unary,    ///< -x, +x, not x
  binary,
  conditional,  ///< condition, then, else
  sequence,     ///< all but the last are computed for nothing
  let,          ///< value, rest
  array,
  index,  ///< of, which
  slice,  ///< of, from or constant nil, to or constant nil
  builtin,
};

enum class Op : std::uint8_t {
  negate,
  plus,
  logical_not,
  logical_or,
  logical_and,
  equal,
  unequal,
  less,
  more,
  less_equal,
  more_equal,
  in,
  contains,
  starts_with,
  ends_with,
  range,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  power,
  coalesce,
};

struct Node {
  NodeKind kind = NodeKind::constant;
  int column = 1;
  Op op = Op::plus;
  const Builtin* builtin = nullptr;
  std::string name = {};  ///< as written: a name, an operator, a pointer without its #
  Value value = {};
  std::vector<std::unique_ptr<Node>> kids = {};
  int depth = 1;       ///< levels below and with it
  Type type = {};      ///< set by the checker
  int slot = -1;       ///< of a variable, set by the checker; of a `let` or its use, counted from 0
  bool local = false;  ///< named by `let`
};

using NodePtr = std::unique_ptr<Node>;

/// The most nodes the Go library takes, and the deepest tree taken here.
inline constexpr int kMostNodes = 10000;
inline constexpr int kDeepest = 250;

/// The tree of a formula. `is_variable` says which names the surroundings define: a function of that name is hidden.
/// @throws Refused
NodePtr parse(const std::string& formula, const std::vector<std::string>& variables);

/// Finds names and checks types, as the Go library does before it compiles.
/// @throws Refused
void check(Node& root, const std::vector<std::string>& variables);

/// Computes what needs no variables, and rewrites what the Go library's optimiser rewrites where that shows.
/// @throws Refused for a division of constants by zero
void fold(NodePtr& root);

}  // namespace windtunnel::expression
