// From tokens to a typed tree, by precedence climbing.
#include <algorithm>
#include <array>
#include <cctype>

#include "policies/promql/query_parser.hpp"

namespace windtunnel::promql {

struct OperatorRow {
  std::string_view name;
  BinaryOp op;
  int binds;  ///< tighter is higher
};

namespace {

constexpr int kDeepestQuery = 100;
constexpr std::uint32_t kMostNodes = 1000;

constexpr std::array<OperatorRow, 16> kOperators = {{{"or", BinaryOp::either, 1},
                                                     {"and", BinaryOp::both, 2},
                                                     {"unless", BinaryOp::unless, 2},
                                                     {"==", BinaryOp::eq, 3},
                                                     {"!=", BinaryOp::ne, 3},
                                                     {">", BinaryOp::gt, 3},
                                                     {"<", BinaryOp::lt, 3},
                                                     {">=", BinaryOp::ge, 3},
                                                     {"<=", BinaryOp::le, 3},
                                                     {"+", BinaryOp::add, 4},
                                                     {"-", BinaryOp::sub, 4},
                                                     {"*", BinaryOp::mul, 5},
                                                     {"/", BinaryOp::div, 5},
                                                     {"%", BinaryOp::mod, 5},
                                                     {"atan2", BinaryOp::atan2, 5},
                                                     {"^", BinaryOp::pow, 6}}};
constexpr int kUnaryBinds = 5, kPowerBinds = 6;

bool compares(BinaryOp op) {
  return op >= BinaryOp::eq && op <= BinaryOp::le;
}
bool is_set_operation(BinaryOp op) {
  return op >= BinaryOp::both;
}

void collect_selectors(const Node& node, std::vector<const Node*>& into) {
  if (node.kind == NodeKind::selector) into.push_back(&node);
  for (const Node& child : node.children) collect_selectors(child, into);
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view name_of(ValueType type) {
  switch (type) {
    case ValueType::scalar: return "a scalar";
    case ValueType::vector: return "an instant vector";
    case ValueType::range: return "a range vector";
    case ValueType::text: return "a string";
  }
  return "";
}

Node QueryParser::run() {
  Node root = expression(0, 0);
  if (now().kind != TokenKind::end) fail(now().column, "unexpected \"" + now().text + "\"");
  if (root.type == ValueType::range || root.type == ValueType::text)
    fail(root.column, std::string("the query is ") + std::string(name_of(root.type)) + ", not a value at an instant",
         "take a function of it: rate(...), avg_over_time(...)");
  return root;
}

void QueryParser::fail(std::size_t column, std::string what, std::string hint) {
  throw BadQuery{Error{column_text(column), std::move(what), std::move(hint)}};
}

Node QueryParser::make(NodeKind kind, std::size_t column, ValueType type) {
  if (nodes_ >= kMostNodes) fail(column, "the query has more than 1000 parts");
  Node node;
  node.kind = kind;
  node.column = column;
  node.type = type;
  node.id = nodes_++;
  return node;
}

const OperatorRow* QueryParser::operator_here() const {
  if (now().kind != TokenKind::sign && now().kind != TokenKind::name) return nullptr;
  const std::string word = lower_case(now().text);
  for (const auto& row : kOperators)
    if (row.name == word) return &row;
  return nullptr;
}

Node QueryParser::expression(int least, int depth) {
  if (depth > kDeepestQuery) fail(now().column, "the query is nested more than 100 deep");
  Node left = unary(depth);
  for (int steps = 0;; ++steps) {
    const OperatorRow* row = operator_here();
    if (row == nullptr || row->binds < least) return left;
    if (steps > kDeepestQuery) fail(now().column, "more than 100 operators in a row", "put parentheses around halves");
    Node node = make(NodeKind::binary, take().column, ValueType::scalar);
    node.op = row->op;
    modifiers(node);
    node.children.push_back(std::move(left));
    node.children.push_back(expression(row->binds == kPowerBinds ? row->binds : row->binds + 1, depth + 1));
    check_binary(node);
    left = std::move(node);
  }
}

Node QueryParser::unary(int depth) {
  if (!is_sign("-") && !is_sign("+")) return postfix(depth);
  const Token sign = take();
  Node inner = expression(kUnaryBinds + 1, depth + 1);
  if (inner.type != ValueType::scalar && inner.type != ValueType::vector)
    fail(sign.column, "a sign stands before " + std::string(name_of(inner.type)));
  if (sign.text == "+") return inner;
  Node node = make(NodeKind::negate, sign.column, inner.type);
  node.children.push_back(std::move(inner));
  return node;
}

void QueryParser::modifiers(Node& node) {
  if (is_word("bool")) {
    if (!compares(node.op)) fail(now().column, "bool follows a comparison only");
    take();
    node.as_bool = true;
  }
  if (is_word("on") || is_word("ignoring")) {
    node.matching.on = lower_case(take().text) == "on";
    node.matching.labels = label_list();
  }
  if (is_word("group_left") || is_word("group_right")) {
    const Token word = take();
    if (is_set_operation(node.op)) fail(word.column, "and, or and unless match many to many; no grouping");
    node.matching.many = lower_case(word.text) == "group_left" ? Matching::Many::left : Matching::Many::right;
    if (is_sign("(")) node.matching.include = label_list();
  }
}

std::vector<std::string> QueryParser::label_list() {
  std::vector<std::string> out;
  expect("(");
  while (!accept(")")) {
    const Token label = take();
    if (label.kind != TokenKind::name || label.text.find(':') != std::string::npos)
      fail(label.column, "expected a label, found \"" + label.text + "\"");
    out.push_back(label.text);
    if (!is_sign(")")) expect(",");
  }
  std::sort(out.begin(), out.end());
  return out;
}

void QueryParser::check_binary(Node& node) {
  const ValueType left = node.children[0].type, right = node.children[1].type;
  for (const Node& side : node.children)
    if (side.type != ValueType::scalar && side.type != ValueType::vector)
      fail(side.column, "an operator takes scalars and instant vectors, not " + std::string(name_of(side.type)));
  const bool scalars = left == ValueType::scalar && right == ValueType::scalar;
  const bool vectors = left == ValueType::vector && right == ValueType::vector;
  if (is_set_operation(node.op) && !vectors) fail(node.column, "and, or and unless take two instant vectors");
  if (compares(node.op) && scalars && !node.as_bool)
    fail(node.column, "comparisons of two scalars need the word bool", "write `== bool`");
  const Matching& m = node.matching;
  if ((m.on || !m.labels.empty() || m.many != Matching::Many::none) && !vectors)
    fail(node.column, "labels are matched between two instant vectors only");
  node.type = scalars ? ValueType::scalar : ValueType::vector;
}

Node QueryParser::postfix(int depth) {
  Node node = primary(depth);
  for (;;) {
    if (is_sign("[")) {
      range(node);
    } else if (is_word("offset")) {
      offset(node);
    } else if (is_sign("@")) {
      fail(now().column, "the @ modifier is not evaluated here", "queries are asked at the instant of the decision");
    } else {
      return node;
    }
  }
}

Node QueryParser::primary(int depth) {
  if (depth > kDeepestQuery) fail(now().column, "the query is nested more than 100 deep");
  const Token token = now();
  if (accept("(")) {
    Node inner = expression(0, depth + 1);
    expect(")");
    return inner;
  }
  if (is_sign("{")) return selector({}, token.column);
  take();
  switch (token.kind) {
    case TokenKind::number: {
      Node node = make(NodeKind::number, token.column, ValueType::scalar);
      node.number = token.number;
      return node;
    }
    case TokenKind::text: {
      Node node = make(NodeKind::text, token.column, ValueType::text);
      node.text = token.text;
      return node;
    }
    case TokenKind::name: return named(token, depth);
    case TokenKind::duration: fail(token.column, "a duration stands in [] or behind offset only", "write seconds");
    default: break;
  }
  fail(token.column, "expected an expression, found \"" + token.text + "\"");
}

std::vector<const Node*> Query::selectors() const {
  std::vector<const Node*> out;
  collect_selectors(root, out);
  return out;
}

Result<Query> parse_query(std::string_view text) {
  auto tokens = cut_query(text);
  if (!tokens) return tokens.problems();
  try {
    QueryParser parser(std::move(*tokens));
    Query query{.text = std::string(text), .root = parser.run(), .nodes = 0};
    query.nodes = parser.nodes();
    return query;
  } catch (const BadQuery& bad) {
    return bad.error;
  }
}

}  // namespace windtunnel::promql
