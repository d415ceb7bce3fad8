#include "models/fit/nelder_mead.hpp"
#include "sim/core/stable_order.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {
namespace {

using Point = std::vector<double>;
using Function = std::function<double(std::span<const double>)>;

Point inside(Point x, const Box& box) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::clamp(x[i], box.low[i], box.high[i]);
  return x;
}

// from + step * (from - to), put into the box.
Point beyond(const Point& from, const Point& to, double step, const Box& box) {
  Point out(from.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = from[i] + step * (from[i] - to[i]);
  return inside(std::move(out), box);
}

std::vector<Minimum> simplex_around(const Function& function, const Point& start, const Box& box, double size) {
  std::vector<Minimum> out = {{start, function(start)}};
  for (std::size_t i = 0; i < start.size(); ++i) {
    Point x = start;
    const double step = size * (box.high[i] - box.low[i]);
    x[i] += x[i] + step <= box.high[i] ? step : -step;
    x = inside(std::move(x), box);
    const double value = function(x);
    out.push_back({std::move(x), value});
  }
  return out;
}

void sort(std::vector<Minimum>& simplex) {
  stable_order(simplex.begin(), simplex.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
}

// One step: reflect the worst, go on, hold back, or draw all towards the best.
void step(const Function& function, std::vector<Minimum>& simplex, const Box& box) {
  const std::size_t n = simplex.size() - 1;
  Point centre(n, 0.0);
  for (std::size_t v = 0; v < n; ++v)
    for (std::size_t i = 0; i < n; ++i) centre[i] += simplex[v].at[i] / static_cast<double>(n);
  const auto tried = [&](double length) {
    Point x = beyond(centre, simplex[n].at, length, box);
    const double value = function(x);
    return Minimum{std::move(x), value};
  };
  Minimum reflected = tried(1);
  if (reflected.value < simplex[0].value) {
    Minimum further = tried(2);
    simplex[n] = further.value < reflected.value ? std::move(further) : std::move(reflected);
  } else if (reflected.value < simplex[n - 1].value) {
    simplex[n] = std::move(reflected);
  } else {
    Minimum held = tried(reflected.value < simplex[n].value ? 0.5 : -0.5);
    if (held.value < std::min(reflected.value, simplex[n].value)) {
      simplex[n] = std::move(held);
    } else {
      for (std::size_t v = 1; v <= n; ++v) {
        simplex[v].at = beyond(simplex[0].at, simplex[v].at, -0.5, box);
        simplex[v].value = function(simplex[v].at);
      }
    }
  }
  sort(simplex);
}

}  // namespace

Minimum nelder_mead(const Function& function, std::vector<double> start, const Box& box) {
  constexpr int kSimplices = 20, kSteps = 400;
  Minimum best{inside(std::move(start), box), 0};
  best.value = function(best.at);
  for (int s = 0; s < kSimplices; ++s) {
    auto simplex = simplex_around(function, best.at, box, s % 2 == 0 ? 0.1 : 0.01);
    sort(simplex);
    for (int i = 0; i < kSteps; ++i) step(function, simplex, box);
    const double gain = best.value - simplex[0].value;
    if (simplex[0].value < best.value) best = simplex[0];
    if (s > 1 && gain <= 1e-10 * std::abs(best.value)) break;
  }
  return best;
}

}  // namespace windtunnel
