// What the operators do.
#pragma once

#include "policies/expression/node.hpp"

namespace windtunnel::expression {

/// @throws Refused where the operator does not take such values, at `column`
Value apply(Op op, const Value& a, const Value& b, int column);
Value negate(const Value& a, int column);
/// @throws Refused where it is neither true nor false
bool truth(const Value& a, int column);
/// A number as the library's runtime converts it where it needs a whole one.
std::int64_t whole(const Value& a, int column);

/// x to the power y by the steps of Go's math.Pow, so that whole powers are equal to the last bit.
double power(double x, double y);

/// The element `at`, counted from the end when negative.
const Value& element(const Value& of, const Value& at, int column);
/// Elements or bytes from `from` to before `to`; nil for either end.
Value slice(const Value& of, const Value& from, const Value& to, int column);

/// Wrapping arithmetic of 64 bits, as Go's.
inline std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
inline std::int64_t wrap_subtract(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
inline std::int64_t wrap_multiply(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

/// Elements and texts an evaluation may make, as the library's memory budget.
inline constexpr std::int64_t kMostElements = 1'000'000;

}  // namespace windtunnel::expression
