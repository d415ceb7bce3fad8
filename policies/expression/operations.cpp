#include "policies/expression/operations.hpp"

#include <algorithm>
#include <string>

#include "policies/expression/problem.hpp"

namespace windtunnel::expression {
namespace {

std::string_view sign_of(Op op) {
  switch (op) {
    case Op::less: return "<";
    case Op::more: return ">";
    case Op::less_equal: return "<=";
    case Op::more_equal: return ">=";
    case Op::add: return "+";
    case Op::subtract: return "-";
    case Op::multiply: return "*";
    case Op::divide: return "/";
    case Op::modulo: return "%";
    case Op::power: return "**";
    case Op::in: return "in";
    case Op::range: return "..";
    default: return "this operator";
  }
}

[[noreturn]] void not_for(Op op, const Value& a, const Value& b, int column) {
  const bool nil = a.is_nil() || b.is_nil();
  refuse(column,
         std::string(sign_of(op)) + " does not take " + std::string(type_name(a)) + " and " + std::string(type_name(b)),
         nil ? "say what stands for a missing value with ??" : "");
}

template <class T>
bool ordered(Op op, const T& a, const T& b) {
  switch (op) {
    case Op::less: return a < b;
    case Op::more: return a > b;
    case Op::less_equal: return a <= b;
    default: return a >= b;
  }
}

Value compare(Op op, const Value& a, const Value& b, int column) {
  if (const auto* x = a.integer())
    if (const auto* y = b.integer()) return ordered(op, *x, *y);
  if (a.is_number() && b.is_number()) return ordered(op, a.number(), b.number());
  if (a.text() != nullptr && b.text() != nullptr) return ordered(op, *a.text(), *b.text());
  not_for(op, a, b, column);
}

Value arithmetic(Op op, const Value& a, const Value& b, int column) {
  const auto* x = a.integer();
  const auto* y = b.integer();
  if (x != nullptr && y != nullptr) {
    if (op == Op::add) return wrap_add(*x, *y);
    return op == Op::subtract ? wrap_subtract(*x, *y) : wrap_multiply(*x, *y);
  }
  if (a.is_number() && b.is_number()) {
    if (op == Op::add) return a.number() + b.number();
    return op == Op::subtract ? a.number() - b.number() : a.number() * b.number();
  }
  if (op == Op::add && a.text() != nullptr && b.text() != nullptr) {
    if (a.text()->size() + b.text()->size() > static_cast<std::size_t>(kMostElements))
      refuse(column, "the text grows beyond 1000000 bytes");
    return Value(*a.text() + *b.text());
  }
  not_for(op, a, b, column);
}

Value modulo(const Value& a, const Value& b, int column) {
  const auto* x = a.integer();
  const auto* y = b.integer();
  if (x == nullptr || y == nullptr) not_for(Op::modulo, a, b, column);
  if (*y == 0) refuse(column, "whole number divided by 0");
  return *y == -1 ? std::int64_t{0} : *x % *y;
}

bool in(const Value& a, const Value& b, int column) {
  if (b.is_nil()) return false;
  if (b.array() == nullptr) not_for(Op::in, a, b, column);
  return std::any_of(b.array()->begin(), b.array()->end(), [&](const Value& item) { return equal(item, a); });
}

Value range(const Value& a, const Value& b, int column) {
  const std::int64_t from = whole(a, column);
  const std::int64_t to = whole(b, column);
  const std::int64_t size = wrap_add(wrap_subtract(to, from), 1);
  if (size >= kMostElements) refuse(column, "the range has more than 1000000 elements");
  Array out;
  for (std::int64_t i = 0; i < size; ++i) out.emplace_back(wrap_add(from, i));
  return Value(std::move(out));
}

bool text_relation(Op op, const Value& a, const Value& b, int column) {
  if (a.is_nil() || b.is_nil()) return false;
  if (a.text() == nullptr || b.text() == nullptr) not_for(op, a, b, column);
  if (op == Op::contains) return a.text()->find(*b.text()) != std::string::npos;
  return op == Op::starts_with ? a.text()->starts_with(*b.text()) : a.text()->ends_with(*b.text());
}

}  // namespace

Value apply(Op op, const Value& a, const Value& b, int column) {
  switch (op) {
    case Op::add:
    case Op::subtract:
    case Op::multiply: return arithmetic(op, a, b, column);
    case Op::divide:
      if (!a.is_number() || !b.is_number()) not_for(op, a, b, column);
      return a.number() / b.number();
    case Op::power:
      if (!a.is_number() || !b.is_number()) not_for(op, a, b, column);
      return power(a.number(), b.number());
    case Op::modulo: return modulo(a, b, column);
    case Op::less:
    case Op::more:
    case Op::less_equal:
    case Op::more_equal: return compare(op, a, b, column);
    case Op::equal: return equal(a, b);
    case Op::unequal: return !equal(a, b);
    case Op::in: return in(a, b, column);
    case Op::range: return range(a, b, column);
    case Op::contains:
    case Op::starts_with:
    case Op::ends_with: return text_relation(op, a, b, column);
    default: refuse(column, "internal: no such operator");
  }
}

Value negate(const Value& a, int column) {
  if (const auto* i = a.integer()) return wrap_subtract(0, *i);
  if (const auto* r = a.real()) return -*r;
  refuse(column, "- does not take " + std::string(type_name(a)));
}

bool truth(const Value& a, int column) {
  if (const auto* held = a.boolean()) return *held;
  refuse(column, "a " + std::string(type_name(a)) + " where true or false is needed");
}

std::int64_t whole(const Value& a, int column) {
  if (const auto* i = a.integer()) return *i;
  if (const auto* r = a.real()) return to_integer(*r);
  refuse(column, "a " + std::string(type_name(a)) + " where a whole number is needed");
}

const Value& element(const Value& of, const Value& at, int column) {
  if (of.array() == nullptr) refuse(column, "a " + std::string(type_name(of)) + " has no elements");
  const auto size = static_cast<std::int64_t>(of.array()->size());
  std::int64_t i = whole(at, column);
  if (i < 0) i = wrap_add(size, i);
  if (i < 0 || i >= size) refuse(column, "element " + std::to_string(i) + " of an array of " + std::to_string(size));
  return (*of.array())[static_cast<std::size_t>(i)];
}

Value slice(const Value& of, const Value& from, const Value& to, int column) {
  if (of.array() == nullptr && of.text() == nullptr)
    refuse(column, "a " + std::string(type_name(of)) + " cannot be sliced");
  const auto size = static_cast<std::int64_t>(of.array() != nullptr ? of.array()->size() : of.text()->size());
  const auto bound = [&](const Value& at, std::int64_t left_out) {
    const std::int64_t i = at.is_nil() ? left_out : whole(at, column);
    return std::clamp(i < 0 ? wrap_add(size, i) : i, std::int64_t{0}, size);
  };
  const std::int64_t end = bound(to, size);
  const std::int64_t begin = std::min(bound(from, 0), end);
  if (of.text() != nullptr)
    return Value(of.text()->substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
  return Value(Array(of.array()->begin() + begin, of.array()->begin() + end));
}

}  // namespace windtunnel::expression
