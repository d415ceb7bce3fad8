// A formula as instructions for a stack machine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "policies/expression/node.hpp"

namespace windtunnel::expression {

enum class Code : std::uint8_t {
  push,         ///< constant `operand`
  variable,     ///< `operand`
  local,        ///< named by let, `operand`
  store,        ///< top into local `operand`
  item,         ///< #
  item_index,   ///< #index
  accumulator,  ///< #acc
  binary,       ///< op
  equal_integers,
  equal_texts,
  negate,
  logical_not,
  pop,
  jump,  ///< to `operand`
  jump_if_false,
  jump_if_true,
  jump_if_set,  ///< unless nil
  array,        ///< of `operand` values
  fetch,
  slice,
  call,  ///< `builtin` with `operand` arguments
  each,  ///< `builtin` over an array, the predicate is block `operand`, -1: none; with `flag` a start value is on top
  done,  ///< end of a block
};

struct Instruction {
  Code code;
  Op op = Op::plus;
  bool flag = false;
  std::int32_t operand = 0;
  std::int32_t column = 1;
  const Builtin* builtin = nullptr;
};

struct Program {
  std::vector<Instruction> code = {};     ///< all blocks; the first is the formula
  std::vector<std::int32_t> blocks = {};  ///< where each block of a predicate begins
  std::vector<Value> constants = {};
  std::size_t locals = 0;
  std::size_t deepest = 1;  ///< values on the stack at once
};

/// @throws Refused
Program assemble(const Node& root);

/// Runs it. `variables` in the order they were given to the checker.
/// @throws Refused for what goes wrong with these values
Value run(const Program& program, std::span<const Value> variables);

/// A function without predicate.
/// @throws Refused
Value call(const Builtin& builtin, std::span<const Value> arguments, int column);

}  // namespace windtunnel::expression
