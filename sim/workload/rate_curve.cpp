#include "sim/workload/rate_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "sim/core/error.hpp"

namespace windtunnel {

std::string check_curve(const RateCurve& curve) {
  if (!(curve.period_s > 0) || curve.period_s > kMaxSeconds)
    return fmt::format("period: {} s is not above 0", curve.period_s);
  if (!std::isfinite(curve.phase_rad)) return fmt::format("phase: {} is not finite", curve.phase_rad);
  if (curve.points.empty()) {
    if (!(std::abs(curve.amplitude) <= 1))
      return fmt::format("amplitude: {} is outside [-1, 1]; the rate would be negative", curve.amplitude);
    return {};
  }
  for (const double point : curve.points)
    if (!(point >= 0) || !std::isfinite(point)) return fmt::format("points: {} is not a finite number >= 0", point);
  if (*std::max_element(curve.points.begin(), curve.points.end()) == 0)
    return "points: all are 0, so nothing would arrive; at least one must be above 0";
  return {};
}

CurveReader::CurveReader(const RateCurve& curve)
    : curve_(curve),
      radians_per_s_(2 * std::numbers::pi / curve.period_s),
      points_per_period_(static_cast<double>(curve.points.size())),
      max_(curve.points.empty() ? 1 + std::abs(curve.amplitude)
                                : *std::max_element(curve.points.begin(), curve.points.end())),
      turns_per_s_(1 / curve.period_s) {
  SIM_CHECK(check_curve(curve).empty(), "a rate curve was not checked: " + check_curve(curve));
  double steepest = 2 * std::numbers::pi * std::abs(curve.amplitude);  // per period
  for (std::size_t i = 0; i < curve.points.size(); ++i)
    steepest = std::max(steepest,
                        std::abs(curve.points[i] - curve.points[(i + 1) % curve.points.size()]) * points_per_period_);
  if (curve.step) steepest = std::numeric_limits<double>::infinity();  // no bound from a part's middle: ask at()
  reach_ = steepest * (0.5 / kParts + 1e-8) + 1e-12 * max_;            // the margin covers the rounding of 1e6 periods
  for (std::size_t part = 0; part <= kParts; ++part)
    middles_[part] = at((static_cast<double>(part) + 0.5) / kParts * curve.period_s);
}

double CurveReader::at(double seconds) const {
  if (curve_.points.empty()) return 1 + curve_.amplitude * std::sin(radians_per_s_ * seconds + curve_.phase_rad);
  const double periods = seconds / curve_.period_s;
  const double position = (periods - std::floor(periods)) * points_per_period_;
  const std::size_t count = curve_.points.size();
  const std::size_t left = std::min(static_cast<std::size_t>(position), count - 1);
  const double a = curve_.points[left];
  if (curve_.step) return a;
  const double b = curve_.points[left + 1 == count ? 0 : left + 1];
  return a + (b - a) * (position - static_cast<double>(left));
}

double CurveReader::mean() const {
  if (curve_.points.empty()) return 1;
  return std::accumulate(curve_.points.begin(), curve_.points.end(), 0.0) / points_per_period_;
}

}  // namespace windtunnel
