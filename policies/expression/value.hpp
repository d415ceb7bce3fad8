// What a formula computes with: nil, true and false, whole numbers, doubles, texts and arrays of these.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace windtunnel::expression {

class Value;
using Array = std::vector<Value>;

/// What a text or an array holds.
struct Held;

/// One value. Texts and arrays are never changed once made, so copies share them.
class Value {
 public:
  Value() = default;                                                // nil
  Value(bool held) : tag_(Tag::boolean), boolean_(held) {}          // NOLINT(google-explicit-constructor)
  Value(std::int64_t held) : tag_(Tag::integer), integer_(held) {}  // NOLINT(google-explicit-constructor)
  Value(double held) : tag_(Tag::real), real_(held) {}              // NOLINT(google-explicit-constructor)
  explicit Value(std::string held);
  explicit Value(Array held);
  Value(const char*) = delete;  // would be a bool

  [[nodiscard]] bool is_nil() const { return tag_ == Tag::nil; }
  [[nodiscard]] const bool* boolean() const { return tag_ == Tag::boolean ? &boolean_ : nullptr; }
  [[nodiscard]] const std::int64_t* integer() const { return tag_ == Tag::integer ? &integer_ : nullptr; }
  [[nodiscard]] const double* real() const { return tag_ == Tag::real ? &real_ : nullptr; }
  [[nodiscard]] const std::string* text() const;
  [[nodiscard]] const Array* array() const;
  [[nodiscard]] bool is_number() const { return tag_ == Tag::integer || tag_ == Tag::real; }
  /// Becomes that number, cheaper than an assignment where it was one.
  void become(double number) {
    if (tag_ >= Tag::text) shared_.reset();
    tag_ = Tag::real;
    real_ = number;
  }
  /// A number as a double; 0 for what is none.
  [[nodiscard]] double number() const {
    return tag_ == Tag::real ? real_ : tag_ == Tag::integer ? static_cast<double>(integer_) : 0;
  }

 private:
  enum class Tag : std::uint8_t { nil, boolean, integer, real, text, array };
  Tag tag_ = Tag::nil;
  union {
    bool boolean_;
    std::int64_t integer_ = 0;
    double real_;
  };
  std::shared_ptr<const Held> shared_{};
};

struct Held {
  std::string text{};
  Array array{};
};

inline const std::string* Value::text() const {
  return tag_ == Tag::text ? &shared_->text : nullptr;
}
inline const Array* Value::array() const {
  return tag_ == Tag::array ? &shared_->array : nullptr;
}

/// "nil", "bool", "int", "float", "string" or "array".
std::string_view type_name(const Value& value);

/// Numbers compare as numbers, arrays element by element; values of different kinds are unequal.
bool equal(const Value& a, const Value& b);

/// A double cut to a whole number; what does not fit, and NaN, gives the smallest one, as amd64 does.
std::int64_t to_integer(double value);

/// As Go's fmt prints it with %v: "2", "0.5", "1e+06", "[1 2]", "<nil>".
std::string to_text(const Value& value);

}  // namespace windtunnel::expression
