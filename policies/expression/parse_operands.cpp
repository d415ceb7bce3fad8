// What stands between the operators of a formula: literals, names, brackets, arrays, and what follows them.
#include <utility>

#include "policies/expression/formula_parser.hpp"
#include "policies/expression/literal.hpp"
#include "policies/expression/problem.hpp"

namespace windtunnel::expression {

NodePtr FormulaParser::primary() {
  const Token token = now();
  if (token.kind == TokenKind::op) {
    if (const Unary* row = unary_operator(token.value)) {
      next();
      NodePtr node = make_of(NodeKind::unary, token.column, expression(row->precedence));
      node->op = row->op;
      node->name = token.value;
      return postfix(std::move(node));
    }
  }
  if (is_bracket("(")) {
    next();
    NodePtr inner = sequence();
    expect_bracket(")");
    return postfix(std::move(inner));
  }
  if (predicates_ > 0 && is_op("#")) return pointer();
  if (predicates_ > 0 && is_op(".")) refuse_unmodelled(token.column, "a field of an element (.name)");
  if (is_op("::")) {
    next();
    const Token name = now();
    if (name.kind != TokenKind::name) unexpected();
    next();
    return postfix(call(name, {}, false));
  }
  return secondary();
}

NodePtr FormulaParser::pointer() {
  const int column = now().column;
  next();
  NodePtr node = make(NodeKind::pointer, column);
  if (now().kind == TokenKind::name) {
    node->name = now().value;
    next();
  }
  return postfix(std::move(node));
}

NodePtr FormulaParser::secondary() {
  const Token token = now();
  switch (token.kind) {
    case TokenKind::name: return named();
    case TokenKind::number: next(); return constant(literal_value(token), token.column);
    case TokenKind::text: next(); return postfix(constant(Value(token.value), token.column));
    default: break;
  }
  if (is_bracket("[")) return postfix(array());
  if (is_bracket("{")) refuse_unmodelled(token.column, "a map { }");
  unexpected();
}

NodePtr FormulaParser::named() {
  const Token token = now();
  next();
  if (token.value == "true" || token.value == "false") return constant(token.value == "true", token.column);
  if (token.value == "nil") return constant({}, token.column);
  if (token.value == "$env") refuse_unmodelled(token.column, "$env", "name the value itself");
  if (is_bracket("(")) return postfix(call(token, {}, true));
  NodePtr node = make(NodeKind::name, token.column);
  node->name = token.value;
  return postfix(std::move(node));
}

NodePtr FormulaParser::array() {
  const int column = now().column;
  next();
  std::vector<NodePtr> items;
  while (!is_bracket("]")) {
    if (!items.empty()) expect_op(",");
    if (is_bracket("]") && !items.empty()) break;
    items.push_back(expression(0));
  }
  next();
  return make(NodeKind::array, column, std::move(items));
}

NodePtr FormulaParser::postfix(NodePtr node) {
  for (;;) {
    if (is_op(".") || is_op("?."))
      refuse_unmodelled(now().column, is_op(".") ? "a field (.name)" : "optional chaining (?.)");
    if (!is_bracket("[")) return node;
    node = subscript(std::move(node));
  }
}

NodePtr FormulaParser::subscript(NodePtr of) {
  const int column = now().column;
  next();
  NodePtr from = is_op(":") ? nullptr : expression(0);
  if (from && !is_op(":")) {
    expect_bracket("]");
    return make_of(NodeKind::index, column, std::move(of), std::move(from));
  }
  next();
  NodePtr to = is_bracket("]") ? nullptr : expression(0);
  expect_bracket("]");
  if (!from) from = constant({}, column);
  if (!to) to = constant({}, column);
  return make_of(NodeKind::slice, column, std::move(of), std::move(from), std::move(to));
}

}  // namespace windtunnel::expression
