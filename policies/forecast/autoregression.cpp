#include "policies/forecast/autoregression.hpp"

#include <algorithm>

#include <Eigen/Dense>

namespace windtunnel {

Autoregression::Autoregression(int order, int season, int history)
    : order_(order),
      season_(season),
      history_(static_cast<std::size_t>(std::max({history, 4 * order + 8, 2 * season + 2 * order + 8}))) {}

bool Autoregression::seasonal() const {
  return season_ > order_ && values_.size() >= static_cast<std::size_t>(2 * season_ + order_);
}

double Autoregression::lagged(const std::vector<double>& values, std::size_t at, int coefficient) const {
  const int lag = coefficient <= order_ ? coefficient : season_;
  return values[at - static_cast<std::size_t>(lag)];
}

void Autoregression::add(double value) {
  values_.push_back(value);
  // In lumps, so that a value is moved once and not with every step.
  if (values_.size() >= 2 * history_)
    values_.erase(values_.begin(), values_.end() - static_cast<std::ptrdiff_t>(history_));
  fit();
}

// Normal equations with a trace of ridge: a constant series has no unique weights, and any of them will do.
void Autoregression::fit() {
  const int n = lags();
  const auto first = static_cast<std::size_t>(seasonal() ? season_ : order_);
  const std::size_t begin = std::max(first, values_.size() > history_ ? values_.size() - history_ : 0);
  if (values_.size() < begin + static_cast<std::size_t>(2 * n + 2)) return;
  Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(n + 1, n + 1);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(n + 1);
  Eigen::VectorXd row(n + 1);
  for (std::size_t t = begin; t < values_.size(); ++t) {
    row(0) = 1;
    for (int i = 1; i <= n; ++i) row(i) = lagged(values_, t, i);
    normal.noalias() += row * row.transpose();
    right.noalias() += row * values_[t];
  }
  normal.diagonal().array() += 1e-9 * normal.trace() + 1e-300;
  const Eigen::VectorXd solved = normal.ldlt().solve(right);
  if (!solved.allFinite()) return;
  coefficients_.assign(solved.data(), solved.data() + solved.size());
}

std::optional<double> Autoregression::ahead(int steps) const {
  if (coefficients_.empty()) return std::nullopt;
  const auto n = static_cast<int>(coefficients_.size()) - 1;
  const auto needed = static_cast<std::size_t>(n > order_ ? season_ : order_);
  if (values_.size() < needed) return std::nullopt;
  std::vector<double> values(values_.end() - static_cast<std::ptrdiff_t>(needed), values_.end());
  const double highest = *std::max_element(values_.begin(), values_.end());
  for (int step = 0; step < steps; ++step) {
    double next = coefficients_[0];
    for (int i = 1; i <= n; ++i) next += coefficients_[static_cast<std::size_t>(i)] * lagged(values, values.size(), i);
    values.push_back(std::clamp(next, 0.0, 10 * highest));  // weights that explode are no forecast
  }
  return values.back();
}

}  // namespace windtunnel
