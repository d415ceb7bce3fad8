// Minimum of a function in a box by the simplex of Nelder and Mead (1965).
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace windtunnel {

struct Box {
  std::vector<double> low, high;
};

struct Minimum {
  std::vector<double> at;
  double value = 0;
};

/// Deterministic: no draws. Points outside the box are put on its wall. A fresh simplex is set up around the best point
/// until that gains less than 1e-10 of the value, since one that has gone flat against a wall stays there.
Minimum nelder_mead(const std::function<double(std::span<const double>)>& function, std::vector<double> start,
                    const Box& box);

}  // namespace windtunnel
