#include "models/latency/company.hpp"

#include <algorithm>
#include <array>

#include "models/sharing/water_filling.hpp"
#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMost = 64;
using Shares = std::array<double, kMost>;

// What one would get if all used their share as it does: its own cap against the others' claims in its measure.
double among_equals(std::span<const Claim> claims, double total, std::size_t own) {
  Shares wanted{}, got{};
  const double scale = claims[own].useful > 0 ? claims[own].cap / claims[own].useful : 0;
  for (std::size_t i = 0; i < claims.size(); ++i)
    wanted[i] = i == own ? claims[i].cap : std::min(claims[i].cap, claims[i].useful * scale);
  for (std::size_t i = 0; i < claims.size(); ++i) wanted[i] /= total;
  water_fill(std::span(wanted).first(claims.size()), std::span(got).first(claims.size()));
  return got[own] * total;
}

}  // namespace

void granted_shares(std::span<const Claim> claims, double total, std::span<double> out) {
  SIM_CHECK(claims.size() <= kMost, "more busy processes than any MPS server takes");
  Shares wanted{}, fluid{};
  for (std::size_t i = 0; i < claims.size(); ++i) wanted[i] = std::min(claims[i].cap, claims[i].useful) / total;
  water_fill(std::span(wanted).first(claims.size()), std::span(fluid).first(claims.size()));
  for (std::size_t i = 0; i < claims.size(); ++i) {
    out[i] = fluid[i] * total;
    if (claims[i].by_law && claims[i].useful > 0) out[i] = std::max(out[i], among_equals(claims, total, i));
    if (claims[i].by_law && !(claims[i].useful > 0)) out[i] = std::min(claims[i].cap, total);
  }
}

}  // namespace windtunnel
