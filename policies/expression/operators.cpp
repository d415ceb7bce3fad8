#include "policies/expression/operators.hpp"

#include <array>
#include <utility>

namespace windtunnel::expression {
namespace {

constexpr std::array<std::pair<std::string_view, Binary>, 24> kBinary = {{
    {"or", {10, Op::logical_or}},
    {"||", {10, Op::logical_or}},
    {"and", {15, Op::logical_and}},
    {"&&", {15, Op::logical_and}},
    {"==", {20, Op::equal}},
    {"!=", {20, Op::unequal}},
    {"<", {20, Op::less}},
    {">", {20, Op::more}},
    {"<=", {20, Op::less_equal}},
    {">=", {20, Op::more_equal}},
    {"in", {20, Op::in}},
    {"contains", {20, Op::contains}},
    {"startsWith", {20, Op::starts_with}},
    {"endsWith", {20, Op::ends_with}},
    {"..", {25, Op::range}},
    {"+", {30, Op::add}},
    {"-", {30, Op::subtract}},
    {"*", {60, Op::multiply}},
    {"/", {60, Op::divide}},
    {"%", {60, Op::modulo}},
    {"**", {100, Op::power, true}},
    {"^", {100, Op::power, true}},
    {"??", {500, Op::coalesce}},
    {"matches", {20, Op::contains}},  // refused by the parser
}};

}  // namespace

const Binary* binary_operator(std::string_view written) {
  for (const auto& [name, row] : kBinary)
    if (name == written) return &row;
  return nullptr;
}

const Unary* unary_operator(std::string_view written) {
  static constexpr Unary kNot{50, Op::logical_not}, kMinus{90, Op::negate}, kPlus{90, Op::plus};
  if (written == "not" || written == "!") return &kNot;
  if (written == "-") return &kMinus;
  return written == "+" ? &kPlus : nullptr;
}

}  // namespace windtunnel::expression
