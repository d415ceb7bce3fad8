// Simulated time: integer nanoseconds, so sums are exact and equal instants compare equal (law 8).
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace windtunnel {

struct SimClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<SimClock>;
  static constexpr bool is_steady = true;
};

using SimTime = SimClock::time_point;
using Duration = SimClock::duration;

/// "Never": later than every instant a run can reach.
inline constexpr SimTime kNever{Duration{std::numeric_limits<std::int64_t>::max()}};

/// The longest span the loaders accept, about 292 years halved so that two of them may be added.
inline constexpr double kMaxSeconds = 4.6e9;

/// The one place where floating seconds become simulated time: nearest nanosecond, halves away from zero.
/// @param seconds  finite, |seconds| <= kMaxSeconds
constexpr Duration to_duration(double seconds) {
  // Adding 0.5 and truncating would be wrong by a nanosecond just below a half and beyond 2^52 ns (52 days).
  const double scaled = seconds * 1e9;
  const auto whole = static_cast<std::int64_t>(scaled);
  const double rest = scaled - static_cast<double>(whole);  // exact
  return Duration{whole + (rest >= 0.5) - (rest <= -0.5)};
}

/// Divides, so that whole seconds come out whole: 15e9 * 1e-9 is 15.000000000000002.
constexpr double to_seconds(Duration d) {
  return static_cast<double>(d.count()) / 1e9;
}
constexpr double to_seconds(SimTime t) {
  return to_seconds(t.time_since_epoch());
}

}  // namespace windtunnel
