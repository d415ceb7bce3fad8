// The parser of one query: the tokens at hand, and a member for each rule of the grammar. Depth and the number of parts
// are bounded, so no text can run the stack over.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policies/promql/lexer.hpp"
#include "policies/promql/query.hpp"

namespace windtunnel::promql {

/// Thrown inside the parser only: parse_query() catches it.
struct BadQuery {
  Error error;
};

struct OperatorRow;   // parser.cpp
struct AggregateRow;  // parse_call.cpp

/// Keywords and functions may be written in any case.
std::string lower_case(std::string_view text);
/// As a message says it: "an instant vector".
std::string_view name_of(ValueType type);

class QueryParser {
 public:
  explicit QueryParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  /// The whole query. @throws BadQuery
  Node run();
  [[nodiscard]] std::uint32_t nodes() const { return nodes_; }

 private:
  // Tokens.
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }
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
  void expect(std::string_view text) {
    if (!accept(text)) fail(now().column, "expected \"" + std::string(text) + "\", found \"" + now().text + "\"");
  }
  [[noreturn]] static void fail(std::size_t column, std::string what, std::string hint = {});
  Node make(NodeKind kind, std::size_t column, ValueType type);

  // Operators and what stands between them: parser.cpp.
  Node expression(int least, int depth);
  Node unary(int depth);
  void modifiers(Node& node);
  std::vector<std::string> label_list();
  static void check_binary(Node& node);
  Node postfix(int depth);
  Node primary(int depth);
  [[nodiscard]] const OperatorRow* operator_here() const;

  // Functions and aggregates: parse_call.cpp.
  Node named(const Token& name, int depth);
  std::vector<Node> arguments(int depth);
  static void check_argument(const Node& given, ValueType wanted, std::string_view of);
  Node call(const FunctionRow& row, const Token& name, int depth);
  void grouping(Node& node);
  Node aggregate(const AggregateRow& row, const Token& name, int depth);

  // A selector of series, its range and offset: parse_selector.cpp.
  Node selector(const std::string& metric, std::size_t column);
  Matcher matcher(bool has_name);
  void range(Node& node);
  void offset(Node& node);

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::uint32_t nodes_ = 0;
};

}  // namespace windtunnel::promql
