// What each of several busy processes gets of the SMs under MPS.
#pragma once

#include <span>

namespace windtunnel {

/// One busy process: what it may use, and what it keeps busy of that when alone (kappa).
struct Claim {
  double cap = 1;     ///< (0, 1]
  double useful = 1;  ///< [0, cap]
  /// Its time follows the granted share (a law or a table); false: it runs at granted / useful, the plain fluid.
  bool by_law = true;
};

/// The share s to put into each one's t(b, s), so that
/// - n identical processes get min(cap, total / n): the law's n w b / s, whatever they keep busy;
/// - different ones get at least what fluid water-filling of their useful shares gives, and a large batch beside a
/// small
///   one gets what the small one leaves, scaled to its own use: partners claim useful_i / useful_j of j's cap;
/// - the sum of what is really kept busy, useful work over time, never passes `total`.
/// @param total  share of the card they have together, (0, 1]; at most 64 claims
void granted_shares(std::span<const Claim> claims, double total, std::span<double> out);

}  // namespace windtunnel
