#include "sim/workload/poisson_hmm.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace windtunnel {
namespace {

constexpr int kMostRounds = 60;
constexpr double kLeastGain = 1e-6;    // of the log likelihood, per bin
constexpr double kLeastFactor = 1e-6;  // a state's rate over the mean: silence, but not beyond recall
constexpr double kLeastStep = 1e-9;
constexpr double kLeastEntries = 5;  // of a state: how long it lasts is then known to a factor of about two
constexpr double kLeastStay = 2;     // bins, of a state between two others

/// Plain arrays, of which the first n (n x n, by rows) count: each bin of a recording passes here hundreds of times.
struct HmmModel {
  std::size_t n = 0;
  double start[kMostHmmStates] = {}, factors[kMostHmmStates] = {};
  double steps[kMostHmmStates * kMostHmmStates] = {};
  double entries[kMostHmmStates] = {};  ///< how often the last round saw each state begin
};

/// Factors at the quantiles of the counts, taken over stretches that hold at least eight expected queries.
std::vector<double> first_factors(std::span<const double> counts, std::span<const double> expected, std::size_t n) {
  std::vector<double> ratios;
  double count = 0, mean = 0;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    count += counts[bin];
    mean += expected[bin];
    if (mean < 8) continue;
    ratios.push_back(count / mean);
    count = mean = 0;
  }
  if (ratios.empty()) ratios.push_back(1);
  std::sort(ratios.begin(), ratios.end());
  std::vector<double> factors(n);
  for (std::size_t k = 0; k < n; ++k) {
    const double place = (static_cast<double>(k) + 0.5) / static_cast<double>(n);
    factors[k] = std::max(0.05, ratios[static_cast<std::size_t>(place * static_cast<double>(ratios.size()))]);
    if (k > 0 && factors[k] < factors[k - 1] * 1.02) factors[k] = factors[k - 1] * 1.02;
  }
  return factors;
}

HmmModel first_model(const std::vector<double>& factors, double sojourn_bins) {
  HmmModel model{.n = factors.size()};
  const std::size_t n = model.n;
  for (std::size_t i = 0; i < n; ++i) {
    model.start[i] = 1.0 / static_cast<double>(n);
    model.factors[i] = factors[i];
    for (std::size_t j = 0; j < n; ++j)
      model.steps[i * n + j] = n == 1   ? 1
                               : i == j ? 1 - 1 / sojourn_bins
                                        : 1 / sojourn_bins / static_cast<double>(n - 1);
  }
  return model;
}

/// One round: expectations under `model`, the better model from them, and the log likelihood of the old one.
class HmmRound {
 public:
  HmmRound(std::span<const double> counts, std::span<const double> expected, std::size_t states)
      : counts_(counts),
        expected_(expected),
        n_(states),
        forward_(counts.size() * states),
        likely_(counts.size() * states),
        scale_(counts.size()),
        tops_(counts.size()) {
    for (std::size_t bin = 0; bin < counts.size(); ++bin) log_sum_0_ += counts[bin] * std::log(expected[bin]);
  }

  /// Of a bin given those before, under the model last run through; what all states share left out.
  [[nodiscard]] double log_likelihood_of(std::size_t bin) const { return tops_[bin] + std::log(scale_[bin]); }
  double run_forward(const HmmModel& model) { return go_forward(model); }
  double run(HmmModel& model) {
    const double log_likelihood = go_forward(model);
    go_backward(model);
    return log_likelihood;
  }

 private:
  /// P(count | state) over its largest value, but for what all states share. @return the logarithm of that value
  double likelihoods(const HmmModel& model, const double* log_factors, std::size_t bin, double* out) const {
    double top = -1e300;
    for (std::size_t k = 0; k < n_; ++k) {
      out[k] = counts_[bin] * log_factors[k] - expected_[bin] * model.factors[k];
      top = std::max(top, out[k]);
    }
    for (std::size_t k = 0; k < n_; ++k) out[k] = std::exp(out[k] - top);
    return top;
  }

  double go_forward(const HmmModel& model) {
    double log_factors[kMostHmmStates];
    for (std::size_t k = 0; k < n_; ++k) log_factors[k] = std::log(model.factors[k]);
    double log_sum = log_sum_0_;
    const double* before = model.start;
    for (std::size_t bin = 0; bin < counts_.size(); ++bin) {
      double* here = &forward_[bin * n_];
      double* likely = &likely_[bin * n_];
      log_sum += tops_[bin] = likelihoods(model, log_factors, bin, likely);
      double sum = 0;
      for (std::size_t k = 0; k < n_; ++k) {
        double state = bin == 0 ? before[k] : 0;
        for (std::size_t from = 0; bin > 0 && from < n_; ++from) state += model.steps[from * n_ + k] * before[from];
        sum += here[k] = state * likely[k];
      }
      scale_[bin] = std::max(sum, 1e-300);
      log_sum += std::log(scale_[bin]);
      for (std::size_t k = 0; k < n_; ++k) here[k] /= scale_[bin];
      before = here;
    }
    return log_sum;
  }

  void go_backward(HmmModel& model) const {
    double back[kMostHmmStates], ahead[kMostHmmStates], here[kMostHmmStates] = {};
    double weighted_counts[kMostHmmStates] = {}, weights[kMostHmmStates] = {};
    double moves[kMostHmmStates * kMostHmmStates] = {};
    std::fill_n(back, n_, 1.0);
    for (std::size_t bin = counts_.size(); bin-- > 0;) {
      for (std::size_t k = 0; k < n_; ++k) {
        here[k] = forward_[bin * n_ + k] * back[k];  // P(state | all counts)
        weighted_counts[k] += here[k] * counts_[bin];
        weights[k] += here[k] * expected_[bin];
        ahead[k] = likely_[bin * n_ + k] * back[k] / scale_[bin];
      }
      if (bin == 0) break;
      for (std::size_t i = 0; i < n_; ++i) {
        const double from = forward_[(bin - 1) * n_ + i];
        double sum = 0;
        for (std::size_t j = 0; j < n_; ++j) {
          const double step = model.steps[i * n_ + j] * ahead[j];
          moves[i * n_ + j] += from * step;
          sum += step;
        }
        back[i] = sum;
      }
    }
    set(model, here, weighted_counts, weights, moves);
  }

  /// `moves` as expected numbers of steps from state to state.
  void set(HmmModel& model, const double* start, const double* weighted_counts, const double* weights,
           double* moves) const {
    double starts = 0;
    for (std::size_t k = 0; k < n_; ++k) starts += model.start[k] = std::max(start[k], kLeastStep);
    for (std::size_t i = 0; i < n_; ++i) {
      model.start[i] /= starts;
      model.factors[i] = std::max(weighted_counts[i] / std::max(weights[i], 1e-300), kLeastFactor);
      model.entries[i] = 0;
      for (std::size_t j = 0; j < n_; ++j) model.entries[i] += i == j ? 0 : moves[j * n_ + i];
    }
    for (std::size_t i = 0; i < n_; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < n_; ++j) sum += moves[i * n_ + j] = std::max(moves[i * n_ + j], kLeastStep);
      for (std::size_t j = 0; j < n_; ++j) model.steps[i * n_ + j] = moves[i * n_ + j] / sum;
    }
  }

  std::span<const double> counts_, expected_;
  std::size_t n_;
  std::vector<double> forward_, likely_;  // bins x n
  std::vector<double> scale_, tops_;
  double log_sum_0_ = 0;  // of the log likelihood, what no model changes but the factorials
};

PoissonHmm result_of(const HmmModel& model, double log_likelihood) {
  PoissonHmm out;
  out.factors.assign(model.factors, model.factors + model.n);
  out.steps.assign(model.steps, model.steps + model.n * model.n);
  out.entries.assign(model.entries, model.entries + model.n);
  out.log_likelihood = log_likelihood;
  return out;
}

}  // namespace

double PoissonHmm::bic(std::size_t bins) const {
  const auto parameters = static_cast<double>(size() * size());
  return parameters * std::log(static_cast<double>(bins)) - 2 * log_likelihood;
}

bool PoissonHmm::has_only_states() const {
  if (size() == 1) return true;
  const auto [low, high] = std::minmax_element(factors.begin(), factors.end());
  for (std::size_t k = 0; k < size(); ++k) {
    const bool between = &factors[k] != &*low && &factors[k] != &*high;
    const double stay = 1 / std::max(1 - steps[k * size() + k], 1e-12);
    if (entries[k] < kLeastEntries || (between && stay < kLeastStay)) return false;
  }
  return true;
}

double PoissonHmm::dispersion(std::size_t width, double count) const {
  using States = Eigen::Array<double, Eigen::Dynamic, 1, 0, kMostHmmStates, 1>;
  using Steps = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor, kMostHmmStates, kMostHmmStates>;
  const auto n = static_cast<Eigen::Index>(size());
  const Eigen::Map<const Steps> step(steps.data(), n, n);
  const Eigen::Map<const States> factor(factors.data(), n);
  States share = States::Constant(n, 1.0 / static_cast<double>(n));
  Steps many = step;  // P^(2^20): every row is the stationary law
  for (int squaring = 0; squaring < 20; ++squaring) {
    many = (many.matrix() * many.matrix()).array();
    for (Eigen::Index k = 0; k < n; ++k) many.row(k) /= many.row(k).sum();
  }
  share = many.row(0).transpose();
  const double mean = (share * factor).sum();
  const auto m = static_cast<double>(width);
  States ahead = factor / mean;  // P^k times the factors
  double sum = 0;                // of the covariances of all pairs of bins
  for (std::size_t k = 0; k < width; ++k) {
    const double covariance = (share * factor / mean * ahead).sum() - 1;
    sum += (k == 0 ? m : 2 * (m - static_cast<double>(k))) * covariance;
    ahead = (step.matrix() * ahead.matrix()).array();
  }
  return 1 + count * sum / (m * m);
}

PoissonHmm fit_poisson_hmm(std::span<const double> counts, std::span<const double> expected, int states) {
  HmmRound round(counts, expected, static_cast<std::size_t>(states));
  const std::vector<double> factors = first_factors(counts, expected, static_cast<std::size_t>(states));
  PoissonHmm best;
  for (const double sojourn_bins : {5.0, 50.0}) {
    HmmModel model = first_model(factors, sojourn_bins);
    HmmModel seen = model;  // what the last log likelihood is of
    double before = -1e300, now = before;
    for (int step = 0; step < kMostRounds; ++step) {
      seen = model;
      now = round.run(model);
      if (now - before < kLeastGain * static_cast<double>(counts.size())) break;
      before = now;
    }
    std::copy_n(model.entries, model.n, seen.entries);
    if (best.factors.empty() || now > best.log_likelihood) best = result_of(seen, now);
    if (states == 1) break;
  }
  return best;
}

double share_of_spans(const PoissonHmm& hmm, std::span<const double> counts, std::span<const double> expected,
                      std::size_t width) {
  HmmModel model{.n = hmm.size()};
  for (std::size_t k = 0; k < model.n; ++k) {
    model.start[k] = 1.0 / static_cast<double>(model.n);
    model.factors[k] = hmm.factors[k];
  }
  std::copy(hmm.steps.begin(), hmm.steps.end(), model.steps);
  HmmRound round(counts, expected, model.n);
  (void)round.run_forward(model);
  double spans = 0, better = 0;
  for (std::size_t begin = 0; begin < counts.size(); begin += width) {
    double gain = 0, count = 0;
    for (std::size_t bin = begin; bin < std::min(begin + width, counts.size()); ++bin) {
      gain += round.log_likelihood_of(bin) + expected[bin];
      count += counts[bin];
    }
    spans += count > 0 ? 1 : 0;
    better += count > 0 && gain > 0 ? 1 : 0;
  }
  return spans > 0 ? better / spans : 0;
}

PoissonHmm select_poisson_hmm(std::span<const double> counts, std::span<const double> expected, int most) {
  PoissonHmm best = fit_poisson_hmm(counts, expected, 1);
  int worse = 0;
  for (int states = 2; states <= most && worse < 2; ++states) {
    PoissonHmm next = fit_poisson_hmm(counts, expected, states);
    const bool better = next.has_only_states() && next.bic(counts.size()) < best.bic(counts.size());
    worse = better ? 0 : worse + 1;
    if (better) best = std::move(next);
  }
  return best;
}

}  // namespace windtunnel
