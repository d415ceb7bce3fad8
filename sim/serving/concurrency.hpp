// How fast one replica works with n batches in service.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/serving/spec.hpp"

namespace windtunnel {

/// phi(n): total speed with n >= 1 batches in service, split equally.
inline double total_speed(const ConcurrencySpec& spec, std::uint32_t n) {
  switch (spec.scaling) {
    case ConcurrencyScaling::efficiency: return n == 1 ? 1.0 : spec.efficiency;
    case ConcurrencyScaling::contention: {
      const double speed = n / (1 + spec.slope * (n - 1.0));
      return spec.cap > 0 ? std::min(speed, spec.cap) : speed;
    }
    case ConcurrencyScaling::shared: break;
  }
  return 1.0;
}

}  // namespace windtunnel
