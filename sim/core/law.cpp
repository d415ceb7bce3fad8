#include "sim/core/law.hpp"

#include <algorithm>

#include "sim/core/error.hpp"

namespace windtunnel {

namespace {

/// Laws without spread draw nothing: the formulas below would divide by a scv or a mean of zero.
LawKind effective_kind(const Law& law) {
  const bool takes_scv = law.kind == LawKind::gamma || law.kind == LawKind::lognormal;
  const bool scales = takes_scv || law.kind == LawKind::exponential || law.kind == LawKind::hyperexponential;
  return (takes_scv && law.scv == 0) || (scales && law.mean == 0) ? LawKind::deterministic : law.kind;
}

}  // namespace

LawSampler::LawSampler(const Law& law) : kind_(effective_kind(law)), mean_(law.mean) {
  switch (kind_) {
    case LawKind::gamma:  // shape 1/scv, scale mean * scv
      gamma_ = boost::random::gamma_distribution<double>(1.0 / law.scv, mean_ * law.scv);
      break;
    case LawKind::lognormal: {
      const double variance = std::log1p(law.scv);
      a_ = std::log(mean_) - variance / 2;
      b_ = std::sqrt(variance);
      break;
    }
    case LawKind::hyperexponential:  // two phases with balanced means
      a_ = (1 + std::sqrt((law.scv - 1) / (law.scv + 1))) / 2;
      b_ = mean_ / (2 * a_);
      c_ = mean_ / (2 * (1 - a_));
      break;
    case LawKind::geometric: a_ = mean_ > 1 ? std::log1p(-1 / mean_) : 0; break;
    case LawKind::discrete: {
      SIM_CHECK(!law.values.empty() && (law.weights.empty() || law.weights.size() == law.values.size()),
                "a discrete law needs values, and a weight for each or none");
      values_ = law.values;
      double total = 0;
      mean_ = 0;
      for (std::size_t i = 0; i < values_.size(); ++i) {
        const double weight = law.weights.empty() ? 1.0 : law.weights[i];
        total += weight;
        mean_ += weight * values_[i];
        cumulative_.push_back(total);
      }
      mean_ /= total;
      for (auto& c : cumulative_) c /= total;
      break;
    }
    default: break;
  }
}

double LawSampler::draw_other(Rng& rng) {
  switch (kind_) {
    case LawKind::gamma: return gamma_(rng);
    case LawKind::lognormal: return std::exp(a_ + b_ * normal_(rng));
    case LawKind::hyperexponential: {
      const double phase = rng.uniform();
      const double unit = exponential_(rng);
      return unit * (phase < a_ ? b_ : c_);
    }
    case LawKind::geometric: {
      if (a_ == 0) return 1;
      const double u = 1 - rng.uniform();  // in (0, 1]
      return 1 + std::floor(std::log(u) / a_);
    }
    case LawKind::discrete: {
      const double u = rng.uniform();
      const auto it = std::upper_bound(cumulative_.begin(), cumulative_.end(), u);
      const auto index = std::min<std::size_t>(static_cast<std::size_t>(it - cumulative_.begin()), values_.size() - 1);
      return values_[index];
    }
    default: return mean_;
  }
}

}  // namespace windtunnel
