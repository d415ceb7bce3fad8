#include "models/sharing/water_filling.hpp"

#include <cstddef>

namespace windtunnel {

// Rounds over the open ones rather than a sort: the usual case is done in one or two, without memory of its own.
void water_fill(std::span<const double> caps, std::span<double> out) {
  constexpr double kOpen = -1;
  for (std::size_t i = 0; i < caps.size(); ++i) out[i] = kOpen;
  double left = 1;
  for (std::size_t open = caps.size(); open > 0;) {
    const double level = left / static_cast<double>(open);
    const std::size_t before = open;
    for (std::size_t i = 0; i < caps.size(); ++i) {
      if (out[i] != kOpen || caps[i] > level) continue;
      out[i] = caps[i];
      left -= caps[i];
      --open;
    }
    if (open != before) continue;  // caps freed some room: the level rises
    for (std::size_t i = 0; i < caps.size(); ++i)
      if (out[i] == kOpen) out[i] = level;
    break;
  }
}

}  // namespace windtunnel
