#include "sim/workload/batched_process.hpp"

#include <numeric>

namespace windtunnel {
namespace {

double whole_batch(double size) {
  return std::clamp(std::round(size), 1.0, 1e9);
}

}  // namespace

std::optional<double> mean_batch(const Law& law) {
  switch (law.kind) {
    case LawKind::deterministic: return whole_batch(law.mean);
    case LawKind::geometric: return std::max(1.0, law.mean);
    case LawKind::discrete: {
      double sum = 0, weights = 0;
      for (std::size_t i = 0; i < law.values.size(); ++i) {
        const double weight = law.weights.empty() ? 1 : law.weights[i];
        sum += weight * whole_batch(law.values[i]);
        weights += weight;
      }
      return sum / weights;
    }
    default: return std::nullopt;
  }
}

}  // namespace windtunnel
