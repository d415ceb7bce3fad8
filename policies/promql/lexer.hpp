// PromQL cut into tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel::promql {

enum class TokenKind : std::uint8_t { end, name, number, duration, text, sign };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text{};      ///< of a string: what it means, escapes taken out
  std::size_t column = 1;  ///< bytes from 1 on
  double number = 0;
  std::int64_t duration_ms = 0;
};

/// @return tokens, the last one `end`, or an Error with its column
Result<std::vector<Token>> cut_query(std::string_view text);

/// "column N", as all errors of a query name their place.
std::string column_text(std::size_t column);

}  // namespace windtunnel::promql
