// Operators and how strongly they bind.
#pragma once

#include <string_view>

#include "policies/expression/node.hpp"

namespace windtunnel::expression {

struct Binary {
  int precedence;
  Op op;
  bool right = false;  ///< binds to the right
};

/// The row of an operator, nullptr where it is none; the table of expr-lang/expr v1.17.8 (parser/operator). `??` binds
/// tighter than anything; `|` is not in it.
const Binary* binary_operator(std::string_view written);

struct Unary {
  int precedence;
  Op op;
};
const Unary* unary_operator(std::string_view written);

inline bool is_ordering(Op op) {
  return op == Op::less || op == Op::more || op == Op::less_equal || op == Op::more_equal;
}

}  // namespace windtunnel::expression
