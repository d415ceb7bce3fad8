#include "sim/workload/modulated_processes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace windtunnel {

namespace {
constexpr double kNoArrival = std::numeric_limits<double>::infinity();
}

MmppProcess::MmppProcess(MarkovChain chain, std::vector<double> rates_per_s)
    : walk_(std::move(chain)), rates_per_s_(std::move(rates_per_s)) {}

double MmppProcess::next_gap_s(Rng& rng) {
  if (!started_) {
    started_ = true;
    walk_.start(rng);
  }
  double passed = 0;
  while (true) {
    const double rate = rates_per_s_[walk_.state()];
    const double gap = rate > 0 ? exponential_(rng) / rate : kNoArrival;
    if (gap <= walk_.left_s()) {
      walk_.pass(gap);
      return passed + gap;
    }
    passed += walk_.left_s();
    if (!(passed < kMaxSeconds)) return kNoArrival;
    walk_.change(rng);
  }
}

bool MmppProcess::multiply_rate(double factor) {
  for (double& rate : rates_per_s_) rate *= factor;
  return true;
}

OnOffProcess::OnOffProcess(double rate_on_per_s, double share_on, const GapSampler& on, const GapSampler& off)
    : rate_on_per_s_(rate_on_per_s), share_on_(share_on), on_(on), off_(off) {}

double OnOffProcess::next_gap_s(Rng& rng) {
  if (!started_) {
    started_ = true;
    is_on_ = rng.uniform() < share_on_;
    left_s_ = is_on_ ? on_(rng) : off_(rng);
  }
  double passed = 0;
  while (true) {
    if (is_on_) {
      const double gap = exponential_(rng) / rate_on_per_s_;
      if (gap <= left_s_) {
        left_s_ -= gap;
        return passed + gap;
      }
    }
    passed += left_s_;
    if (!(passed < kMaxSeconds)) return kNoArrival;
    is_on_ = !is_on_;
    left_s_ = is_on_ ? on_(rng) : off_(rng);
  }
}

bool OnOffProcess::multiply_rate(double factor) {
  rate_on_per_s_ *= factor;
  return true;
}

HawkesProcess::HawkesProcess(double rate_per_s, double branching, double decay_s)
    : base_per_s_(rate_per_s * (1 - branching)),
      branching_(branching),
      decay_per_s_(1 / decay_s),
      excess_per_s_(rate_per_s - base_per_s_) {}

double HawkesProcess::next_gap_s(Rng& rng) {
  const double from_base = exponential_(rng) / base_per_s_;
  const double amount = exponential_(rng);
  // The excess yields at most excess / decay arrivals before it is gone; the first of them, if there is one.
  const double share = excess_per_s_ > 0 ? amount * decay_per_s_ / excess_per_s_ : kNoArrival;
  const double from_excess = share < 1 ? -std::log1p(-share) / decay_per_s_ : kNoArrival;
  const double gap = std::min(from_base, from_excess);
  excess_per_s_ = excess_per_s_ * std::exp(-decay_per_s_ * gap) + branching_ * decay_per_s_;
  return gap;
}

bool HawkesProcess::multiply_rate(double factor) {
  base_per_s_ *= factor;
  excess_per_s_ *= factor;
  return true;
}

RampProcess::RampProcess(double rate_per_s, double to_per_s, double at_s, double over_s)
    : from_per_s_(rate_per_s), to_per_s_(to_per_s), at_s_(at_s), over_s_(over_s) {}

double RampProcess::next_gap_s(Rng& rng) {
  double amount = exponential_(rng);  // of the integrated rate, to be used up
  const double start = now_s_;
  if (now_s_ < at_s_) {
    const double flat = from_per_s_ * (at_s_ - now_s_);
    if (amount <= flat) return (now_s_ += amount / from_per_s_) - start;
    amount -= flat;
    now_s_ = at_s_;
  }
  if (const double end = at_s_ + over_s_; now_s_ < end) {
    const double slope = (to_per_s_ - from_per_s_) / over_s_;
    const double rate = from_per_s_ + slope * (now_s_ - at_s_);
    const double sloping = (rate + to_per_s_) / 2 * (end - now_s_);
    if (amount <= sloping) {
      const double root = std::sqrt(std::max(0.0, rate * rate + 2 * slope * amount));
      return (now_s_ += std::min(2 * amount / (rate + root), end - now_s_)) - start;
    }
    amount -= sloping;
    now_s_ = end;
  }
  now_s_ += to_per_s_ > 0 ? amount / to_per_s_ : kNoArrival;
  return now_s_ - start;
}

bool RampProcess::multiply_rate(double factor) {
  from_per_s_ *= factor;
  to_per_s_ *= factor;
  return true;
}

/// The instant at which the crowd's integrated rate has grown by `amount` since after_s.
double FlashCrowdProcess::next_of_crowd(double after_s, double amount) const {
  const auto& [rate, peak, at, rise, decay, every] = shape_;
  const double top = rate * (peak - 1);
  if (!(top > 0)) return kNoArrival;
  double begin = at;
  if (every > 0 && after_s > at) begin += std::floor((after_s - at) / every) * every;
  if (every > 0) {  // whole occurrences that the amount outlasts are skipped at once
    const double whole = top * (rise / 2 + decay * -std::expm1((rise - every) / decay));
    const double skipped = std::floor(std::max(0.0, amount / whole - 1));
    amount -= skipped * whole;
    begin += skipped * every;
    after_s += skipped * every;
  }
  while (begin < kMaxSeconds) {
    const double summit = begin + rise;
    const double end = every > 0 ? begin + every : kNoArrival;
    const double from = std::max(after_s, begin);
    if (from < summit) {
      const double done = from - begin;
      const double rising = top * (rise * rise - done * done) / (2 * rise);
      if (amount <= rising) return begin + std::min(rise, std::sqrt(done * done + 2 * rise * amount / top));
      amount -= rising;
    }
    const double past = std::max(from, summit) - summit;
    const double falling = top * decay * (std::exp(-past / decay) - (every > 0 ? std::exp((summit - end) / decay) : 0));
    if (amount < falling)
      return summit + std::max(past, -decay * std::log(std::exp(-past / decay) - amount / (top * decay)));
    if (every <= 0) break;
    amount -= std::max(0.0, falling);
    begin = after_s = end;
  }
  return kNoArrival;
}

double FlashCrowdProcess::next_gap_s(Rng& rng) {
  const auto base_after = [&](double at) { return at + exponential_(rng) / shape_.rate_per_s; };
  if (!started_) {
    started_ = true;
    base_at_s_ = base_after(0);
    crowd_at_s_ = next_of_crowd(0, exponential_(rng));
  }
  const double before = now_s_;
  now_s_ = std::min(base_at_s_, crowd_at_s_);
  if (base_at_s_ <= crowd_at_s_)
    base_at_s_ = base_after(now_s_);
  else
    crowd_at_s_ = next_of_crowd(now_s_, exponential_(rng));
  return now_s_ - before;
}

bool FlashCrowdProcess::multiply_rate(double factor) {
  shape_.rate_per_s *= factor;
  return true;
}

}  // namespace windtunnel
