// What is known of a value before it is computed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace windtunnel::expression {

/// `unknown` is the result of an operation that could give either of two kinds, `any` what a function declares; the
/// library treats them alike but in one place (which of two branches gives its type to a conditional).
enum class Kind : std::uint8_t { unknown, any, nil, boolean, integer, real, text, array };

struct Type {
  Kind kind = Kind::unknown;
  std::shared_ptr<const Type> element = {};  ///< of an array; empty: any

  [[nodiscard]] bool is_open() const { return kind == Kind::unknown || kind == Kind::any; }
  [[nodiscard]] bool is_number() const { return kind == Kind::integer || kind == Kind::real; }
  [[nodiscard]] Type item() const { return element ? *element : Type{.kind = Kind::any}; }
};

inline const Type kBooleanType{.kind = Kind::boolean};
inline const Type kIntegerType{.kind = Kind::integer};
inline const Type kRealType{.kind = Kind::real};
inline const Type kTextType{.kind = Kind::text};
inline const Type kOpenType{};

inline Type array_of(Type element) {
  return {.kind = Kind::array, .element = std::make_shared<const Type>(std::move(element))};
}

inline std::string name_of(const Type& type) {
  switch (type.kind) {
    case Kind::nil: return "nil";
    case Kind::boolean: return "bool";
    case Kind::integer: return "int";
    case Kind::real: return "float";
    case Kind::text: return "string";
    case Kind::array: return "array";
    default: return "unknown";
  }
}

/// What may stand for the other without a conversion.
inline bool assignable(const Type& from, const Type& to) {
  if (from.kind == Kind::nil) return to.kind == Kind::any || to.kind == Kind::array;
  if (from.kind == Kind::unknown || to.kind == Kind::unknown || to.kind == Kind::nil) return false;
  return from.kind == to.kind || to.kind == Kind::any;
}

inline bool comparable(const Type& a, const Type& b) {
  return a.is_open() || b.is_open() || a.kind == Kind::nil || b.kind == Kind::nil || (a.is_number() && b.is_number()) ||
         (a.kind == Kind::array && b.kind == Kind::array) || assignable(a, b);
}

}  // namespace windtunnel::expression
