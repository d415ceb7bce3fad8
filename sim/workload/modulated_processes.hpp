// Processes with a clock of their own: Markov-modulated, on-off, self-exciting, and one-off events. A curve or a batch
// size changes their rate and leaves that clock alone (GapProcess::multiply_rate).
#pragma once

#include <boost/random/exponential_distribution.hpp>

#include "sim/workload/gap_law.hpp"
#include "sim/workload/markov_chain.hpp"
#include "sim/workload/registry.hpp"

namespace windtunnel {

/// Markov-modulated Poisson process: Poisson with the rate of the present state (Fischer & Meier-Hellstern 1993). The
/// first state is drawn from the shares of time. Draws: one for the first state; then a gap, and at each change of
/// state its sojourn, the next state (with more than two) and a new gap.
class MmppProcess final : public GapProcess {
 public:
  MmppProcess(MarkovChain chain, std::vector<double> rates_per_s);
  double next_gap_s(Rng& rng) override;
  bool multiply_rate(double factor) override;

 private:
  ChainWalk walk_;
  std::vector<double> rates_per_s_;
  bool started_ = false;
  boost::random::exponential_distribution<double> exponential_{1.0};
};

/// Poisson while on, silent while off; on and off times alternate, each from its own law. Starts with a whole on or off
/// time, with the odds of their means. Draws: one for that; then on and off times and gaps as they come.
class OnOffProcess final : public GapProcess {
 public:
  OnOffProcess(double rate_on_per_s, double share_on, const GapSampler& on, const GapSampler& off);
  double next_gap_s(Rng& rng) override;
  bool multiply_rate(double factor) override;

 private:
  double rate_on_per_s_;
  double share_on_;
  GapSampler on_, off_;
  double left_s_ = 0;
  bool is_on_ = false, started_ = false;
  boost::random::exponential_distribution<double> exponential_{1.0};
};

/// Hawkes process with exponential kernel (Hawkes 1971): each arrival adds branching / decay to the intensity, which
/// falls back to its base with time constant decay. Exact draws, two for each arrival (Dassios & Zhao 2013). Begins at
/// its mean intensity.
class HawkesProcess final : public GapProcess {
 public:
  HawkesProcess(double rate_per_s, double branching, double decay_s);
  double next_gap_s(Rng& rng) override;
  bool multiply_rate(double factor) override;

 private:
  double base_per_s_, branching_, decay_per_s_;
  double excess_per_s_;  // intensity above the base
  boost::random::exponential_distribution<double> exponential_{1.0};
};

/// Poisson whose rate goes linearly from one value to another and stays there. One draw an arrival.
class RampProcess final : public GapProcess {
 public:
  RampProcess(double rate_per_s, double to_per_s, double at_s, double over_s);
  double next_gap_s(Rng& rng) override;
  bool multiply_rate(double factor) override;

 private:
  double from_per_s_, to_per_s_, at_s_, over_s_;
  double now_s_ = 0;
  boost::random::exponential_distribution<double> exponential_{1.0};
};

/// Poisson at a base rate, and a crowd on top: it comes linearly up to (peak - 1) x rate within `rise` from `at` on and
/// goes with time constant `decay`; again each `every`, if that is above 0 (the tail ends when the next one begins).
/// Draws: one for each query of either kind, and one ahead for the other.
class FlashCrowdProcess final : public GapProcess {
 public:
  struct Shape {
    double rate_per_s, peak, at_s, rise_s, decay_s, every_s;
  };
  explicit FlashCrowdProcess(const Shape& shape) : shape_(shape) {}
  double next_gap_s(Rng& rng) override;
  bool multiply_rate(double factor) override;

 private:
  [[nodiscard]] double next_of_crowd(double after_s, double amount) const;

  Shape shape_;
  double now_s_ = 0, base_at_s_ = 0, crowd_at_s_ = 0;
  bool started_ = false;
  boost::random::exponential_distribution<double> exponential_{1.0};
};

}  // namespace windtunnel
