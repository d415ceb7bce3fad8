// A hidden Markov chain of rates behind counts: how an MMPP is fitted to a recording.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace windtunnel {

/// Counts are Poisson with mean factor(state) x expected, the state a Markov chain from bin to bin.
struct PoissonHmm {
  std::vector<double> factors;  ///< by state
  std::vector<double> steps;    ///< n x n by rows: probability of the next bin's state
  std::vector<double> entries;  ///< by state: how often the counts make one expect that it began
  double log_likelihood = 0;    ///< without the counts' factorials, which no model changes

  [[nodiscard]] std::size_t size() const { return factors.size(); }
  /// Schwarz's criterion, less is better: parameters n^2, n factors and n (n - 1) steps.
  [[nodiscard]] double bic(std::size_t bins) const;
  /// False if a state is none: entered fewer than 5 times (an event, of which nothing can be said in the mean), or one
  /// between two others that lasts less than two bins (the bins in which the chain changes, which hold some of both).
  /// Likelihood grows by such states far more than Schwarz's criterion takes off.
  [[nodiscard]] bool has_only_states() const;
  /// Variance over mean of the counts in `width` bins that expect `count` queries in all, the chain being stationary.
  [[nodiscard]] double dispersion(std::size_t width, double count) const;
};

inline constexpr int kMostHmmStates = 8;

/// By expectation-maximisation (Baum-Welch with scaling; Rabiner 1989, Zucchini & MacDonald 2009), from two beginnings,
/// states that last 5 bins and 50; the likelier end is kept. At most 60 rounds each, or until the gain in log
/// likelihood is below 1e-6 a bin.
/// @param expected  mean counts at factor 1, above 0; as many as counts
/// @param states    1 to kMostHmmStates
PoissonHmm fit_poisson_hmm(std::span<const double> counts, std::span<const double> expected, int states);

/// Share of the spans of `width` bins, those without a count aside, that the chain makes likelier than Poisson counts
/// of factor 1 do: where bursts are the traffic's way, most; where they are a few events in a long recording, few.
double share_of_spans(const PoissonHmm& hmm, std::span<const double> counts, std::span<const double> expected,
                      std::size_t width);

/// Fits 1, 2, ... up to `most` states and keeps the least BIC of those that have only states; stops once two in a row
/// are no better.
PoissonHmm select_poisson_hmm(std::span<const double> counts, std::span<const double> expected, int most);

}  // namespace windtunnel
