// The named figures a formula in a scenario may use, each with its unit.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "policies/expression/units_of.hpp"
#include "policies/expression/value.hpp"
#include "policies/policy.hpp"

namespace windtunnel {

struct Signal {
  std::string_view name;
  expression::Unit unit;
  std::string_view doc;
  double (*read)(const Observation&);  ///< NaN: no sample
  void (*ask)(SignalNeeds&);           ///< what must be kept for it; null: nothing
};

/// All of them, in the order `list signals` shows.
std::span<const Signal> signals();
/// The same as variables of a formula.
const std::vector<expression::Variable>& signal_variables();
/// Values for a formula over signal_variables(): nil where there is no sample.
std::vector<expression::Value> signal_values(const Observation& seen);
/// What a formula asks for: the needs of the signals whose names stand in it.
SignalNeeds needs_of(std::string_view formula, Duration window, double response_quantile);

}  // namespace windtunnel
