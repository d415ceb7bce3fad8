// The event set's parts, one operation each.
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/random/exponential_distribution.hpp>

#include "sim/core/rng.hpp"
#include "sim/engine/delay_ring.hpp"
#include "sim/engine/event_heap.hpp"
#include "sim/engine/gpu_shares.hpp"
#include "sim/engine/min_tree.hpp"

namespace windtunnel {
namespace {

/// Take the earliest of n pending times and give that entity a new one, an exponential gap later.
void hold_min_tree(benchmark::State& state, MinTree::Form form) {
  const auto entities = static_cast<std::size_t>(state.range(0));
  MinTree tree(entities, form);
  Rng rng(1);
  boost::random::exponential_distribution<double> gap(1.0);
  for (std::size_t i = 0; i < entities; ++i) tree.update(i, SimTime{to_duration(gap(rng))});
  for (auto _ : state) {
    const auto at = tree.min();
    tree.update(tree.argmin(), at + to_duration(gap(rng)));
  }
}
BENCHMARK_CAPTURE(hold_min_tree, automatic, MinTree::Form::automatic)->Arg(64)->Arg(4096)->Arg(100000);
BENCHMARK_CAPTURE(hold_min_tree, scalar, MinTree::Form::scalar)->Arg(64)->Arg(4096)->Arg(100000);

void hold_event_heap(benchmark::State& state) {
  EventHeap heap;
  Rng rng(1);
  boost::random::exponential_distribution<double> gap(1.0);
  for (std::uint32_t i = 0; i < state.range(0); ++i) {
    heap.push(SimTime{to_duration(gap(rng))}, EventKind::policy_due, i);
  }
  for (auto _ : state) {
    const auto event = heap.pop();
    heap.push(event.at + to_duration(gap(rng)), event.kind, event.entity);
  }
}
BENCHMARK(hold_event_heap)->Arg(10)->Arg(1000);

void hold_delay_ring(benchmark::State& state) {
  DelayRing ring(std::chrono::microseconds(500), EventKind::query_delivered);
  for (std::uint32_t i = 0; i < 1000; ++i) ring.push(SimTime{Duration{i}}, i);
  for (auto _ : state) {
    const auto at = ring.at();
    ring.push(at, ring.pop());
  }
}
BENCHMARK(hold_delay_ring);

/// Processor sharing with `range(1)` batches on each of `range(0)` GPUs: one completes, another begins.
void hold_gpu_shares(benchmark::State& state) {
  const auto gpus = static_cast<GpuId>(state.range(0));
  const ShareCurve curve;
  GpuShares shares(gpus);
  Rng rng(1);
  boost::random::exponential_distribution<double> work(1e-9);
  QueryId query = 0;
  for (GpuId g = 0; g < gpus; ++g) {
    shares.set_equal(g, &curve);
    for (int k = 0; k < state.range(1); ++k) shares.add(g, query++, g, work(rng), SimTime{});
  }
  for (auto _ : state) {
    const auto now = shares.next();
    const auto gpu = shares.next_gpu();
    const auto done = shares.finish(gpu, now);
    shares.add(gpu, done, gpu, work(rng), now);
  }
}
BENCHMARK(hold_gpu_shares)->Args({64, 4})->Args({4096, 4})->Args({4096, 16});

}  // namespace
}  // namespace windtunnel
