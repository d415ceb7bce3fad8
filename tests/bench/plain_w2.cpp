// W2: a sinusoidal day over 1 to 32 replicas, scaled every 15 s by backlog time, 30 s cold start.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/random/exponential_distribution.hpp>

#include "sim/core/rng.hpp"
#include "sim/core/time.hpp"
#include "tests/bench/fifo.hpp"
#include "tests/bench/plain_event.hpp"

namespace windtunnel::bench {
namespace {

constexpr std::int64_t kTick = 15'000'000'000, kColdStart = 30'000'000'000;
constexpr double kPeak = 14.4 * 1.8;

/// Arrival times of a non-homogeneous Poisson process, by thinning.
class Day {
 public:
  Day(Rng gaps, Rng keeps) : gaps_(gaps), keeps_(keeps) {}
  std::int64_t next() {
    for (;;) {
      at_ns_ += to_duration(gap_(gaps_)).count();
      const double t = static_cast<double>(at_ns_) * 1e-9;
      const double rate = 14.4 * (1 + 0.8 * std::sin(2 * std::numbers::pi * t / 3600));
      if (keeps_.uniform() * kPeak < rate) return at_ns_;
    }
  }

 private:
  Rng gaps_, keeps_;
  boost::random::exponential_distribution<double> gap_{kPeak};
  std::int64_t at_ns_ = 0;
};

}  // namespace

PlainResult plain_w2(std::uint64_t queries, std::uint64_t seed) {
  enum : std::uint16_t { kArrival, kDone, kReady, kPolicy };
  const RngStreams streams(seed);
  Day day(streams.stream("arrivals"), streams.stream("thinning"));
  Rng works = streams.stream("work");
  boost::random::exponential_distribution<double> work(1.0);
  struct Waiting {
    std::int64_t since_ns, work_ns;
  };
  PlainQueue events;
  Fifo<Waiting> waiting;
  PlainResult out;
  std::int64_t waited_ns = 0, paid_ns = 0, paid_since = 0;
  int idle = 1, busy = 0, starting = 0, draining = 0;
  const auto pay = [&](std::int64_t now) {  // draining replicas are among the busy ones, so they are paid for
    paid_ns += (now - paid_since) * (idle + busy + starting);
    paid_since = now;
  };
  const auto start = [&](std::int64_t now, const Waiting& query) {
    waited_ns += now - query.since_ns;
    const std::int64_t done = now + query.work_ns;
    out.response_time.record(Duration{done - query.since_ns});
    events.push({done, 0, 0, kDone});
  };
  const auto feed = [&](std::int64_t now) {
    while (idle > 0 && !waiting.empty()) {
      --idle;
      ++busy;
      start(now, waiting.pop());
    }
  };
  const auto scale = [&](std::int64_t now) {
    pay(now);
    const auto backlog = static_cast<int>(waiting.size()) + busy;
    const int desired = std::clamp(backlog, 1, 32);
    int change = desired - (idle + busy - draining + starting);
    while (change > 0 && draining > 0) --draining, --change;  // taken back
    for (; change > 0; --change) ++starting, events.push({now + kColdStart, 0, 0, kReady});
    while (change < 0 && idle > 0) --idle, ++change;
    if (change < 0) draining -= change;
  };
  events.push({day.next(), 0, 0, kArrival});
  events.push({kTick, 0, 0, kPolicy});
  bool more = true;
  while (!events.empty()) {
    const PlainEvent event = events.top();
    events.pop();
    const std::int64_t now = event.at_ns;
    switch (event.what) {
      case kArrival:
        waiting.push({now, to_duration(work(works)).count()});
        more = ++out.queries < queries;
        if (more) events.push({day.next(), 0, 0, kArrival});
        feed(now);
        break;
      case kDone:
        pay(now);
        --busy;
        if (draining > 0) {
          --draining;
        } else {
          ++idle;
          feed(now);
        }
        break;
      case kReady:
        pay(now);
        --starting;
        ++idle;
        feed(now);
        break;
      default:
        scale(now);
        if (more || busy > 0 || !waiting.empty()) events.push({now + kTick, 0, 0, kPolicy});
    }
  }
  out.mean_wait_s = static_cast<double>(waited_ns) * 1e-9 / static_cast<double>(out.queries);
  out.replica_seconds = static_cast<double>(paid_ns) * 1e-9;
  return out;
}

}  // namespace windtunnel::bench
