// The controller's arithmetic: 64-bit thousandths that wrap as Go's do, counts of 32 bits that saturate.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "policies/kubernetes/hpa_spec.hpp"

namespace windtunnel {

/// Go's int64 addition and multiplication: two's complement, no undefined overflow. Memory is counted in thousandths of
/// a byte, so that 100 times the sum over 1000 pods of 86 GiB each does overflow, there as here.
inline std::int64_t add_milli(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
inline std::int64_t times_milli(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}
/// Division toward zero; the one quotient that does not fit wraps.
/// @param b  not 0
inline std::int64_t divide_milli(std::int64_t a, std::int64_t b) {
  return b == -1 ? times_milli(a, -1) : a / b;
}

/// A computed count: whole already (after ceil or trunc), saturating at both ends; no number saturates high.
inline std::int32_t to_replicas(double whole) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (!(whole < static_cast<double>(Limits::max()))) return Limits::max();
  if (whole <= static_cast<double>(Limits::min())) return Limits::min();
  return static_cast<std::int32_t>(whole);
}
inline std::int32_t to_replicas(std::int64_t whole) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (whole > Limits::max()) return Limits::max();
  if (whole < Limits::min()) return Limits::min();
  return static_cast<std::int32_t>(whole);
}

/// The same for thousandths.
inline std::int64_t to_milli(double whole) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (!(whole < 9223372036854775808.0)) return Limits::max();
  if (whole < -9223372036854775808.0) return Limits::min();
  return static_cast<std::int64_t>(whole);
}

/// Shares by which a ratio may be off before anything changes.
struct HpaTolerance {
  double down = 0.1, up = 0.1;

  /// Both ends included, in doubles: 1.1 is within 0.1, which abs(1 - 1.1) <= 0.1 of older releases denied (trap 3).
  [[nodiscard]] bool holds(double ratio) const { return (1.0 - down) <= ratio && ratio <= (1.0 + up); }
};

/// The controller's tolerance, or the one `behavior` gives a direction.
inline HpaTolerance hpa_tolerance(const HpaFlags& flags, const std::optional<HpaBehavior>& behavior) {
  HpaTolerance tolerance{.down = flags.tolerance, .up = flags.tolerance};
  if (behavior) {
    tolerance.down = behavior->down.tolerance.value_or(flags.tolerance);
    tolerance.up = behavior->up.tolerance.value_or(flags.tolerance);
  }
  return tolerance;
}

}  // namespace windtunnel
