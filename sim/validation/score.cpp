#include "sim/validation/score.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {

bool OomScore::passed() const {
  const auto within = [](std::size_t part, std::size_t whole, double most) {
    return static_cast<double>(part) <= most * static_cast<double>(whole) + 1e-9;
  };
  return within(missed, oom_rows, most_missed) && within(alarms, fitting_rows, most_alarms);
}

bool Validation::passed() const {
  if (predicted == 0 || (bound && mape > *bound) || (oom && !oom->passed())) return false;
  if (right_sign && *right_sign <= 0.5) return false;
  return std::all_of(baselines.begin(), baselines.end(), [&](const Baseline& b) { return !b.simple || mape < b.mape; });
}

void score(Validation& v, const std::vector<Prediction>& predictions, const std::vector<std::string>& simple) {
  v.predicted = predictions.size();
  for (const auto& name : simple) v.baselines.push_back({name, 0, v.baselines.size() < 2});
  if (predictions.empty()) return;
  const auto n = static_cast<double>(predictions.size());
  std::vector<double> errors;
  for (const auto& p : predictions) {
    errors.push_back(std::abs(p.predicted / p.measured - 1));
    v.mape += errors.back() / n;
    v.bias += (p.predicted / p.measured - 1) / n;
    for (std::size_t i = 0; i < simple.size(); ++i) v.baselines[i].mape += std::abs(p.simple[i] / p.measured - 1) / n;
  }
  std::sort(errors.begin(), errors.end());
  v.p90_ape = errors[static_cast<std::size_t>(std::ceil(0.9 * n)) - 1];
}

}  // namespace windtunnel
