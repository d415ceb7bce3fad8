#include "sim/workload/poisson_hmm.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace windtunnel {
namespace {

using States = Eigen::Array<double, Eigen::Dynamic, 1, 0, kMostHmmStates, 1>;
using Steps = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor, kMostHmmStates, kMostHmmStates>;

constexpr int kMostRounds = 60;
constexpr double kLeastGain = 1e-6;    // of the log likelihood, per bin
constexpr double kLeastFactor = 1e-6;  // a state's rate over the mean: silence, but not beyond recall
constexpr double kLeastStep = 1e-9;

struct Model {
  States start, factors;
  Steps steps;
};

/// Factors at the quantiles of the counts, taken over stretches that hold at least eight expected queries.
States first_factors(std::span<const double> counts, std::span<const double> expected, Eigen::Index n) {
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
  States factors(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    const double place = (static_cast<double>(k) + 0.5) / static_cast<double>(n);
    factors[k] = std::max(0.05, ratios[static_cast<std::size_t>(place * static_cast<double>(ratios.size()))]);
    if (k > 0 && factors[k] < factors[k - 1] * 1.02) factors[k] = factors[k - 1] * 1.02;
  }
  return factors;
}

Model first_model(const States& factors, double sojourn_bins) {
  const Eigen::Index n = factors.size();
  Model model{.start = States::Constant(n, 1.0 / static_cast<double>(n)), .factors = factors, .steps = Steps(n, n)};
  model.steps.setConstant(n > 1 ? 1 / sojourn_bins / static_cast<double>(n - 1) : 1);
  for (Eigen::Index k = 0; k < n && n > 1; ++k) model.steps(k, k) = 1 - 1 / sojourn_bins;
  return model;
}

/// One round: expectations under `model`, the better model from them, and the log likelihood of the old one.
class Round {
 public:
  Round(std::span<const double> counts, std::span<const double> expected)
      : counts_(counts), expected_(expected), forward_(counts.size()), scale_(counts.size()), likely_(counts.size()) {}

  double run(Model& model) {
    const double log_likelihood = go_forward(model);
    go_backward(model);
    return log_likelihood;
  }

 private:
  /// P(count | state) over its largest value, whose logarithm is added to `log_sum`.
  States likelihoods(const Model& model, const States& log_factors, std::size_t bin, double& log_sum) const {
    States logs = States::Zero(model.factors.size());
    const double log_expected = std::log(expected_[bin]);
    double top = -1e300;
    for (Eigen::Index k = 0; k < logs.size(); ++k) {
      logs[k] = counts_[bin] * (log_factors[k] + log_expected) - expected_[bin] * model.factors[k];
      top = std::max(top, logs[k]);
    }
    log_sum += top;
    return (logs - top).exp();
  }

  double go_forward(const Model& model) {
    const States log_factors = model.factors.log();
    double log_sum = 0;
    States state = model.start;
    for (std::size_t bin = 0; bin < counts_.size(); ++bin) {
      if (bin > 0) state = (model.steps.matrix().transpose() * state.matrix()).array();
      likely_[bin] = likelihoods(model, log_factors, bin, log_sum);
      state *= likely_[bin];
      scale_[bin] = std::max(state.sum(), 1e-300);
      state /= scale_[bin];
      log_sum += std::log(scale_[bin]);
      forward_[bin] = state;
    }
    return log_sum;
  }

  void go_backward(Model& model) const {
    const Eigen::Index n = model.factors.size();
    States back = States::Ones(n), weighted_counts = States::Zero(n), weights = States::Zero(n), start = back;
    Steps moves = Steps::Zero(n, n);
    for (std::size_t bin = counts_.size(); bin-- > 0;) {
      const States here = forward_[bin] * back;  // P(state | all counts)
      weighted_counts += here * counts_[bin];
      weights += here * expected_[bin];
      if (bin == 0) {
        start = here;
        break;
      }
      const States ahead = likely_[bin] * back / scale_[bin];
      moves += (forward_[bin - 1].matrix() * ahead.matrix().transpose()).array() * model.steps;
      back = (model.steps.matrix() * ahead.matrix()).array();
    }
    start = start.max(kLeastStep);
    model.start = start / start.sum();
    model.factors = (weighted_counts / weights.max(1e-300)).max(kLeastFactor);
    for (Eigen::Index k = 0; k < n; ++k) {
      const States row = moves.row(k).transpose().max(kLeastStep);
      model.steps.row(k) = (row / row.sum()).transpose();
    }
  }

  std::span<const double> counts_, expected_;
  std::vector<States> forward_;
  std::vector<double> scale_;
  std::vector<States> likely_;
};

PoissonHmm result_of(const Model& model, double log_likelihood) {
  PoissonHmm out;
  out.factors.assign(model.factors.data(), model.factors.data() + model.factors.size());
  out.steps.assign(model.steps.data(), model.steps.data() + model.steps.size());
  out.log_likelihood = log_likelihood;
  return out;
}

}  // namespace

double PoissonHmm::bic(std::size_t bins) const {
  const auto parameters = static_cast<double>(size() * size());
  return parameters * std::log(static_cast<double>(bins)) - 2 * log_likelihood;
}

double PoissonHmm::dispersion(std::size_t width, double count) const {
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
  Round round(counts, expected);
  const States factors = first_factors(counts, expected, states);
  PoissonHmm best;
  for (const double sojourn_bins : {5.0, 50.0}) {
    Model model = first_model(factors, sojourn_bins);
    Model seen = model;  // what the last log likelihood is of
    double before = -1e300, now = before;
    for (int step = 0; step < kMostRounds; ++step) {
      seen = model;
      now = round.run(model);
      if (now - before < kLeastGain * static_cast<double>(counts.size())) break;
      before = now;
    }
    if (best.factors.empty() || now > best.log_likelihood) best = result_of(seen, now);
    if (states == 1) break;
  }
  return best;
}

PoissonHmm select_poisson_hmm(std::span<const double> counts, std::span<const double> expected, int most) {
  PoissonHmm best = fit_poisson_hmm(counts, expected, 1);
  int worse = 0;
  for (int states = 2; states <= most && worse < 2; ++states) {
    PoissonHmm next = fit_poisson_hmm(counts, expected, states);
    worse = next.bic(counts.size()) < best.bic(counts.size()) ? 0 : worse + 1;
    if (worse == 0) best = std::move(next);
  }
  return best;
}

}  // namespace windtunnel
