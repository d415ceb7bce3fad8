// Numbers as a formula writes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policies/expression/token.hpp"
#include "policies/expression/value.hpp"

namespace windtunnel::expression {

/// 12, 1_000, 0x1F, 0b101, 0o17 are whole; 1.5, .5, 2., 1e3 are not.
/// @throws Refused where it is none, or too large
Value literal_value(const Token& token);

/// A text as a double, as strconv.ParseFloat takes it, or as a whole number, as strconv.Atoi does.
/// @return false where it is none
bool parse_real(std::string_view text, double& out);
bool parse_integer(std::string_view text, std::int64_t& out);

/// `did you mean "backlog"? (known: ...)`, or only the known ones.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

}  // namespace windtunnel::expression
