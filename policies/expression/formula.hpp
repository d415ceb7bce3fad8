// Formulas in the language of KEDA's scalingModifiers: expr-lang/expr, as far as numbers and arrays reach.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "policies/expression/problem.hpp"
#include "policies/expression/value.hpp"

namespace windtunnel::expression {

struct Program;

/// A value, or what went wrong with these variables. Nothing is thrown.
struct Outcome {
  Value value = {};
  std::optional<Problem> problem = {};
};

/// A compiled formula. Copies share the program; evaluating changes nothing, so one may be used by many threads.
class Formula {
 public:
  /// @param variables  names of what will be known when it runs, each a number (or nil); their order is that of the
  /// values
  /// @return the formula, or the first problem with its column
  static std::variant<Formula, Problem> compile(const std::string& text, const std::vector<std::string>& variables);

  /// @param values  one for each variable
  [[nodiscard]] Outcome evaluate(std::span<const Value> values) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  Formula(std::string text, std::size_t variables, std::shared_ptr<const Program> program)
      : text_(std::move(text)), variables_(variables), program_(std::move(program)) {}
  std::string text_;
  std::size_t variables_;
  std::shared_ptr<const Program> program_;
};

/// The longest formula that is read, in bytes.
inline constexpr std::size_t kLongestFormula = 20'000;

}  // namespace windtunnel::expression
