// What busy neighbours cost beyond the division of the SMs: L2, DRAM bandwidth, block scheduler, power.
#pragma once

namespace windtunnel {

/// sigma = 1 + slowdown + launch * partners / t + exposure * items / t + sum over partners of pressure * items / t
/// - `slowdown`: clocks and whatever else grows neither with the partner nor with itself;
/// - `launch`: the scheduler's delay of a batch for each partner (kernels times the delay of each), so short batches
/// feel
///   it most;
/// - `exposure`: what each item a second of its own adds: who moves much data feels company most;
/// - `pressure`: what each item a second of this model adds to everybody else's sigma: traffic through L2 and DRAM.
/// Linear in its four figures, so that pairs of measurements fix them by least squares. iGniter's terms and gpulets'
/// regression are of this form.
struct Contention {
  double slowdown = 0;
  double launch_s = 0;
  double pressure_s = 0;
  double exposure_s = 0;
};

struct ContentionTerms {
  double items = 1;     ///< of one's own batch
  double time_s = 0;    ///< of one's own batch, without contention
  int partners = 0;     ///< busy ones besides itself
  double pressure = 0;  ///< sum of the partners' pressure_s * items / time_s
};

/// sigma, at least 1 and exactly 1 alone.
double contention_factor(const Contention& own, const ContentionTerms& terms);

}  // namespace windtunnel
