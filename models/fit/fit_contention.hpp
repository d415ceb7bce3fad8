// What company costs beyond the division of the SMs, from pairs measured alone and together.
#pragma once

#include <map>
#include <span>
#include <string>

#include "models/fit/measurements.hpp"
#include "models/latency/contention.hpp"

namespace windtunnel {

struct ContentionFit {
  std::map<std::string, Contention> models;
  std::size_t rows = 0;
  double mape = 0;      ///< of the rows fitted, each with two sides
  double constant = 1;  ///< the one factor that fits them best
  double constant_mape = 0;
};

/// Linear least squares of the relative error of company / solo over the four figures of every model.
/// @param rows  at least one
ContentionFit fit_contention(std::span<const PairMeasurement> rows);

/// The factor of side `i` of a pair by those figures.
double predicted_factor(const ContentionFit& fit, const PairMeasurement& pair, std::size_t i);

}  // namespace windtunnel
