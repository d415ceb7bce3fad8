// Functions and aggregates of a query.
#include <array>
#include <limits>
#include <utility>

#include "policies/promql/query_parser.hpp"

namespace windtunnel::promql {

struct AggregateRow {
  std::string_view name;
  AggregateOp op;
};

namespace {

constexpr std::array<AggregateRow, 9> kAggregates = {{{"sum", AggregateOp::sum},
                                                      {"avg", AggregateOp::avg},
                                                      {"min", AggregateOp::min},
                                                      {"max", AggregateOp::max},
                                                      {"count", AggregateOp::count},
                                                      {"group", AggregateOp::group},
                                                      {"stddev", AggregateOp::stddev},
                                                      {"stdvar", AggregateOp::stdvar},
                                                      {"quantile", AggregateOp::quantile}}};

std::string known_functions() {
  std::string out = "known:";
  for (const auto& row : kAggregates) out += " " + std::string(row.name) + ",";
  for (const auto& row : function_table()) out += " " + std::string(row.name) + ",";
  out.pop_back();
  return out;
}

}  // namespace

Node QueryParser::named(const Token& name, int depth) {
  const std::string word = lower_case(name.text);
  if (word == "inf" || word == "nan") {
    Node node = make(NodeKind::number, name.column, ValueType::scalar);
    node.number = word == "inf" ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    return node;
  }
  const bool called = is_sign("(") || is_word("by") || is_word("without");
  if (called)
    for (const auto& row : kAggregates)
      if (row.name == word) return aggregate(row, name, depth);
  if (!called || !is_sign("(")) return selector(name.text, name.column);
  for (const auto& row : function_table())
    if (row.name == name.text) return call(row, name, depth);
  if (is_unsupported_function(word)) fail(name.column, name.text + " is not evaluated here", known_functions());
  fail(name.column, "unknown function \"" + name.text + "\"", known_functions());
}

std::vector<Node> QueryParser::arguments(int depth) {
  std::vector<Node> out;
  expect("(");
  while (!accept(")")) {
    out.push_back(expression(0, depth + 1));
    if (!is_sign(")")) expect(",");
  }
  return out;
}

void QueryParser::check_argument(const Node& given, ValueType wanted, std::string_view of) {
  if (given.type == wanted) return;
  std::string hint;
  if (wanted == ValueType::range && given.kind == NodeKind::selector) hint = "give it a range: [2m]";
  fail(given.column,
       std::string(of) + " takes " + std::string(name_of(wanted)) + " here, not " + std::string(name_of(given.type)),
       hint);
}

Node QueryParser::call(const FunctionRow& row, const Token& name, int depth) {
  Node node = make(NodeKind::call, name.column, row.returns);
  node.function = &row;
  node.children = arguments(depth);
  const std::size_t n = node.children.size();
  if (n > row.takes.size() || n + row.optional < row.takes.size())
    fail(name.column,
         name.text + " takes " + std::to_string(row.takes.size()) + " arguments, not " + std::to_string(n));
  for (std::size_t i = 0; i < n; ++i) check_argument(node.children[i], row.takes[i], name.text);
  return node;
}

void QueryParser::grouping(Node& node) {
  node.without = lower_case(take().text) == "without";
  node.grouping = label_list();
}

Node QueryParser::aggregate(const AggregateRow& row, const Token& name, int depth) {
  Node node = make(NodeKind::aggregate, name.column, ValueType::vector);
  node.aggregate = row.op;
  const bool before = !is_sign("(");
  if (before) grouping(node);
  node.children = arguments(depth);
  if (!before && (is_word("by") || is_word("without"))) grouping(node);
  const std::size_t wanted = row.op == AggregateOp::quantile ? 2 : 1;
  if (node.children.size() != wanted)
    fail(name.column,
         name.text + " takes " + std::to_string(wanted) + " arguments, not " + std::to_string(node.children.size()));
  if (wanted == 2) {
    check_argument(node.children[0], ValueType::scalar, name.text);
    std::swap(node.children[0], node.children[1]);
  }
  check_argument(node.children[0], ValueType::vector, name.text);
  return node;
}

}  // namespace windtunnel::promql
