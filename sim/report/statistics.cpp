#include "sim/report/statistics.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace windtunnel {
namespace {

constexpr double kRounding = 1e-14;  // values that differ by no more than their sum was rounded are equal

/// P(|T| <= t) for n degrees of freedom.
double central_probability(double t, int n) {
  const double theta = std::atan(t / std::sqrt(static_cast<double>(n)));
  const double cosine = std::cos(theta);
  const bool odd = n % 2 == 1;
  // Odd: cos + 2/3 cos^3 + ... up to cos^(n-2). Even: 1 + 1/2 cos^2 + ... up to cos^(n-2).
  double term = odd ? cosine : 1.0;
  double sum = n == 1 ? 0.0 : term;
  for (int power = odd ? 3 : 2; power <= n - 2; power += 2) {
    term *= cosine * cosine * (power - 1) / power;
    sum += term;
  }
  return odd ? 2 / std::numbers::pi * (theta + std::sin(theta) * sum) : std::sin(theta) * sum;
}

}  // namespace

double student_t_975(int degrees_of_freedom) {
  double low = 1.9, high = 12.8;  // from the normal's 1.96 to 12.71 at one degree of freedom
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (central_probability(middle, degrees_of_freedom) < 0.95 ? low : high) = middle;
  }
  return (low + high) / 2;
}

MeanInterval mean_interval(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  if (values.size() < 2) return {mean, std::numeric_limits<double>::quiet_NaN()};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double standard_error = std::sqrt(squares / (n - 1) / n);
  if (standard_error <= kRounding * std::abs(mean)) return {mean, 0};
  return {mean, student_t_975(static_cast<int>(values.size()) - 1) * standard_error};
}

}  // namespace windtunnel
