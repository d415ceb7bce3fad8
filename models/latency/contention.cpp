#include "models/latency/contention.hpp"

#include <algorithm>

namespace windtunnel {

double contention_factor(const Contention& own, const ContentionTerms& terms) {
  if (terms.partners == 0) return 1;
  const double own_part = own.launch_s * terms.partners + own.exposure_s * terms.items;
  return std::max(1.0, 1 + own.slowdown + (terms.time_s > 0 ? own_part / terms.time_s : 0) + terms.pressure);
}

}  // namespace windtunnel
