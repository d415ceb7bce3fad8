// Amounts of GiB on a device of the file's size, as bytes on a card of the catalogue: scaled so that every comparison
// comes out the same.
#pragma once

#include <string>
#include <vector>

#include "sim/core/units.hpp"

namespace windtunnel::theory {

class MemoryUnits {
 public:
  /// @param amounts_gib  all that the case names; each must be a whole number of some unit of 0.01 GiB or more
  /// @throws NotUnderstood when they are not
  MemoryUnits(double device_gib, const std::vector<double>& amounts_gib);

  [[nodiscard]] Bytes bytes(double gib) const;
  [[nodiscard]] double gib(Bytes bytes) const;
  [[nodiscard]] Bytes driver_reserve() const { return reserve_; }
  [[nodiscard]] static std::string gpu() { return "A100-80GB-PCIe"; }

 private:
  double unit_gib_ = 0;
  std::int64_t unit_bytes_ = 0;
  Bytes reserve_{};
};

}  // namespace windtunnel::theory
