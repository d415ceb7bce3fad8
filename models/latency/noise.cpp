#include "models/latency/noise.hpp"

#include <cmath>

namespace windtunnel {

// ln X = s z - s^2 / 2 with s^2 = ln(1 + cv^2).
double noise_in_company(double noise, double cv_solo, double cv_company) {
  const double solo = std::sqrt(std::log1p(cv_solo * cv_solo));
  const double company = std::sqrt(std::log1p(cv_company * cv_company));
  const double z = (std::log(noise) + solo * solo / 2) / solo;
  return std::exp(company * z - company * company / 2);
}

}  // namespace windtunnel
