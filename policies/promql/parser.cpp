// From tokens to a typed tree, by precedence climbing. Depth is bounded, so no text can run the stack over.
#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <optional>

#include "policies/promql/lexer.hpp"
#include "policies/promql/query.hpp"

namespace windtunnel::promql {
namespace {

constexpr int kDeepestQuery = 100;
constexpr std::uint32_t kMostNodes = 1000;

struct BadQuery {
  Error error;
};

struct OperatorRow {
  std::string_view name;
  BinaryOp op;
  int binds;  ///< tighter is higher
};
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

struct AggregateRow {
  std::string_view name;
  AggregateOp op;
};
constexpr std::array<AggregateRow, 9> kAggregates = {{{"sum", AggregateOp::sum},
                                                      {"avg", AggregateOp::avg},
                                                      {"min", AggregateOp::min},
                                                      {"max", AggregateOp::max},
                                                      {"count", AggregateOp::count},
                                                      {"group", AggregateOp::group},
                                                      {"stddev", AggregateOp::stddev},
                                                      {"stdvar", AggregateOp::stdvar},
                                                      {"quantile", AggregateOp::quantile}}};

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

bool compares(BinaryOp op) {
  return op >= BinaryOp::eq && op <= BinaryOp::le;
}
bool is_set_operation(BinaryOp op) {
  return op >= BinaryOp::both;
}

class QueryParser {
 public:
  explicit QueryParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Node run() {
    Node root = expression(0, 0);
    if (now().kind != TokenKind::end) fail(now().column, "unexpected \"" + now().text + "\"");
    if (root.type == ValueType::range || root.type == ValueType::text)
      fail(root.column, std::string("the query is ") + std::string(name_of(root.type)) + ", not a value at an instant",
           "take a function of it: rate(...), avg_over_time(...)");
    return root;
  }
  [[nodiscard]] std::uint32_t nodes() const { return nodes_; }

 private:
  [[noreturn]] static void fail(std::size_t column, std::string what, std::string hint = {}) {
    throw BadQuery{Error{column_text(column), std::move(what), std::move(hint)}};
  }
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }
  [[nodiscard]] const Token& after() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  Token take() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }
  [[nodiscard]] bool is_sign(std::string_view text) const {
    return now().kind == TokenKind::sign && now().text == text;
  }
  [[nodiscard]] bool is_word(std::string_view text) const {
    return now().kind == TokenKind::name && lower_case(now().text) == text;
  }
  bool accept(std::string_view text) {
    if (!is_sign(text)) return false;
    take();
    return true;
  }
  bool accept_word(std::string_view text) {
    if (!is_word(text)) return false;
    take();
    return true;
  }
  void expect(std::string_view text) {
    if (!accept(text)) fail(now().column, "expected \"" + std::string(text) + "\", found \"" + now().text + "\"");
  }
  Node make(NodeKind kind, std::size_t column, ValueType type) {
    if (nodes_ >= kMostNodes) fail(column, "the query has more than 1000 parts");
    Node node;
    node.kind = kind;
    node.column = column;
    node.type = type;
    node.id = nodes_++;
    return node;
  }

  [[nodiscard]] const OperatorRow* operator_here() const {
    if (now().kind != TokenKind::sign && now().kind != TokenKind::name) return nullptr;
    const std::string word = lower_case(now().text);
    for (const auto& row : kOperators)
      if (row.name == word) return &row;
    return nullptr;
  }

  Node expression(int least, int depth) {
    if (depth > kDeepestQuery) fail(now().column, "the query is nested more than 100 deep");
    Node left = unary(depth);
    for (int steps = 0;; ++steps) {
      const OperatorRow* row = operator_here();
      if (row == nullptr || row->binds < least) return left;
      if (steps > kDeepestQuery)
        fail(now().column, "more than 100 operators in a row", "put parentheses around halves");
      Node node = make(NodeKind::binary, take().column, ValueType::scalar);
      node.op = row->op;
      modifiers(node);
      node.children.push_back(std::move(left));
      node.children.push_back(expression(row->binds == kPowerBinds ? row->binds : row->binds + 1, depth + 1));
      check_binary(node);
      left = std::move(node);
    }
  }

  Node unary(int depth) {
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

  void modifiers(Node& node) {
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

  std::vector<std::string> label_list() {
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

  static void check_binary(Node& node) {
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

  Node postfix(int depth) {
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

  void range(Node& node) {
    const Token bracket = take();
    const Token length = take();
    if (length.kind != TokenKind::duration)
      fail(length.column, "expected a duration such as 5m, found \"" + length.text + "\"");
    if (is_sign(":")) fail(bracket.column, "a subquery is not evaluated here", "take the function of a series itself");
    expect("]");
    if (node.kind != NodeKind::selector || node.type != ValueType::vector || node.offset_ms != 0)
      fail(bracket.column, "a range stands behind a selector only, and before its offset");
    if (length.duration_ms == 0) fail(length.column, "a range must be above 0");
    node.range_ms = length.duration_ms;
    node.type = ValueType::range;
  }

  void offset(Node& node) {
    const Token word = take();
    const bool back = accept("-");
    const Token length = take();
    if (length.kind != TokenKind::duration)
      fail(length.column, "expected a duration such as 5m, found \"" + length.text + "\"");
    if (node.kind != NodeKind::selector || node.offset_ms != 0)
      fail(word.column, "offset stands once, behind a selector");
    if (back) fail(word.column, "a negative offset looks into the future");
    node.offset_ms = length.duration_ms;
  }

  Node primary(int depth) {
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

  Node named(const Token& name, int depth) {
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

  static std::string known_functions() {
    std::string out = "known:";
    for (const auto& row : kAggregates) out += " " + std::string(row.name) + ",";
    for (const auto& row : function_table()) out += " " + std::string(row.name) + ",";
    out.pop_back();
    return out;
  }

  std::vector<Node> arguments(int depth) {
    std::vector<Node> out;
    expect("(");
    while (!accept(")")) {
      out.push_back(expression(0, depth + 1));
      if (!is_sign(")")) expect(",");
    }
    return out;
  }

  static void check_argument(const Node& given, ValueType wanted, std::string_view of) {
    if (given.type == wanted) return;
    std::string hint;
    if (wanted == ValueType::range && given.kind == NodeKind::selector) hint = "give it a range: [2m]";
    fail(given.column,
         std::string(of) + " takes " + std::string(name_of(wanted)) + " here, not " + std::string(name_of(given.type)),
         hint);
  }

  Node call(const FunctionRow& row, const Token& name, int depth) {
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

  void grouping(Node& node) {
    node.without = lower_case(take().text) == "without";
    node.grouping = label_list();
  }

  Node aggregate(const AggregateRow& row, const Token& name, int depth) {
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

  Node selector(const std::string& metric, std::size_t column) {
    Node node = make(NodeKind::selector, column, ValueType::vector);
    if (!metric.empty()) node.matchers.push_back({.label = std::string(kMetricName), .value = metric});
    if (accept("{")) {
      while (!accept("}")) {
        node.matchers.push_back(matcher(!metric.empty()));
        if (!is_sign("}")) expect(",");
      }
    }
    if (std::all_of(node.matchers.begin(), node.matchers.end(), [](const Matcher& m) { return m.matches(""); }))
      fail(column, "a selector needs a matcher that does not match the empty text", "name the metric");
    return node;
  }

  Matcher matcher(bool has_name) {
    const Token label = take();
    if (label.kind != TokenKind::name || label.text.find(':') != std::string::npos)
      fail(label.column, "expected a label, found \"" + label.text + "\"");
    if (has_name && label.text == kMetricName) fail(label.column, "the metric's name is given twice");
    const Token op = take();
    const Token value = take();
    Matcher out{.label = label.text, .value = value.text};
    if (op.kind != TokenKind::sign || (op.text != "=" && op.text != "!=" && op.text != "=~" && op.text != "!~"))
      fail(op.column, "expected =, !=, =~ or !~, found \"" + op.text + "\"");
    if (value.kind != TokenKind::text) fail(value.column, "expected a quoted text, found \"" + value.text + "\"");
    out.op = op.text == "="    ? MatchOp::equal
             : op.text == "!=" ? MatchOp::not_equal
             : op.text == "=~" ? MatchOp::regex
                               : MatchOp::not_regex;
    if (op.text.ends_with('~')) {
      auto pattern = Pattern::compile(value.text);
      if (!pattern) {
        const Error& error = pattern.problems().front();
        fail(value.column, "the pattern \"" + value.text + "\" " + error.what + " (" + error.where + ")", error.hint);
      }
      out.pattern = std::move(*pattern);
    }
    return out;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::uint32_t nodes_ = 0;
};

void collect_selectors(const Node& node, std::vector<const Node*>& into) {
  if (node.kind == NodeKind::selector) into.push_back(&node);
  for (const Node& child : node.children) collect_selectors(child, into);
}

}  // namespace

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
