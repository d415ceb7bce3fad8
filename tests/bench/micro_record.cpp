// Drawing arrivals and writing times down.
#include <vector>

#include <benchmark/benchmark.h>

#include "sim/core/histogram.hpp"
#include "sim/core/law.hpp"
#include "sim/workload/registry.hpp"

namespace windtunnel {
namespace {

void record_histogram(benchmark::State& state) {
  Histogram histogram;
  Rng rng(1);
  std::vector<Duration> times(4096);
  for (auto& time : times) time = to_duration(rng.uniform() * 10);
  std::size_t i = 0;
  for (auto _ : state) histogram.record(times[i++ & 4095]);
}
BENCHMARK(record_histogram);

void draw_law(benchmark::State& state, LawKind kind) {
  Rng rng(1);
  LawSampler law(Law{.kind = kind, .mean = 1, .scv = 4});
  for (auto _ : state) benchmark::DoNotOptimize(law(rng));
}
BENCHMARK_CAPTURE(draw_law, exponential, LawKind::exponential);
BENCHMARK_CAPTURE(draw_law, lognormal, LawKind::lognormal);
BENCHMARK_CAPTURE(draw_law, hyperexponential, LawKind::hyperexponential);

/// Poisson arrivals in blocks of 256, plain or thinned to a sinusoidal day.
void arrivals(benchmark::State& state) {
  ArrivalSpec process;
  process.params.set("rate", 14.4, true);
  if (state.range(0) != 0) process.curve = RateCurve{.period_s = 3600, .amplitude = 0.8};
  WorkloadSpec spec;
  spec.name = spec.target = "model";
  spec.source = process;
  const auto source = make_source(spec, RngStreams(1), 1);
  std::vector<Arrival> block(256);
  for (auto _ : state) benchmark::DoNotOptimize(source->next(block));
  state.SetItemsProcessed(state.iterations() * 256);
}
BENCHMARK(arrivals)->ArgName("curve")->Arg(0)->Arg(1);

}  // namespace
}  // namespace windtunnel
