#include "policies/expression/keda_formula.hpp"

#include <algorithm>

namespace windtunnel::expression {
namespace {

constexpr std::string_view kLet = "let _kedaCompositeResult = ";

/// castToFloatIfNecessary of KEDA. @param shift  set to the columns put in front
std::string cast_to_float(const std::string& formula, int& shift) {
  shift = 0;
  if (formula.find("??") != std::string::npos) {
    if (formula.starts_with(kLet)) return formula;
    shift = static_cast<int>(kLet.size()) + 1;
    return std::string(kLet) + "(" + formula + "); _kedaCompositeResult == nil ? nil : float(_kedaCompositeResult)";
  }
  if (formula.starts_with("float(")) return formula;
  shift = 6;
  return "float(" + formula + ")";
}

Problem in_own_columns(Problem problem, int shift) {
  problem.column = std::max(1, problem.column - shift);
  return problem;
}

}  // namespace

std::variant<KedaFormula, Problem> KedaFormula::compile(const std::string& formula,
                                                        const std::vector<std::string>& triggers) {
  if (formula.empty()) return Problem{.what = "the formula is empty", .hint = "scalingModifiers needs one"};
  int shift = 0;
  auto compiled = Formula::compile(cast_to_float(formula, shift), triggers);
  if (const auto* problem = std::get_if<Problem>(&compiled)) return in_own_columns(*problem, shift);
  KedaFormula made(std::move(std::get<Formula>(compiled)), shift);
  const std::vector<Value> dummies(triggers.size(), Value(-1.0));
  const Outcome trial = made.formula_.evaluate(dummies);
  if (trial.problem) return in_own_columns(*trial.problem, shift);
  return made;
}

KedaFormula::Result KedaFormula::evaluate(std::span<const std::optional<double>> values) const {
  std::vector<Value> held;
  held.reserve(values.size());
  for (const auto& value : values) held.push_back(value ? Value(*value) : Value());
  const Outcome outcome = formula_.evaluate(held);
  if (outcome.problem) return {.problem = in_own_columns(*outcome.problem, shift_)};
  if (outcome.value.is_nil()) return {};
  if (outcome.value.real() == nullptr)
    return {.problem =
                Problem{.what = "the formula gave a " + std::string(type_name(outcome.value)) + ", not a float"}};
  return {.value = *outcome.value.real()};
}

}  // namespace windtunnel::expression
