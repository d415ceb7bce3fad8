#include "models/latency/contention.hpp"

#include <algorithm>

namespace windtunnel {

double contention_factor(const Contention& own, const ContentionTerms& terms) {
  if (terms.partners == 0) return 1;
  const double launch = terms.time_s > 0 ? own.launch_s * terms.partners / terms.time_s : 0;
  return std::max(1.0, 1 + own.slowdown + launch + terms.pressure);
}

}  // namespace windtunnel
