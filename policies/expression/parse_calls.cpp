// Functions of a formula and their arguments, conditions of arrays among them.
#include <algorithm>
#include <utility>

#include "policies/expression/formula_parser.hpp"
#include "policies/expression/literal.hpp"
#include "policies/expression/problem.hpp"

namespace windtunnel::expression {

NodePtr FormulaParser::call(const Token& name, std::vector<NodePtr> arguments, bool may_be_hidden) {
  const bool hidden = may_be_hidden && std::find(variables_.begin(), variables_.end(), name.value) != variables_.end();
  const Builtin* builtin = hidden ? nullptr : find_builtin(name.value);
  if (builtin == nullptr) not_a_function(name, hidden);
  if (builtin->id == BuiltinId::unmodelled) refuse_unmodelled(name.column, "the function " + name.value);
  if (builtin->takes_predicate)
    with_predicate(*builtin, name, arguments);
  else
    plain_arguments(arguments);
  NodePtr node = make(NodeKind::builtin, name.column, std::move(arguments));
  node->builtin = builtin;
  node->name = name.value;
  return node;
}

void FormulaParser::not_a_function(const Token& name, bool hidden) const {
  if (hidden || std::find(variables_.begin(), variables_.end(), name.value) != variables_.end())
    refuse(name.column, name.value + " is a number and cannot be called");
  std::vector<std::string> known;
  for (const Builtin& row : builtins())
    if (row.id != BuiltinId::unmodelled) known.emplace_back(row.name);
  refuse(name.column, "unknown function " + name.value, nearest_name(name.value, known));
}

void FormulaParser::with_predicate(const Builtin& builtin, const Token& name, std::vector<NodePtr>& arguments) {
  expect_bracket("(");
  bool comma = false;
  const auto separate = [&] {
    if (comma) expect_op(",");
    comma = true;
  };
  if (arguments.empty()) {
    if (is_bracket(")")) refuse(now().column, name.value + " needs an array and a condition");
    separate();
    arguments.push_back(expression(0));
  }
  if (!is_bracket(")")) {
    separate();
    arguments.push_back(predicate());
  } else if (!builtin.predicate_optional) {
    refuse(now().column, name.value + " needs a second argument, with # for the element");
  }
  if (builtin.third_optional && !is_bracket(")")) {
    separate();
    arguments.push_back(expression(0));
  }
  if (is_op(",")) next();
  expect_bracket(")");
}

void FormulaParser::plain_arguments(std::vector<NodePtr>& arguments) {
  const std::size_t offset = arguments.size();
  expect_bracket("(");
  while (!is_bracket(")")) {
    if (arguments.size() > offset) expect_op(",");
    if (is_bracket(")")) break;
    arguments.push_back(expression(0));
  }
  next();
}

NodePtr FormulaParser::predicate() {
  const bool wrapped = is_bracket("{");
  if (wrapped) next();
  ++predicates_;
  NodePtr node = wrapped ? sequence() : expression(0);
  if (!wrapped && is_op(";")) refuse(now().column, "a sequence in a condition", "wrap it in { and }");
  --predicates_;
  if (wrapped) expect_bracket("}");
  return node;
}

}  // namespace windtunnel::expression
