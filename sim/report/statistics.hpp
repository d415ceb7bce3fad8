// Means over replications and how far they can be trusted.
#pragma once

#include <span>

namespace windtunnel {

/// The 0.975 quantile of Student's t: what a 95 % interval multiplies the standard error by.
/// Exact for whole degrees of freedom (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4, inverted by bisection).
/// @param degrees_of_freedom  >= 1
double student_t_975(int degrees_of_freedom);

struct MeanInterval {
  double mean = 0;
  double half_width = 0;  ///< of the 95 % interval; NaN with fewer than two values
};

/// @param values  independent replications, at least one
MeanInterval mean_interval(std::span<const double> values);

}  // namespace windtunnel
