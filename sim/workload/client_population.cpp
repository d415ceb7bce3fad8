#include "sim/workload/client_population.hpp"

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <cmath>
#include <functional>
#include <limits>

namespace windtunnel {
namespace {

double unit_gap(const ClientWindow& window, Rng& rng) {
  if (window.gaps == ClientWindow::Gaps::gamma)
    return boost::random::gamma_distribution<double>(window.shape, 1 / window.shape)(rng);
  const double amount = boost::random::exponential_distribution<double>(1.0)(rng);
  if (window.gaps == ClientWindow::Gaps::exponential) return amount;
  return std::pow(amount, 1 / window.shape) / std::exp(std::lgamma(1 + 1 / window.shape));
}

}  // namespace

double ClientWindows::mean_rate_per_s() const {
  double sum = 0;
  for (const auto& client : clients)
    for (const ClientWindow& window : client) sum += window.rate_per_s / static_cast<double>(client.size());
  return sum;
}

ClientWindows zipf_clients(int count, double skew, double rate_per_s, ClientWindow::Gaps gaps, double shape) {
  ClientWindows out;
  double sum = 0;
  for (int rank = 1; rank <= count; ++rank) sum += std::pow(rank, -skew);
  for (int rank = 1; rank <= count; ++rank)
    out.clients.push_back({{.rate_per_s = rate_per_s * std::pow(rank, -skew) / sum, .shape = shape, .gaps = gaps}});
  return out;
}

/// The instant at which the client's integrated rate has grown by a gap drawn at from_s.
double ClientPopulation::advance(std::size_t client, double from_s, Rng& rng) const {
  const auto& windows = windows_.clients[client];
  const auto count = static_cast<double>(windows.size());
  double index = std::floor(from_s / windows_.width_s);
  double amount = unit_gap(windows[static_cast<std::size_t>(std::fmod(index, count))], rng);
  if (windows.size() == 1) return from_s + amount / (windows[0].rate_per_s * factor_);
  const double rounds = std::floor(amount / (per_round_[client] * factor_));  // whole turns of all windows
  amount -= rounds * per_round_[client] * factor_;
  index += rounds * count;
  double at_s = from_s + rounds * count * windows_.width_s;
  for (std::size_t step = 0; step < windows.size() + 2; ++step, ++index) {
    const double end_s = (index + 1) * windows_.width_s;
    const double rate = windows[static_cast<std::size_t>(std::fmod(index, count))].rate_per_s * factor_;
    const double here = rate * (end_s - at_s);
    if (amount <= here && rate > 0) return std::min(at_s + amount / rate, end_s);
    amount -= here;
    at_s = end_s;
  }
  return at_s;  // only rounding leads here
}

void ClientPopulation::start(Rng& rng) {
  started_ = true;
  for (std::size_t client = 0; client < windows_.clients.size(); ++client) {
    double queries = 0;
    for (const ClientWindow& window : windows_.clients[client]) queries += window.rate_per_s * windows_.width_s;
    per_round_.push_back(queries);
    if (!(queries > 0)) continue;
    due_.push_back({advance(client, 0, rng), static_cast<std::uint32_t>(client)});
    std::push_heap(due_.begin(), due_.end(), std::greater<>{});
  }
}

double ClientPopulation::next_gap_s(Rng& rng) {
  if (!started_) start(rng);
  if (due_.empty() || !(due_.front().at_s < kMaxSeconds)) return std::numeric_limits<double>::infinity();
  std::pop_heap(due_.begin(), due_.end(), std::greater<>{});
  Due& next = due_.back();
  const double gap = std::max(0.0, next.at_s - now_s_);
  now_s_ = next.at_s;
  next.at_s = advance(next.client, next.at_s, rng);
  std::push_heap(due_.begin(), due_.end(), std::greater<>{});
  return gap;
}

bool ClientPopulation::multiply_rate(double factor) {
  factor_ *= factor;
  return true;
}

}  // namespace windtunnel
