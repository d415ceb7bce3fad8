// Nodes of a formula being parsed; how many and how deep is bounded.
#include <algorithm>
#include <utility>

#include "policies/expression/formula_parser.hpp"
#include "policies/expression/problem.hpp"

namespace windtunnel::expression {

NodePtr FormulaParser::make(NodeKind kind, int column, std::vector<NodePtr> kids) {
  if (++nodes_ > kMostNodes) refuse(column, "the formula has more than 10000 parts", "shorten it");
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->column = column;
  for (const auto& kid : kids) node->depth = std::max(node->depth, kid->depth + 1);
  if (node->depth > kDeepest) too_deep(column);
  node->kids = std::move(kids);
  return node;
}

NodePtr FormulaParser::constant(Value value, int column) {
  NodePtr node = make(NodeKind::constant, column);
  node->value = std::move(value);
  return node;
}

NodePtr FormulaParser::copy(const Node& from) {
  std::vector<NodePtr> kids;
  for (const auto& kid : from.kids) kids.push_back(copy(*kid));
  NodePtr node = make(from.kind, from.column, std::move(kids));
  node->op = from.op;
  node->builtin = from.builtin;
  node->name = from.name;
  node->value = from.value;
  return node;
}

void FormulaParser::too_deep(int column) {
  refuse_unmodelled(column, "nesting deeper than " + std::to_string(kDeepest) + " levels", "shorten the formula");
}

}  // namespace windtunnel::expression
