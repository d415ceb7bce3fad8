// The chain of states behind a Markov-modulated process: how long each lasts and which follows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/core/param.hpp"

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

/// What is wrong with `sojourn` and `transitions`, or with `generator`, for that many states; empty when fine.
std::string check_chain(const ParamSet& params, std::size_t states);
/// The chain of checked parameters. Without `transitions` each other state is as likely.
MarkovChain chain_of(const ParamSet& params, std::size_t states);

}  // namespace windtunnel
