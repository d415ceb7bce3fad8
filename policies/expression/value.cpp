#include "policies/expression/value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace windtunnel::expression {
namespace {

// %v of a double is the shortest text that reads back, with an exponent below 1e-4 and from 1e6 on.
std::string real_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  const double size = std::abs(value);
  const bool with_exponent = size != 0 && (size < 1e-4 || size >= 1e6);
  std::array<char, 64> buffer{};
  const auto form = with_exponent ? std::chars_format::scientific : std::chars_format::fixed;
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, form);
  return {buffer.data(), done.ptr};
}

}  // namespace

Value::Value(std::string held)
    : tag_(Tag::text), shared_(std::make_shared<const Held>(Held{.text = std::move(held)})) {}
Value::Value(Array held) : tag_(Tag::array), shared_(std::make_shared<const Held>(Held{.array = std::move(held)})) {}

std::string_view type_name(const Value& value) {
  if (value.is_nil()) return "nil";
  if (value.boolean() != nullptr) return "bool";
  if (value.integer() != nullptr) return "int";
  if (value.real() != nullptr) return "float";
  return value.text() != nullptr ? "string" : "array";
}

bool equal(const Value& a, const Value& b) {
  if (a.is_nil() || b.is_nil()) return a.is_nil() && b.is_nil();
  if (const auto* x = a.integer())
    if (const auto* y = b.integer()) return *x == *y;
  if (a.is_number() && b.is_number()) return a.number() == b.number();
  if (a.boolean() != nullptr && b.boolean() != nullptr) return *a.boolean() == *b.boolean();
  if (a.text() != nullptr && b.text() != nullptr) return *a.text() == *b.text();
  const Array* x = a.array();
  const Array* y = b.array();
  if (x == nullptr || y == nullptr || x->size() != y->size()) return false;
  for (std::size_t i = 0; i < x->size(); ++i)
    if (!equal((*x)[i], (*y)[i])) return false;
  return true;
}

std::int64_t to_integer(double value) {
  constexpr double kEnd = 9223372036854775808.0;  // 2^63
  if (!(value >= -kEnd && value < kEnd)) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

std::string to_text(const Value& value) {
  if (value.is_nil()) return "<nil>";
  if (const auto* held = value.boolean()) return *held ? "true" : "false";
  if (const auto* held = value.integer()) return std::to_string(*held);
  if (const auto* held = value.real()) return real_text(*held);
  if (const auto* held = value.text()) return *held;
  std::string out = "[";
  for (const Value& item : *value.array()) {
    if (out.size() > 1) out += ' ';
    out += to_text(item);
  }
  return out + "]";
}

}  // namespace windtunnel::expression
