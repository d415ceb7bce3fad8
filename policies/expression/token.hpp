// The words of a formula.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace windtunnel::expression {

enum class TokenKind : std::uint8_t { name, number, text, op, bracket, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string value = {};  ///< a text without quotes and escapes; else as written
  int column = 1;

  [[nodiscard]] bool is(TokenKind what, std::string_view written) const { return kind == what && value == written; }
};

/// Cuts a formula into its words, the last one of kind `end`.
/// @throws Refused for what is no word of the language
std::vector<Token> tokens_of(std::string_view formula);

}  // namespace windtunnel::expression
