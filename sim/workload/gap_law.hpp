// Laws of gaps beyond the house's own (sim/core/law.hpp): Weibull and Pareto, by mean and scv.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/random/exponential_distribution.hpp>

#include "sim/core/law.hpp"

namespace windtunnel {

/// Shape k of the Weibull law whose squared coefficient of variation is scv: Gamma(1 + 2/k) / Gamma(1 + 1/k)^2 - 1.
/// @param scv  in [kLeastWeibullScv, kMostWeibullScv]
double weibull_shape(double scv);
inline constexpr double kLeastWeibullScv = 1e-4;  // shape about 128
inline constexpr double kMostWeibullScv = 1e5;    // shape about 0.1

/// Shape of the Pareto law of type II (Lomax; gaps start at 0) of that scv = shape / (shape - 2). @param scv  > 1
double pareto_shape(double scv);

/// What is wrong with a gap law's scv ("rule; way out"), or empty. @param law  a name that make_gap_sampler knows
std::string check_gap_law(std::string_view law, double scv, bool scv_given);

/// Draws gaps of one law with a given mean: gamma, lognormal, hyperexponential, exponential, deterministic as
/// LawSampler does (same numbers), weibull and pareto here.
class GapSampler {
 public:
  /// @param shape  instead of scv, for weibull (> 0) and pareto (> 1)
  GapSampler(std::string_view law, double mean, double scv, std::optional<double> shape = {});
  double operator()(Rng& rng) {
    return kind_ == Kind::house ? house_(rng) : kind_ == Kind::weibull ? draw_weibull(rng) : draw_pareto(rng);
  }

 private:
  enum class Kind { house, weibull, pareto };
  double draw_weibull(Rng& rng);
  double draw_pareto(Rng& rng);

  Kind kind_ = Kind::house;
  LawSampler house_;
  double scale_ = 1, inverse_shape_ = 1;
  boost::random::exponential_distribution<double> exponential_{1.0};
};

}  // namespace windtunnel
