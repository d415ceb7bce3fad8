// Level, trend and season, each smoothed.
#pragma once

#include <vector>

#include "policies/forecast/forecaster.hpp"

namespace windtunnel {

/// Additive Holt-Winters with a damped trend (Winters 1960; Gardner and McKenzie 1985). The first season gives the
/// starting values, so nothing is forecast before it is over.
class HoltWinters final : public Forecaster {
 public:
  struct Weights {
    double level = 0.3, trend = 0.05, season = 0.2;
    double damping = 0.98;  ///< of the trend, each step further
  };
  /// @param season  in steps; 0 or 1: none
  HoltWinters(int season, Weights weights);
  void add(double value) override;
  [[nodiscard]] std::optional<double> ahead(int steps) const override;

 private:
  void begin();

  Weights weights_;
  std::size_t season_;
  std::vector<double> first_;  // of the first season, until it is over
  std::vector<double> seasonal_;
  std::size_t at_ = 0;  // of the season, where the next value lies
  bool started_ = false;
  double level_ = 0, trend_ = 0;
};

}  // namespace windtunnel
