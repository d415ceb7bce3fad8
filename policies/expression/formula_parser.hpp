// The parser of one formula: the tokens at hand, and a member for each rule of the grammar of expr-lang/expr v1.17.8
// (parser/parser.go). Parts and depth are bounded. Everything here throws Refused.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policies/expression/node.hpp"
#include "policies/expression/operators.hpp"
#include "policies/expression/token.hpp"

namespace windtunnel::expression {

class FormulaParser {
 public:
  FormulaParser(std::vector<Token> tokens, const std::vector<std::string>& variables)
      : tokens_(std::move(tokens)), variables_(variables) {}

  /// The whole formula.
  NodePtr run();

 private:
  // Tokens.
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }
  [[nodiscard]] bool is_op(std::string_view written) const { return now().is(TokenKind::op, written); }
  [[nodiscard]] bool is_bracket(std::string_view written) const { return now().is(TokenKind::bracket, written); }
  void next() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }
  void expect_op(std::string_view written) { expect(TokenKind::op, written); }
  void expect_bracket(std::string_view written) { expect(TokenKind::bracket, written); }
  [[noreturn]] void unexpected() const;
  void expect(TokenKind kind, std::string_view written);

  // Nodes: parse_nodes.cpp.
  NodePtr make(NodeKind kind, int column, std::vector<NodePtr> kids = {});
  template <class... Kids>
  NodePtr make_of(NodeKind kind, int column, Kids... kids) {
    std::vector<NodePtr> list;
    (list.push_back(std::move(kids)), ...);
    return make(kind, column, std::move(list));
  }
  NodePtr constant(Value value, int column);
  NodePtr copy(const Node& from);
  [[noreturn]] static void too_deep(int column);

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

  // Operators and what is built like them: parser.cpp.
  NodePtr sequence();
  NodePtr expression(int precedence);
  /// Binary operators that bind at least as strongly as `precedence`, to the right of `left`.
  NodePtr operators(NodePtr left, int precedence);
  NodePtr make_binary(NodePtr left, const Token& token, Op op, NodePtr right);
  NodePtr binary(NodePtr left, const Token& token, const Binary& row);
  /// a < b < c is a < b && b < c.
  NodePtr comparison(NodePtr left, Token token, Op op, int precedence);
  NodePtr piped(NodePtr left);
  NodePtr declaration();
  NodePtr if_else();
  NodePtr conditional(NodePtr condition);

  // What stands between operators: parse_operands.cpp.
  NodePtr primary();
  NodePtr pointer();
  NodePtr secondary();
  NodePtr named();
  NodePtr array();
  NodePtr postfix(NodePtr node);
  NodePtr subscript(NodePtr of);

  // Functions: parse_calls.cpp.
  /// @param arguments  what was piped in
  /// @param may_be_hidden  a variable of that name hides the function
  NodePtr call(const Token& name, std::vector<NodePtr> arguments, bool may_be_hidden);
  [[noreturn]] void not_a_function(const Token& name, bool hidden) const;
  void with_predicate(const Builtin& builtin, const Token& name, std::vector<NodePtr>& arguments);
  void plain_arguments(std::vector<NodePtr>& arguments);
  NodePtr predicate();

  std::vector<Token> tokens_;
  const std::vector<std::string>& variables_;
  std::size_t at_ = 0;
  int nodes_ = 0, levels_ = 0, predicates_ = 0;
};

}  // namespace windtunnel::expression
