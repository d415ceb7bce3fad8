#include "policies/expression/machine.hpp"

#include "policies/expression/operations.hpp"
#include "policies/expression/problem.hpp"

namespace windtunnel::expression {

Machine::Machine(const Program& program, std::span<const Value> variables)
    : program_(program), variables_(variables), locals_(program.locals) {
  if (program.deepest > small_.size()) large_.resize(program.deepest);
  stack_ = large_.empty() ? std::span<Value>(small_) : std::span<Value>(large_);
}

Value Machine::run_block(std::size_t at) {
  for (;;) {
    const Instruction& now = program_.code[at++];
    switch (now.code) {
      case Code::push: push(program_.constants[static_cast<std::size_t>(now.operand)]); break;
      case Code::variable: push(variables_[static_cast<std::size_t>(now.operand)]); break;
      case Code::local: push(locals_[static_cast<std::size_t>(now.operand)]); break;
      case Code::store: locals_[static_cast<std::size_t>(now.operand)] = pop(); break;
      case Code::item: push((*scopes_.back().items)[scopes_.back().index]); break;
      case Code::item_index: push(static_cast<std::int64_t>(scopes_.back().index)); break;
      case Code::accumulator: push(scopes_.back().accumulator); break;
      case Code::binary: binary(now); break;
      case Code::equal_integers:
      case Code::equal_texts: equal_of_kind(now); break;
      case Code::negate: peek() = negate(peek(), now.column); break;
      case Code::logical_not: peek() = !truth(peek(), now.column); break;
      case Code::pop: --top_; break;
      case Code::jump: at = static_cast<std::size_t>(now.operand); break;
      case Code::jump_if_false:
        if (!truth(peek(), now.column)) at = static_cast<std::size_t>(now.operand);
        break;
      case Code::jump_if_true:
        if (truth(peek(), now.column)) at = static_cast<std::size_t>(now.operand);
        break;
      case Code::jump_if_set:
        if (!peek().is_nil()) at = static_cast<std::size_t>(now.operand);
        break;
      case Code::array: make_array(now); break;
      case Code::fetch: {
        const Value which = pop();
        peek() = Value(element(peek(), which, now.column));
        break;
      }
      case Code::slice: {
        const Value to = pop();
        const Value from = pop();
        peek() = slice(peek(), from, to, now.column);
        break;
      }
      case Code::call: call_function(now); break;
      case Code::each: each(now); break;
      case Code::done: return pop();
    }
  }
}

void Machine::count_elements(std::size_t more, int column) {
  elements_ += static_cast<std::int64_t>(more);
  if (elements_ >= kMostElements) refuse(column, "the arrays have more than 1000000 elements");
}

// Doubles first: all that most formulas do.
void Machine::binary(const Instruction& now) {
  Value& b = stack_[--top_];
  Value& a = peek();
  const double* x = a.real();
  const double* y = b.real();
  if (x != nullptr && y != nullptr) {
    switch (now.op) {
      case Op::add: return a.become(*x + *y);
      case Op::subtract: return a.become(*x - *y);
      case Op::multiply: return a.become(*x * *y);
      case Op::divide: return a.become(*x / *y);
      default: break;
    }
  }
  a = apply(now.op, a, b, now.column);
  if (now.op == Op::range) count_elements(a.array()->size(), now.column);
}

// Where the types say int or string on both sides the library looks at nothing else: a function that gives another kind
// than it declares (mean of whole numbers) makes it fail.
void Machine::equal_of_kind(const Instruction& now) {
  const Value b = pop();
  const Value a = pop();
  const bool fits = now.code == Code::equal_integers ? a.integer() != nullptr && b.integer() != nullptr
                                                     : a.text() != nullptr && b.text() != nullptr;
  if (!fits)
    refuse(
        now.column,
        "a " + std::string(type_name(a)) + " and a " + std::string(type_name(b)) + " where both were to be of one kind",
        "wrap one of the two in float(...)");
  push(equal(a, b) != now.flag);
}

void Machine::make_array(const Instruction& now) {
  const auto size = static_cast<std::size_t>(now.operand);
  count_elements(size, now.column);
  Array items(size);
  for (std::size_t i = size; i-- > 0;) items[i] = pop();
  push(Value(std::move(items)));
}

void Machine::call_function(const Instruction& now) {
  const auto size = static_cast<std::size_t>(now.operand);
  Value result = call(*now.builtin, stack_.subspan(top_ - size, size), now.column);
  if (result.array() != nullptr) count_elements(result.array()->size(), now.column);
  top_ -= size;
  push(std::move(result));
}

Value run(const Program& program, std::span<const Value> variables) {
  return Machine(program, variables).run_block(0);
}

}  // namespace windtunnel::expression
