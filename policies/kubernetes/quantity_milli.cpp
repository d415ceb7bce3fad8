#include "policies/kubernetes/quantity_milli.hpp"

#include <cmath>

#include "policies/kubernetes/hpa_number.hpp"

namespace windtunnel {

std::int64_t resource_milli(double value) {
  if (std::isnan(value)) return 0;
  if (std::abs(value) >= 1e9) return to_milli(std::ceil(value) * 1000);  // bytes: whole already
  const auto nano = std::llround(value * 1e9);
  const auto milli = nano / 1'000'000;
  return milli + (nano % 1'000'000 > 0 ? 1 : 0);
}

std::int64_t adapter_milli(double value) {
  if (std::isnan(value)) return 0;
  return to_milli(std::trunc(value * 1000.0));
}

}  // namespace windtunnel
