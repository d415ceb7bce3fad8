// What busy neighbours cost beyond the division of the SMs: L2, DRAM bandwidth, block scheduler, power.
#pragma once

namespace windtunnel {

/// sigma = 1 + slowdown + launch * partners / t + sum over partners of pressure * items / t_partner
/// - `slowdown`: clocks, DRAM and whatever else does not grow with the partner;
/// - `launch`: the scheduler's delay of a batch for each partner (kernels times delay of each), so short batches feel
/// it
///   most;
/// - `pressure`: what each item a second of this model adds to everybody else's sigma, as traffic through L2 and DRAM
/// does. Linear in its three figures, so that pairs of measurements fix them by least squares.
struct Contention {
  double slowdown = 0;
  double launch_s = 0;
  double pressure_s = 0;
};

/// Defaults of a pair of which nothing is known: the mean over 125 settings of two CNNs under disjoint caps, V100 [C].
inline constexpr double kPairSlowdown = 0.12;

struct ContentionTerms {
  double time_s = 0;    ///< of one's own batch, without contention
  int partners = 0;     ///< busy ones besides itself
  double pressure = 0;  ///< sum of the partners' pressure_s * items / time_s
};

/// sigma, at least 1 and exactly 1 alone.
double contention_factor(const Contention& own, const ContentionTerms& terms);

}  // namespace windtunnel
