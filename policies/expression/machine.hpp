// The stack machine that runs a program once.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "policies/expression/program.hpp"

namespace windtunnel::expression {

class Machine {
 public:
  Machine(const Program& program, std::span<const Value> variables);

  /// Runs from `at` to the block's end. @return what it leaves on the stack
  Value run_block(std::size_t at);

 private:
  /// One predicate in progress: what #, #index and #acc mean.
  struct Scope {
    const Array* items = nullptr;
    std::size_t index = 0;
    Value accumulator = {};
  };

  void push(Value value) { stack_[top_++] = std::move(value); }
  Value pop() { return std::move(stack_[--top_]); }
  Value& peek() { return stack_[top_ - 1]; }
  void count_elements(std::size_t more, int column);

  void binary(const Instruction& now);
  void equal_of_kind(const Instruction& now);
  void make_array(const Instruction& now);
  void call_function(const Instruction& now);

  // machine_each.cpp
  void each(const Instruction& now);
  Value reduce(const Instruction& now, const Value& items, std::optional<Value> start);
  Value fold_items(const Instruction& now, const Array& items);
  Value predicate(const Instruction& now, std::size_t index);
  bool holds(const Instruction& now, std::size_t index);

  const Program& program_;
  std::span<const Value> variables_;
  std::array<Value, 12> small_{};  // most formulas need no more: nothing is allocated for them
  std::vector<Value> large_;
  std::span<Value> stack_;
  std::size_t top_ = 0;
  std::vector<Value> locals_;
  std::vector<Scope> scopes_;
  std::int64_t elements_ = 0, steps_ = 0;
};

}  // namespace windtunnel::expression
