// Which arguments a function takes, and what it gives.
#pragma once

#include <vector>

#include "policies/expression/node.hpp"

namespace windtunnel::expression {

/// The type of a call without predicate.
/// @throws Refused
Type type_of_call(const Node& call, const std::vector<Type>& arguments);

}  // namespace windtunnel::expression
