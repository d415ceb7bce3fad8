// A Pratt parser with the grammar of expr-lang/expr v1.17.8 (parser/parser.go).
#include <algorithm>
#include <utility>

#include "policies/expression/literal.hpp"
#include "policies/expression/node.hpp"
#include "policies/expression/operators.hpp"
#include "policies/expression/problem.hpp"
#include "policies/expression/token.hpp"

namespace windtunnel::expression {
namespace {

class FormulaParser {
 public:
  FormulaParser(std::vector<Token> tokens, const std::vector<std::string>& variables)
      : tokens_(std::move(tokens)), variables_(variables) {}

  NodePtr run() {
    NodePtr root = sequence();
    if (now().kind != TokenKind::end) unexpected();
    return root;
  }

 private:
  // Tokens.
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }
  [[nodiscard]] bool is_op(std::string_view written) const { return now().is(TokenKind::op, written); }
  [[nodiscard]] bool is_bracket(std::string_view written) const { return now().is(TokenKind::bracket, written); }
  void next() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }
  [[noreturn]] void unexpected() const {
    const Token& token = now();
    if (token.kind == TokenKind::end) refuse(token.column, "the formula ends too early", "something is missing here");
    if (token.is(TokenKind::op, "=")) refuse(token.column, "unexpected \"=\"", "equality is written ==");
    if (token.is(TokenKind::op, "&")) refuse(token.column, "unexpected \"&\"", "and is written && or and");
    refuse(token.column, "unexpected \"" + token.value + "\"");
  }
  void expect(TokenKind kind, std::string_view written) {
    if (!now().is(kind, written)) {
      if (now().kind == TokenKind::end)
        refuse(now().column, "the formula ends where \"" + std::string(written) + "\" should stand");
      unexpected();
    }
    next();
  }
  void expect_op(std::string_view written) { expect(TokenKind::op, written); }
  void expect_bracket(std::string_view written) { expect(TokenKind::bracket, written); }

  // Nodes.
  NodePtr make(NodeKind kind, int column, std::vector<NodePtr> kids = {}) {
    if (++nodes_ > kMostNodes) refuse(column, "the formula has more than 10000 parts", "shorten it");
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->column = column;
    for (const auto& kid : kids) node->depth = std::max(node->depth, kid->depth + 1);
    if (node->depth > kDeepest) too_deep(column);
    node->kids = std::move(kids);
    return node;
  }
  template <class... Kids>
  NodePtr make_of(NodeKind kind, int column, Kids... kids) {
    std::vector<NodePtr> list;
    (list.push_back(std::move(kids)), ...);
    return make(kind, column, std::move(list));
  }
  NodePtr constant(Value value, int column) {
    NodePtr node = make(NodeKind::constant, column);
    node->value = std::move(value);
    return node;
  }
  NodePtr copy(const Node& from) {
    std::vector<NodePtr> kids;
    for (const auto& kid : from.kids) kids.push_back(copy(*kid));
    NodePtr node = make(from.kind, from.column, std::move(kids));
    node->op = from.op;
    node->builtin = from.builtin;
    node->name = from.name;
    node->value = from.value;
    return node;
  }
  [[noreturn]] static void too_deep(int column) {
    refuse_unmodelled(column, "nesting deeper than " + std::to_string(kDeepest) + " levels", "shorten the formula");
  }

  /// Counts levels of brackets and operators, which the stack must hold.
  struct Level {
    explicit Level(FormulaParser& parser) : parser_(parser) {
      if (++parser_.levels_ > kDeepest) too_deep(parser_.now().column);
    }
    ~Level() { --parser_.levels_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    FormulaParser& parser_;
  };

  // Grammar.
  NodePtr sequence() {
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

  NodePtr expression(int precedence) {
    const Level level(*this);
    if (precedence == 0 && is_op("let")) return declaration();
    if (precedence == 0 && is_op("if")) return if_else();
    NodePtr left = operators(primary(), precedence);
    if (precedence == 0)
      while (is_op("?")) left = conditional(std::move(left));
    return left;
  }

  /// Binary operators that bind at least as strongly as `precedence`, to the right of `left`.
  NodePtr operators(NodePtr left, int precedence) {
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

  static bool is_negatable(std::string_view op) {
    return op == "in" || op == "contains" || op == "matches" || op == "startsWith" || op == "endsWith";
  }

  NodePtr make_binary(NodePtr left, const Token& token, Op op, NodePtr right) {
    NodePtr node = make_of(NodeKind::binary, token.column, std::move(left), std::move(right));
    node->op = op;
    node->name = token.value;
    return node;
  }

  NodePtr binary(NodePtr left, const Token& token, const Binary& row) {
    NodePtr right = expression(row.right ? row.precedence : row.precedence + 1);
    return make_binary(std::move(left), token, row.op, std::move(right));
  }

  /// a < b < c is a < b && b < c.
  NodePtr comparison(NodePtr left, Token token, Op op, int precedence) {
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

  NodePtr piped(NodePtr left) {
    if (now().kind != TokenKind::name) unexpected();
    const Token name = now();
    next();
    std::vector<NodePtr> arguments;
    arguments.push_back(std::move(left));
    return call(name, std::move(arguments), true);
  }

  NodePtr declaration() {
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

  NodePtr if_else() {
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

  NodePtr conditional(NodePtr condition) {
    const int column = now().column;
    next();
    NodePtr then = is_op(":") ? copy(*condition) : expression(0);
    expect_op(":");
    return make_of(NodeKind::conditional, column, std::move(condition), std::move(then), expression(0));
  }

  NodePtr primary() {
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

  NodePtr pointer() {
    const int column = now().column;
    next();
    NodePtr node = make(NodeKind::pointer, column);
    if (now().kind == TokenKind::name) {
      node->name = now().value;
      next();
    }
    return postfix(std::move(node));
  }

  NodePtr secondary() {
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

  NodePtr named() {
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

  NodePtr array() {
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

  /// @param arguments  what was piped in
  /// @param may_be_hidden  a variable of that name hides the function
  NodePtr call(const Token& name, std::vector<NodePtr> arguments, bool may_be_hidden) {
    const bool hidden =
        may_be_hidden && std::find(variables_.begin(), variables_.end(), name.value) != variables_.end();
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

  [[noreturn]] void not_a_function(const Token& name, bool hidden) const {
    if (hidden || std::find(variables_.begin(), variables_.end(), name.value) != variables_.end())
      refuse(name.column, name.value + " is a number and cannot be called");
    std::vector<std::string> known;
    for (const Builtin& row : builtins())
      if (row.id != BuiltinId::unmodelled) known.emplace_back(row.name);
    refuse(name.column, "unknown function " + name.value, nearest_name(name.value, known));
  }

  void with_predicate(const Builtin& builtin, const Token& name, std::vector<NodePtr>& arguments) {
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

  void plain_arguments(std::vector<NodePtr>& arguments) {
    const std::size_t offset = arguments.size();
    expect_bracket("(");
    while (!is_bracket(")")) {
      if (arguments.size() > offset) expect_op(",");
      if (is_bracket(")")) break;
      arguments.push_back(expression(0));
    }
    next();
  }

  NodePtr predicate() {
    const bool wrapped = is_bracket("{");
    if (wrapped) next();
    ++predicates_;
    NodePtr node = wrapped ? sequence() : expression(0);
    if (!wrapped && is_op(";")) refuse(now().column, "a sequence in a condition", "wrap it in { and }");
    --predicates_;
    if (wrapped) expect_bracket("}");
    return node;
  }

  NodePtr postfix(NodePtr node) {
    for (;;) {
      if (is_op(".") || is_op("?."))
        refuse_unmodelled(now().column, is_op(".") ? "a field (.name)" : "optional chaining (?.)");
      if (!is_bracket("[")) return node;
      node = subscript(std::move(node));
    }
  }

  NodePtr subscript(NodePtr of) {
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

  std::vector<Token> tokens_;
  const std::vector<std::string>& variables_;
  std::size_t at_ = 0;
  int nodes_ = 0, levels_ = 0, predicates_ = 0;
};

}  // namespace

NodePtr parse(const std::string& formula, const std::vector<std::string>& variables) {
  return FormulaParser(tokens_of(formula), variables).run();
}

}  // namespace windtunnel::expression
