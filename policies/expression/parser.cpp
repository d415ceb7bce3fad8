// Operators by how strongly they bind, conditionals, declarations: a Pratt parser.
#include <utility>

#include "policies/expression/formula_parser.hpp"
#include "policies/expression/problem.hpp"

namespace windtunnel::expression {
namespace {

bool is_negatable(std::string_view op) {
  return op == "in" || op == "contains" || op == "matches" || op == "startsWith" || op == "endsWith";
}

}  // namespace

NodePtr FormulaParser::run() {
  NodePtr root = sequence();
  if (now().kind != TokenKind::end) unexpected();
  return root;
}

void FormulaParser::unexpected() const {
  const Token& token = now();
  if (token.kind == TokenKind::end) refuse(token.column, "the formula ends too early", "something is missing here");
  if (token.is(TokenKind::op, "=")) refuse(token.column, "unexpected \"=\"", "equality is written ==");
  if (token.is(TokenKind::op, "&")) refuse(token.column, "unexpected \"&\"", "and is written && or and");
  refuse(token.column, "unexpected \"" + token.value + "\"");
}

void FormulaParser::expect(TokenKind kind, std::string_view written) {
  if (!now().is(kind, written)) {
    if (now().kind == TokenKind::end)
      refuse(now().column, "the formula ends where \"" + std::string(written) + "\" should stand");
    unexpected();
  }
  next();
}

NodePtr FormulaParser::sequence() {
  std::vector<NodePtr> parts;
  parts.push_back(expression(0));
  while (is_op(";")) {
    next();
    if (now().kind == TokenKind::end) break;
    parts.push_back(expression(0));
  }
  if (parts.size() == 1) return std::move(parts.front());
  const int column = parts.front()->column;
  return make(NodeKind::sequence, column, std::move(parts));
}

NodePtr FormulaParser::expression(int precedence) {
  const Level level(*this);
  if (precedence == 0 && is_op("let")) return declaration();
  if (precedence == 0 && is_op("if")) return if_else();
  NodePtr left = operators(primary(), precedence);
  if (precedence == 0)
    while (is_op("?")) left = conditional(std::move(left));
  return left;
}

NodePtr FormulaParser::operators(NodePtr left, int precedence) {
  std::string previous;
  while (now().kind == TokenKind::op) {
    const std::size_t before = at_;
    const bool negated = is_op("not");
    const int not_column = now().column;
    if (negated) next();  // "not in" and its like
    const Token token = now();
    if (token.is(TokenKind::op, "|") && precedence == 0 && !negated) {
      next();
      left = piped(std::move(left));
      previous.assign(1, '|');
      continue;
    }
    const Binary* row = binary_operator(token.value);
    if (negated && (row == nullptr || !is_negatable(token.value))) unexpected();
    if (row == nullptr || row->precedence < precedence) {
      at_ = before;
      break;
    }
    if (token.value == "matches") refuse_unmodelled(token.column, "the operator matches");
    next();
    if (previous == "??" && token.value != "??")
      refuse(token.column, "\"" + token.value + "\" after ??", "put one of the two into brackets");
    left = is_ordering(row->op) ? comparison(std::move(left), token, row->op, row->precedence)
                                : binary(std::move(left), token, *row);
    if (negated) {
      left = make_of(NodeKind::unary, not_column, std::move(left));
      left->op = Op::logical_not;
      left->name = "not";
    }
    previous = token.value;
  }
  return left;
}

NodePtr FormulaParser::make_binary(NodePtr left, const Token& token, Op op, NodePtr right) {
  NodePtr node = make_of(NodeKind::binary, token.column, std::move(left), std::move(right));
  node->op = op;
  node->name = token.value;
  return node;
}

NodePtr FormulaParser::binary(NodePtr left, const Token& token, const Binary& row) {
  NodePtr right = expression(row.right ? row.precedence : row.precedence + 1);
  return make_binary(std::move(left), token, row.op, std::move(right));
}

NodePtr FormulaParser::comparison(NodePtr left, Token token, Op op, int precedence) {
  NodePtr root;
  for (;;) {
    NodePtr right = expression(precedence + 1);
    const Binary* row = now().kind == TokenKind::op ? binary_operator(now().value) : nullptr;
    const bool goes_on = row != nullptr && is_ordering(row->op);
    NodePtr middle = goes_on ? copy(*right) : nullptr;  // a tree has no shared branches
    NodePtr one = make_binary(std::move(left), token, op, std::move(right));
    if (!root) {
      root = std::move(one);
    } else {
      root = make_binary(std::move(root), token, Op::logical_and, std::move(one));
      root->name = "&&";
    }
    if (!goes_on) return root;
    token = now();
    op = row->op;
    left = std::move(middle);
    next();
  }
}

NodePtr FormulaParser::piped(NodePtr left) {
  if (now().kind != TokenKind::name) unexpected();
  const Token name = now();
  next();
  std::vector<NodePtr> arguments;
  arguments.push_back(std::move(left));
  return call(name, std::move(arguments), true);
}

NodePtr FormulaParser::declaration() {
  next();
  const Token name = now();
  if (name.kind != TokenKind::name) unexpected();
  next();
  expect_op("=");
  NodePtr value = expression(0);
  expect_op(";");
  NodePtr node = make_of(NodeKind::let, name.column, std::move(value), sequence());
  node->name = name.value;
  return node;
}

NodePtr FormulaParser::if_else() {
  const Level level(*this);
  const int column = now().column;
  next();
  NodePtr condition = expression(0);
  expect_bracket("{");
  NodePtr then = sequence();
  expect_bracket("}");
  expect_op("else");
  NodePtr otherwise;
  if (is_op("if")) {
    otherwise = if_else();
  } else {
    expect_bracket("{");
    otherwise = sequence();
    expect_bracket("}");
  }
  return make_of(NodeKind::conditional, column, std::move(condition), std::move(then), std::move(otherwise));
}

NodePtr FormulaParser::conditional(NodePtr condition) {
  const int column = now().column;
  next();
  NodePtr then = is_op(":") ? copy(*condition) : expression(0);
  expect_op(":");
  return make_of(NodeKind::conditional, column, std::move(condition), std::move(then), expression(0));
}

NodePtr parse(const std::string& formula, const std::vector<std::string>& variables) {
  return FormulaParser(tokens_of(formula), variables).run();
}

}  // namespace windtunnel::expression
