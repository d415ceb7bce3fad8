#include "sim/workload/markov_chain.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace windtunnel {
namespace {

/// True if every state leads to every other over entries above 0.
bool is_irreducible(const std::vector<double>& jumps, std::size_t n) {
  for (const bool forward : {true, false}) {
    std::vector<bool> seen(n);
    std::vector<std::size_t> open = {0};
    seen[0] = true;
    std::size_t count = 1;
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      for (std::size_t to = 0; to < n; ++to) {
        if (seen[to] || !(jumps[forward ? at * n + to : to * n + at] > 0)) continue;
        seen[to] = true;
        ++count;
        open.push_back(to);
      }
    }
    if (count < n) return false;
  }
  return true;
}

std::string check_generator(const std::vector<double>& q, std::size_t n) {
  if (q.size() != n * n)
    return fmt::format("generator: has {} numbers; {} states need {} x {}, row by row", q.size(), n, n, n);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0, largest = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const double value = q[i * n + j];
      if (i != j && value < 0)
        return fmt::format("generator: {} from state {} to {} is below 0; rates off the diagonal are >= 0", value, i,
                           j);
      sum += value;
      largest = std::max(largest, std::abs(value));
    }
    if (!(largest > 0)) return fmt::format("generator: row {} is all 0; no state may last for ever", i);
    if (std::abs(sum) > 1e-6 * largest)
      return fmt::format("generator: row {} sums to {}; a row sums to 0, its diagonal is minus the others", i, sum);
  }
  return {};
}

std::string check_transitions(const std::vector<double>& p, std::size_t n) {
  if (p.size() != n * n)
    return fmt::format("transitions: has {} numbers; {} states need {} x {}, row by row", p.size(), n, n, n);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < n; ++j) sum += p[i * n + j];
    if (p[i * n + i] != 0)
      return fmt::format("transitions: state {} goes to itself; make its sojourn longer instead", i);
    if (std::abs(sum - 1) > 1e-3) return fmt::format("transitions: row {} sums to {}; it must sum to 1", i, sum);
  }
  return {};
}

}  // namespace

std::string check_chain(const ParamSet& params, std::size_t states) {
  if (states < 1 || states > MarkovChain::kMostStates)
    return fmt::format("levels: has {} numbers; there are 1 to {} states", states, MarkovChain::kMostStates);
  if (states == 1) return {};
  if (params.has("generator") == params.has("sojourn"))
    return params.has("sojourn") ? "generator and sojourn are both given; keep one"
                                 : "neither sojourn (how long each state lasts) nor generator is given; give one";
  if (params.has("generator") && params.has("transitions"))
    return "generator and transitions are both given; the generator says where to already";
  std::string wrong;
  if (params.has("generator"))
    wrong = check_generator(params.numbers("generator"), states);
  else if (params.numbers("sojourn").size() != states)
    wrong = fmt::format("sojourn: has {} durations; levels names {} states", params.numbers("sojourn").size(), states);
  else if (params.has("transitions"))
    wrong = check_transitions(params.numbers("transitions"), states);
  if (!wrong.empty()) return wrong;
  if (!is_irreducible(chain_of(params, states).jumps, states))
    return "some state is never reached from another; every state must lead to every other";
  return {};
}

MarkovChain chain_of(const ParamSet& params, std::size_t n) {
  MarkovChain chain{.exit_rates_per_s = std::vector<double>(n), .jumps = std::vector<double>(n * n)};
  if (n == 1) return chain;
  for (std::size_t i = 0; i < n; ++i) {
    double row = 0;
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j) continue;
      double& jump = chain.jumps[i * n + j];
      jump = params.has("generator")     ? params.numbers("generator")[i * n + j]
             : params.has("transitions") ? params.numbers("transitions")[i * n + j]
                                         : 1;
      row += jump;
    }
    chain.exit_rates_per_s[i] = params.has("generator") ? row : 1 / params.numbers("sojourn")[i];
    for (std::size_t j = 0; j < n; ++j) chain.jumps[i * n + j] /= row;
  }
  return chain;
}

std::vector<double> MarkovChain::stationary() const {
  const std::size_t n = size();
  std::vector<double> rate(n * n), share(n, 1);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) rate[i * n + j] = exit_rates_per_s[i] * jumps[i * n + j];
  for (std::size_t last = n; last-- > 1;) {  // fold the last state into those before it
    double out = 0;
    for (std::size_t j = 0; j < last; ++j) out += rate[last * n + j];
    for (std::size_t i = 0; i < last; ++i) {
      rate[i * n + last] /= out;
      for (std::size_t j = 0; j < last; ++j)
        if (i != j) rate[i * n + j] += rate[i * n + last] * rate[last * n + j];
    }
  }
  for (std::size_t j = 1; j < n; ++j) {
    share[j] = 0;
    for (std::size_t i = 0; i < j; ++i) share[j] += share[i] * rate[i * n + j];
  }
  const double sum = std::accumulate(share.begin(), share.end(), 0.0);
  for (double& s : share) s /= sum;
  return share;
}

std::size_t ChainWalk::pick(const double* shares, Rng& rng) const {
  double u = rng.uniform();
  std::size_t last = 0;  // rounding may leave u above the sum
  for (std::size_t i = 0; i < chain_.size(); ++i) {
    if (!(shares[i] > 0)) continue;
    last = i;
    if ((u -= shares[i]) < 0) break;
  }
  return last;
}

void ChainWalk::enter(std::size_t state, Rng& rng) {
  state_ = state;
  left_s_ =
      chain_.size() == 1 ? std::numeric_limits<double>::infinity() : exponential_(rng) / chain_.exit_rates_per_s[state];
}

void ChainWalk::start(Rng& rng) {
  const std::size_t first = chain_.size() == 1 ? 0 : pick(stationary_.data(), rng);
  enter(first, rng);
}

void ChainWalk::change(Rng& rng) {
  const std::size_t n = chain_.size();
  const std::size_t next = n == 2 ? 1 - state_ : pick(&chain_.jumps[state_ * n], rng);
  enter(next, rng);
}

}  // namespace windtunnel
