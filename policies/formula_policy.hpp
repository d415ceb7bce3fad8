// expression: a formula over named signals, its unit checked.
#pragma once

#include <vector>

#include "policies/expression/formula.hpp"
#include "policies/policy.hpp"
#include "policies/smoothing.hpp"

namespace windtunnel {

/// `value` with `target`: desired = ceil(ready * value / target), as for any metric compared with a target.
/// `replicas`: the formula gives the count itself.
class FormulaPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "expression";
  static constexpr std::string_view kDoc =
      "a formula over named signals (list signals), its unit checked: value with target, or replicas";
  static std::vector<Param> params();
  /// One of the two forms, a formula that compiles and comes out in the right unit.
  /// @return "<key>: column <n>: <problem>; <way out>", or empty
  static std::string check(const ParamSet& params);

  explicit FormulaPolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override { return needs_; }
  ScalingDecision decide(const Observation& seen) override;

 private:
  bool counts_;  // the formula gives replicas
  double target_;
  expression::Formula formula_;
  SignalNeeds needs_;
  Smoothing smoothing_;
};

}  // namespace windtunnel
