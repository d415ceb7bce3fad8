// W1: M/M/8, first come first served, as short as a plain event loop gets.
#include <boost/random/exponential_distribution.hpp>

#include "sim/core/rng.hpp"
#include "sim/core/time.hpp"
#include "tests/bench/fifo.hpp"
#include "tests/bench/plain_event.hpp"

namespace windtunnel::bench {

PlainResult plain_w1(std::uint64_t queries, std::uint64_t seed) {
  enum : std::uint16_t { kArrival, kDone };
  const RngStreams streams(seed);
  Rng gaps = streams.stream("arrivals"), works = streams.stream("work");
  boost::random::exponential_distribution<double> gap(7.2), work(1.0);
  PlainQueue events;
  struct Waiting {
    std::int64_t since_ns, work_ns;
  };
  Fifo<Waiting> waiting;
  std::int64_t waited_ns = 0;
  int idle = 8;
  PlainResult out;
  const auto start = [&](std::int64_t now, const Waiting& query) {
    waited_ns += now - query.since_ns;
    const std::int64_t done = now + query.work_ns;
    out.response_time.record(Duration{done - query.since_ns});
    events.push({done, 0, 0, kDone});
  };
  events.push({to_duration(gap(gaps)).count(), 0, 0, kArrival});
  while (!events.empty()) {
    const PlainEvent event = events.top();
    events.pop();
    if (event.what == kArrival) {
      const Waiting query{event.at_ns, to_duration(work(works)).count()};
      if (++out.queries < queries) events.push({event.at_ns + to_duration(gap(gaps)).count(), 0, 0, kArrival});
      if (idle > 0) {
        --idle;
        start(event.at_ns, query);
      } else {
        waiting.push(query);
      }
    } else if (waiting.empty()) {
      ++idle;
    } else {
      start(event.at_ns, waiting.pop());
    }
  }
  out.mean_wait_s = static_cast<double>(waited_ns) * 1e-9 / static_cast<double>(out.queries);
  return out;
}

}  // namespace windtunnel::bench
