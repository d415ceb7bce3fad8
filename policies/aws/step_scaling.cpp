#include "policies/aws/step_scaling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace windtunnel {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kMostCapacity = 1e9;

double lower_of(const ScalingStep& step) {
  return step.lower.value_or(-kInfinite);
}
double upper_of(const ScalingStep& step) {
  return step.upper.value_or(kInfinite);
}

}  // namespace

const ScalingStep* find_step(std::span<const ScalingStep> steps, double difference) {
  for (const auto& step : steps) {
    const double low = lower_of(step), high = upper_of(step);
    const bool inside =
        difference >= 0 ? low <= difference && difference < high : low < difference && difference <= high;
    if (inside) return &step;
  }
  return nullptr;
}

std::int32_t round_percent_change(double raw_change) {
  const double size = std::abs(raw_change);
  const double whole = size == 0 ? 0 : size < 1 ? 1 : std::floor(size);
  return static_cast<std::int32_t>(std::copysign(std::min(whole, kMostCapacity), raw_change));
}

std::int32_t stepped_capacity(std::int32_t capacity, StepAdjustment kind, const ScalingStep& step,
                              std::int32_t min_magnitude) {
  double after = capacity;
  switch (kind) {
    case StepAdjustment::exact_capacity: after = step.adjustment; break;
    case StepAdjustment::change_in_capacity: after += step.adjustment; break;
    case StepAdjustment::percent_change_in_capacity: {
      std::int32_t change = round_percent_change(capacity * step.adjustment / 100);
      if (change != 0 && std::abs(change) < min_magnitude) change = change > 0 ? min_magnitude : -min_magnitude;
      after += change;
      break;
    }
  }
  return static_cast<std::int32_t>(std::clamp(after, 0.0, kMostCapacity));
}

std::string check_steps(std::span<const ScalingStep> steps) {
  if (steps.empty()) return "there is no step; write at least one, e.g. {lower: 0, adjustment: 1}";
  std::vector<ScalingStep> sorted(steps.begin(), steps.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return lower_of(a) < lower_of(b); });
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (lower_of(sorted[i]) >= upper_of(sorted[i])) return "a step's lower is not below its upper; swap them";
    if (i == 0) continue;
    const double end = upper_of(sorted[i - 1]), begin = lower_of(sorted[i]);
    if (begin < end) return "two steps overlap; let each begin where the one before ends";
    if (begin > end) return "there is a gap between two steps; let each begin where the one before ends";
  }
  return {};
}

}  // namespace windtunnel
