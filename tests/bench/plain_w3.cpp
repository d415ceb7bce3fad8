// W3: 64 models on G GPUs, power of two choices, processor sharing of at most 8, half a millisecond each way. One heap
// of plain events; a GPU's next completion is posted anew at each change and the old one skipped by its version.
#include <boost/random/exponential_distribution.hpp>

#include "sim/core/rng.hpp"
#include "sim/core/time.hpp"
#include "tests/bench/fifo.hpp"
#include "tests/bench/plain_event.hpp"

namespace windtunnel::bench {
namespace {

constexpr int kModels = 64, kLimit = 8;
constexpr std::int64_t kHop = 500'000;

struct Query {
  std::int64_t since_ns;
  double work_s;
  std::uint32_t model;
};

/// One replica: up to 8 queries share it equally, the rest wait in line. Work is kept in virtual seconds.
class SharedGpu {
 public:
  [[nodiscard]] std::size_t outstanding() const { return static_cast<std::size_t>(running_) + line_.size(); }
  [[nodiscard]] bool busy() const { return running_ > 0; }
  std::uint16_t version = 0;

  void add(std::int64_t now, std::uint32_t slot, double work_s) {
    advance(now);
    if (running_ < kLimit) {
      run(slot, work_s);
    } else {
      line_.push({slot, work_s});
    }
  }
  /// Takes out the query that completes first.
  std::uint32_t finish(std::int64_t now) {
    advance(now);
    const int first = earliest();
    const std::uint32_t slot = slots_[first];
    --running_;
    tags_[first] = tags_[running_];
    slots_[first] = slots_[running_];
    if (!line_.empty()) {
      const auto next = line_.pop();
      run(next.slot, next.work_s);
    }
    if (running_ == 0) virtual_s_ = 0;
    return slot;
  }
  [[nodiscard]] std::int64_t next_completion() const {
    return updated_ + to_duration((tags_[earliest()] - virtual_s_) * running_).count();
  }

 private:
  struct InLine {
    std::uint32_t slot;
    double work_s;
  };
  void run(std::uint32_t slot, double work_s) {
    tags_[running_] = virtual_s_ + work_s;
    slots_[running_++] = slot;
  }
  void advance(std::int64_t now) {
    if (running_ > 0) virtual_s_ += static_cast<double>(now - updated_) * 1e-9 / running_;
    updated_ = now;
  }
  [[nodiscard]] int earliest() const {
    int best = 0;
    for (int i = 1; i < running_; ++i) best = tags_[i] < tags_[best] ? i : best;
    return best;
  }
  double virtual_s_ = 0;
  std::int64_t updated_ = 0;
  int running_ = 0;
  double tags_[kLimit] = {};
  std::uint32_t slots_[kLimit] = {};
  Fifo<InLine> line_;
};

}  // namespace

PlainResult plain_w3(std::uint64_t queries, std::uint64_t seed, int gpus) {
  enum : std::uint16_t { kArrival, kDispatch, kDone, kResponse };
  const RngStreams streams(seed);
  Rng gaps = streams.stream("arrivals"), models = streams.stream("models"), works = streams.stream("work"),
      choices = streams.stream("choices");
  boost::random::exponential_distribution<double> gap(0.8 * gpus), work(1.0);
  const auto per_model = static_cast<std::uint32_t>(gpus / kModels);
  std::vector<SharedGpu> fleet(static_cast<std::size_t>(gpus));
  std::vector<Histogram> response(kModels);
  std::vector<Query> pool;
  std::vector<std::uint32_t> unused;
  PlainQueue events;
  PlainResult out;
  const auto post_next = [&](std::uint32_t g) {
    auto& gpu = fleet[g];
    ++gpu.version;
    if (gpu.busy()) events.push({gpu.next_completion(), g, gpu.version, kDone});
  };
  const auto arrive = [&](std::int64_t now) {
    std::uint32_t slot;
    if (unused.empty()) {
      slot = static_cast<std::uint32_t>(pool.size());
      pool.emplace_back();
    } else {
      slot = unused.back();
      unused.pop_back();
    }
    pool[slot] = {now, work(works), models.below(kModels)};
    events.push({now + kHop, slot, 0, kDispatch});
    if (++out.queries < queries) events.push({now + to_duration(gap(gaps)).count(), 0, 0, kArrival});
  };
  const auto dispatch = [&](std::int64_t now, std::uint32_t slot) {
    const std::uint32_t first = pool[slot].model * per_model;
    const std::uint32_t a = first + choices.below(per_model), b = first + choices.below(per_model);
    const std::uint32_t g = fleet[b].outstanding() < fleet[a].outstanding() ? b : a;
    fleet[g].add(now, slot, pool[slot].work_s);
    post_next(g);
  };
  events.push({to_duration(gap(gaps)).count(), 0, 0, kArrival});
  while (!events.empty()) {
    const PlainEvent event = events.top();
    events.pop();
    switch (event.what) {
      case kArrival: arrive(event.at_ns); break;
      case kDispatch: dispatch(event.at_ns, event.entity); break;
      case kDone:
        if (event.version != fleet[event.entity].version) break;  // overtaken by a change
        events.push({event.at_ns + kHop, fleet[event.entity].finish(event.at_ns), 0, kResponse});
        post_next(event.entity);
        break;
      default:
        response[pool[event.entity].model].record(Duration{event.at_ns - pool[event.entity].since_ns});
        unused.push_back(event.entity);
    }
  }
  for (const auto& one : response) out.response_time.merge(one);
  return out;
}

}  // namespace windtunnel::bench
