// The unit a formula comes out in.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "policies/expression/problem.hpp"
#include "policies/expression/unit.hpp"

namespace windtunnel::expression {

/// A variable of a formula with its unit.
struct Variable {
  std::string name;
  Unit unit;
};

/// What a formula is in: a unit; or no unit of its own, where it is made of plain figures alone ("2 + 3", "x > 1 ? 2 :
/// 1") and so may stand for anything; or true and false, which have none.
struct Dimension {
  enum class Kind { unit, figure, truth } kind = Kind::figure;
  Unit unit = {};
};

/// Sums, differences, comparisons, max, min and branches must be of one unit; a plain figure fits any of them.
/// @return the dimension, or the first problem with its column
std::variant<Dimension, Problem> dimension_of(const std::string& formula, const std::vector<Variable>& variables);

}  // namespace windtunnel::expression
