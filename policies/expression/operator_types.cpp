// As expr-lang/expr v1.17.8 checks its operators (checker/checker.go).
#include "policies/expression/operator_types.hpp"

#include "policies/expression/problem.hpp"

namespace windtunnel::expression {
namespace {

[[noreturn]] void mismatch(const Node& node, const Type& a) {
  refuse(node.column, node.name + " does not take " + name_of(a));
}

[[noreturn]] void mismatch(const Node& node, const Type& a, const Type& b) {
  std::string hint;
  if (node.op == Op::modulo) hint = "% takes whole numbers only: write int(...) on both sides";
  refuse(node.column, node.name + " does not take " + name_of(a) + " and " + name_of(b), hint);
}

Type type_of_in(const Node& node, const Type& l, const Type& r) {
  if (r.kind == Kind::array) {
    if (!comparable(l, r.item())) refuse(node.column, name_of(l) + " cannot be in an array of " + name_of(r.item()));
    return kBooleanType;
  }
  if (r.is_open() || (l.is_open() && r.kind == Kind::text)) return kBooleanType;
  mismatch(node, l, r);
}

Type type_of_coalesce(const Type& l, const Type& r) {
  if (l.kind == Kind::nil) return r;
  if (r.kind == Kind::nil) return l;
  return assignable(r, l) ? l : kOpenType;
}

}  // namespace

Type type_of_unary(const Node& node, const Type& of) {
  if (node.op == Op::logical_not) {
    if (of.kind != Kind::boolean && !of.is_open()) mismatch(node, of);
    return kBooleanType;
  }
  if (!of.is_number() && !of.is_open()) mismatch(node, of);
  return of.is_open() ? kOpenType : of;
}

Type type_of_binary(const Node& node, const Type& l, const Type& r) {
  const bool numbers = l.is_number() && r.is_number();
  const bool texts = l.kind == Kind::text && r.kind == Kind::text;
  const auto fits = [](const Type& t, bool number, bool text) {
    return (number && t.is_number()) || (text && t.kind == Kind::text);
  };
  // One side open, the other of a kind that fits, or both open.
  const auto maybe = [&](bool number, bool text) {
    return (l.is_open() && (r.is_open() || fits(r, number, text))) || (r.is_open() && fits(l, number, text));
  };
  const auto either = [&](Kind kind) { return (l.kind == kind || l.is_open()) && (r.kind == kind || r.is_open()); };
  const Type promoted = l.kind == Kind::real || r.kind == Kind::real ? kRealType : kIntegerType;
  switch (node.op) {
    case Op::equal:
    case Op::unequal:
      if (comparable(l, r)) return kBooleanType;
      break;
    case Op::logical_or:
    case Op::logical_and:
      if (either(Kind::boolean)) return kBooleanType;
      break;
    case Op::less:
    case Op::more:
    case Op::less_equal:
    case Op::more_equal:
      if (numbers || texts || maybe(true, true)) return kBooleanType;
      break;
    case Op::add:
      if (numbers) return promoted;
      if (texts) return kTextType;
      if (maybe(true, true)) return kOpenType;
      break;
    case Op::subtract:
    case Op::multiply:
      if (numbers) return promoted;
      if (maybe(true, false)) return kOpenType;
      break;
    case Op::divide:
    case Op::power:
      if (numbers || maybe(true, false)) return kRealType;
      break;
    case Op::modulo:
      if (either(Kind::integer)) return kIntegerType;
      break;
    case Op::range:
      if (either(Kind::integer)) return array_of(kIntegerType);
      break;
    case Op::in: return type_of_in(node, l, r);
    case Op::contains:
    case Op::starts_with:
    case Op::ends_with:
      if (either(Kind::text)) return kBooleanType;
      break;
    case Op::coalesce: return type_of_coalesce(l, r);
    default: break;
  }
  mismatch(node, l, r);
}

}  // namespace windtunnel::expression
