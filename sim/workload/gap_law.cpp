#include "sim/workload/gap_law.hpp"

#include <fmt/format.h>

#include <cmath>

namespace windtunnel {
namespace {

double weibull_scv(double shape) {
  return std::expm1(std::lgamma(1 + 2 / shape) - 2 * std::lgamma(1 + 1 / shape));
}

LawKind house_law(std::string_view name) {
  if (name == "gamma") return LawKind::gamma;
  if (name == "lognormal") return LawKind::lognormal;
  if (name == "hyperexponential") return LawKind::hyperexponential;
  if (name == "deterministic") return LawKind::deterministic;
  return LawKind::exponential;
}

}  // namespace

double weibull_shape(double scv) {
  double low = 0.05, high = 200;  // scv falls as the shape grows
  for (int step = 0; step < 200 && high - low > 1e-13 * high; ++step) {
    const double middle = std::sqrt(low * high);
    (weibull_scv(middle) > scv ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

double pareto_shape(double scv) {
  return 2 * scv / (scv - 1);
}

std::string check_gap_law(std::string_view law, double scv, bool scv_given) {
  if (law == "hyperexponential" && scv < 1)
    return fmt::format("scv: {} is below 1; a hyperexponential law has scv >= 1 (gamma and lognormal go below)", scv);
  if ((law == "gamma" || law == "lognormal") && scv <= 0)
    return fmt::format("scv: {} is not above 0; for equal gaps say law: deterministic", scv);
  if (law == "exponential" && scv_given && scv != 1)
    return fmt::format("scv: {} does not fit law exponential, whose scv is 1; leave scv out or say law: gamma", scv);
  if (law == "deterministic" && scv_given && scv != 0)
    return fmt::format("scv: {} does not fit law deterministic, whose scv is 0; leave scv out or say law: gamma", scv);
  if (law == "weibull" && !(scv >= kLeastWeibullScv && scv <= kMostWeibullScv))
    return fmt::format("scv: {} is outside [{}, {}]; a Weibull law beyond it has no usable shape, say law: {}", scv,
                       kLeastWeibullScv, kMostWeibullScv, scv < 1 ? "deterministic" : "lognormal");
  if (law == "pareto" && !(scv > 1))
    return fmt::format("scv: {} is not above 1; Pareto gaps vary more than exponential ones, give scv or shape", scv);
  return {};
}

GapSampler::GapSampler(std::string_view law, double mean, double scv, std::optional<double> shape) {
  if (law == "weibull") {
    kind_ = Kind::weibull;
    inverse_shape_ = 1 / shape.value_or(weibull_shape(scv));
    scale_ = mean / std::exp(std::lgamma(1 + inverse_shape_));
  } else if (law == "pareto") {
    kind_ = Kind::pareto;
    const double a = shape.value_or(pareto_shape(scv));
    inverse_shape_ = 1 / a;
    scale_ = mean * (a - 1);
  } else {
    house_ = LawSampler(Law{.kind = house_law(law), .mean = mean, .scv = scv});
  }
}

double GapSampler::draw_weibull(Rng& rng) {
  return scale_ * std::pow(exponential_(rng), inverse_shape_);
}

/// scale (U^(-1/shape) - 1) with -ln U exponential.
double GapSampler::draw_pareto(Rng& rng) {
  return scale_ * std::expm1(exponential_(rng) * inverse_shape_);
}

}  // namespace windtunnel
