// A formula as KEDA compiles and runs it (kedacore/keda v2.21, apis/keda/v1alpha1/scaledobject_webhook.go and
// pkg/scaling/modifiers/formula.go).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "policies/expression/formula.hpp"

namespace windtunnel::expression {

class KedaFormula {
 public:
  /// Wraps the formula in float(...), or, where it holds ??, so that nil stays nil; compiles it; and runs it once with
  /// -1 for every trigger, as KEDA's admission webhook does. Columns are those of the formula as written.
  static std::variant<KedaFormula, Problem> compile(const std::string& formula,
                                                    const std::vector<std::string>& triggers);

  struct Result {
    std::optional<double> value = {};  ///< empty without a problem: nil, KEDA takes the fallback then
    std::optional<Problem> problem = {};
  };
  /// @param values  one for each trigger; empty where it failed more often than the fallback allows (nil)
  [[nodiscard]] Result evaluate(std::span<const std::optional<double>> values) const;

 private:
  KedaFormula(Formula formula, int shift) : formula_(std::move(formula)), shift_(shift) {}
  Formula formula_;
  int shift_;  // columns that the wrapping put in front
};

}  // namespace windtunnel::expression
