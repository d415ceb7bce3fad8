// The chain of states behind a Markov-modulated process: how long each lasts and which follows.
#pragma once

#include <boost/random/exponential_distribution.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include "sim/core/param.hpp"
#include "sim/core/rng.hpp"

namespace windtunnel {

/// Continuous-time chain on states 0 .. n - 1, n <= kMostStates.
struct MarkovChain {
  static constexpr std::size_t kMostStates = 64;
  std::vector<double> exit_rates_per_s;  ///< 1 / mean sojourn
  std::vector<double> jumps;             ///< n x n by rows, where to next; the diagonal is 0, rows sum to 1

  [[nodiscard]] std::size_t size() const { return exit_rates_per_s.size(); }
  /// Share of time in each state (Grassmann, Taksar & Heyman 1985: no subtractions). Every state must reach every
  /// other.
  [[nodiscard]] std::vector<double> stationary() const;
};

/// One way through the chain. Draws: one for the first state, from the shares of time (with more than one); at each
/// entry one for the sojourn, at each change one for the next state (with more than two).
class ChainWalk {
 public:
  explicit ChainWalk(MarkovChain chain) : chain_(std::move(chain)), stationary_(chain_.stationary()) {}
  void start(Rng& rng);
  void change(Rng& rng);
  [[nodiscard]] std::size_t state() const { return state_; }
  /// Of the sojourn in this state; infinite in a chain of one.
  [[nodiscard]] double left_s() const { return left_s_; }
  void pass(double seconds) { left_s_ -= seconds; }

 private:
  void enter(std::size_t state, Rng& rng);
  std::size_t pick(const double* shares, Rng& rng) const;

  MarkovChain chain_;
  std::vector<double> stationary_;
  std::size_t state_ = 0;
  double left_s_ = 0;
  boost::random::exponential_distribution<double> exponential_{1.0};
};

/// What is wrong with `sojourn` and `transitions`, or with `generator`, for that many states; empty when fine.
std::string check_chain(const ParamSet& params, std::size_t states);
/// The chain of checked parameters. Without `transitions` each other state is as likely.
MarkovChain chain_of(const ParamSet& params, std::size_t states);

}  // namespace windtunnel
