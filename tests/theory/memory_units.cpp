#include "tests/theory/memory_units.hpp"

#include <algorithm>
#include <cmath>

#include "sim/scenario/catalogue.hpp"
#include "tests/theory/fields.hpp"

namespace windtunnel::theory {
namespace {

bool is_whole(double amount, double unit) {
  return std::abs(std::round(amount / unit) * unit - amount) < 1e-9;
}

}  // namespace

// The card holds exactly the device's number of units; what is left over is less than one.
MemoryUnits::MemoryUnits(double device_gib, const std::vector<double>& amounts_gib) {
  for (const double unit : {1.0, 0.5, 0.25, 0.1, 0.05, 0.01}) {
    if (!is_whole(device_gib, unit)) continue;
    if (!std::all_of(amounts_gib.begin(), amounts_gib.end(), [&](double a) { return is_whole(a, unit); })) continue;
    unit_gib_ = unit;
    break;
  }
  if (unit_gib_ == 0 || device_gib <= 0) throw NotUnderstood("amounts of memory without a common unit");
  for (const auto& row : catalogue().gpus) {
    if (row.name != gpu()) continue;
    reserve_ = row.type.driver_reserve;
    unit_bytes_ = (row.type.memory - reserve_).value / std::llround(device_gib / unit_gib_);
  }
}

Bytes MemoryUnits::bytes(double gib) const {
  return {std::llround(gib / unit_gib_) * unit_bytes_};
}

double MemoryUnits::gib(Bytes bytes) const {
  return static_cast<double>(bytes.value) / static_cast<double>(unit_bytes_) * unit_gib_;
}

}  // namespace windtunnel::theory
