// Estimate, standard error and verdict, by the procedure that comes with the reference files.
#pragma once

#include <span>

#include "tests/theory/oracle.hpp"

namespace windtunnel::theory {

/// Mean over independent replications and its standard error s / sqrt(R).
struct Estimate {
  double mean = 0, error = 0;
};
Estimate estimate(std::span<const double> replications);

/// `imprecise`: the run was too short to say; it proves nothing and is no pass.
enum class Verdict { passed, wrong, imprecise };

/// Passed iff |mean - target| <= k SE and k SE <= delta (times |target| where relative); exact: within
/// 1e-9 max(1, |target|), no SE. NaN never passes.
Verdict judge(const Estimate& estimate, const Quantity& quantity, double k);

/// (mean - target) / SE; 0 where both vanish.
double standardised(const Estimate& estimate, const Quantity& quantity);

}  // namespace windtunnel::theory
