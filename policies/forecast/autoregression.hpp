// A value as a weighted sum of those before it.
#pragma once

#include <vector>

#include "policies/forecast/forecaster.hpp"

namespace windtunnel {

/// y[t] = c + a1 y[t-1] + ... + ap y[t-p] + s y[t-season], by least squares over the last `history` values, fitted anew
/// with each (Box and Jenkins 1970, chapter 3). Steps further ahead are forecast from forecasts.
class Autoregression final : public Forecaster {
 public:
  /// @param season  in steps; 0: none. Its lag joins once two seasons are known
  Autoregression(int order, int season, int history);
  void add(double value) override;
  [[nodiscard]] std::optional<double> ahead(int steps) const override;

 private:
  [[nodiscard]] bool seasonal() const;
  [[nodiscard]] int lags() const { return order_ + (seasonal() ? 1 : 0); }
  /// The value `lag` steps before place `at` of `values`, by number of the coefficient.
  [[nodiscard]] double lagged(const std::vector<double>& values, std::size_t at, int coefficient) const;
  void fit();

  int order_, season_;
  std::size_t history_;
  std::vector<double> values_;        // oldest first
  std::vector<double> coefficients_;  // constant first; empty: not fitted yet
};

}  // namespace windtunnel
