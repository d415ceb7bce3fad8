// Which operands an operator takes, and what it gives.
#pragma once

#include "policies/expression/node.hpp"

namespace windtunnel::expression {

/// The type of a unary operation on an operand of that type.
/// @throws Refused
Type type_of_unary(const Node& node, const Type& of);

/// The type of a binary operation.
/// @throws Refused
Type type_of_binary(const Node& node, const Type& l, const Type& r);

}  // namespace windtunnel::expression
