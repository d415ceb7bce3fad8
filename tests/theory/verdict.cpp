// The statistics of the theory check.
#include "tests/theory/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace windtunnel::theory {

Estimate estimate(std::span<const double> replications) {
  const auto count = static_cast<double>(replications.size());
  Estimate out;
  for (const double x : replications) out.mean += x / count;
  double squares = 0;
  for (const double x : replications) squares += (x - out.mean) * (x - out.mean);
  out.error = replications.size() > 1 ? std::sqrt(squares / (count - 1) / count) : 0;
  return out;
}

Verdict judge(const Estimate& estimate, const Quantity& quantity, double k) {
  const double off = std::abs(estimate.mean - quantity.target);
  if (quantity.tolerance == ToleranceKind::exact) {
    return off <= 1e-9 * std::max(1.0, std::abs(quantity.target)) ? Verdict::passed : Verdict::wrong;
  }
  // One part in 1e12 for values whose standard error is zero by construction but whose mean is rounded.
  const double rounding = 1e-12 * std::abs(quantity.target);
  if (!(off <= k * estimate.error + rounding)) return Verdict::wrong;
  const double allowed =
      quantity.tolerance == ToleranceKind::absolute ? quantity.delta : quantity.delta * std::abs(quantity.target);
  return k * estimate.error <= allowed ? Verdict::passed : Verdict::imprecise;
}

double standardised(const Estimate& estimate, const Quantity& quantity) {
  const double off = estimate.mean - quantity.target;
  if (quantity.tolerance == ToleranceKind::exact || estimate.error == 0) {
    return std::abs(off) <= 1e-9 * std::max(1.0, std::abs(quantity.target)) ? 0
                                                                            : std::numeric_limits<double>::infinity();
  }
  return off / estimate.error;
}

}  // namespace windtunnel::theory
