// Laws of random amounts, named by mean and squared coefficient of variation (scv).
#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>

#include "sim/core/rng.hpp"

namespace windtunnel {

enum class LawKind { deterministic, exponential, gamma, lognormal, hyperexponential, geometric, discrete };

/// scv is what `gamma`, `lognormal` and `hyperexponential` take; the others ignore it. `geometric` lives on 1, 2, ...
/// `discrete` draws one of `values` with the given `weights` (mean is then their weighted mean).
struct Law {
  LawKind kind = LawKind::deterministic;
  double mean = 1.0;
  double scv = 0.0;
  std::vector<double> values = {};
  std::vector<double> weights = {};
};

/// Draws from a law. The distributions are Boost.Random's: one implementation on every platform.
class LawSampler {
 public:
  LawSampler() : LawSampler(Law{}) {}
  explicit LawSampler(const Law& law);

  [[gnu::always_inline]] double operator()(Rng& rng) {
    switch (kind_) {
      case LawKind::deterministic: return mean_;
      case LawKind::exponential: return mean_ * exponential_(rng);
      default: return draw_other(rng);
    }
  }
  [[nodiscard]] bool is_deterministic() const { return kind_ == LawKind::deterministic; }
  [[nodiscard]] double mean() const { return mean_; }

 private:
  double draw_other(Rng& rng);

  LawKind kind_;
  double mean_;
  double a_ = 0.0;  // lognormal: mu; hyperexponential: probability of phase 1; geometric: log(1 - p)
  double b_ = 0.0;  // lognormal: sigma; hyperexponential: mean of phase 1
  double c_ = 0.0;  // hyperexponential: mean of phase 2
  boost::random::exponential_distribution<double> exponential_{1.0};
  boost::random::gamma_distribution<double> gamma_{1.0, 1.0};
  boost::random::normal_distribution<double> normal_{0.0, 1.0};
  std::vector<double> values_;
  std::vector<double> cumulative_;
};

}  // namespace windtunnel
